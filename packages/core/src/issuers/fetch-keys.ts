// One attempt to get an issuer's keys: metadata, then the key set, within one deadline. Rules I3, I4.
import type { JsonObject } from "../base/json.js";
import { FetchError, fetchJson } from "./fetch-json.js";
import type { Fetch } from "./fetch-json.js";
import { parseJwks } from "./jwks.js";
import type { ParsedKeySet } from "./jwks.js";
import { discoverJwksUri } from "./metadata.js";

export interface KeyFetchOptions {
  readonly issuer: string;
  /** Where the keys are, if the configuration says so: then no metadata is asked for. */
  readonly jwksUri: string | undefined;
  readonly allowInsecure: boolean;
  readonly fetch: Fetch | undefined;
  /** Seconds for all of it. */
  readonly timeout: number;
  readonly maxBytes: number;
}

/**
 * @param ending aborted when time is up; abort it to end the attempt earlier
 * @throws {FetchError}
 */
export async function fetchKeys(
  options: KeyFetchOptions,
  ending: AbortController,
): Promise<ParsedKeySet & { readonly maxAge: number | undefined }> {
  const { issuer, jwksUri, allowInsecure, maxBytes, timeout } = options;
  const timer = setTimeout(() => ending.abort(new FetchError(`no answer in time (${timeout} s)`)), timeout * 1000);
  const limits = { fetch: options.fetch ?? globalThis.fetch, signal: ending.signal, maxBytes };
  try {
    const uri = jwksUri ?? (await discoverJwksUri(issuer, limits, allowInsecure));
    const { document, maxAge } = await fetchJson(uri, limits);
    return { ...parseKeys(uri, document), maxAge };
  } finally {
    clearTimeout(timer);
  }
}

function parseKeys(uri: string, document: JsonObject): ParsedKeySet {
  try {
    return parseJwks(document);
  } catch (error) {
    if (error instanceof FetchError) throw new FetchError(`${uri}: ${error.message}`);
    throw error;
  }
}
