// One attempt to get an issuer's keys: metadata, then the key set, within one deadline. Rules I3, I4.
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

/** @throws {FetchError} */
export async function fetchKeys(
  options: KeyFetchOptions,
  closed: AbortSignal,
): Promise<ParsedKeySet & { readonly maxAge: number | undefined }> {
  const { issuer, jwksUri, allowInsecure, maxBytes } = options;
  const signal = AbortSignal.any([closed, AbortSignal.timeout(options.timeout * 1000)]);
  const limits = { fetch: options.fetch ?? globalThis.fetch, signal, maxBytes };
  const uri = jwksUri ?? (await discoverJwksUri(issuer, limits, allowInsecure));
  const { document, maxAge } = await fetchJson(uri, limits);
  try {
    return { ...parseJwks(document), maxAge };
  } catch (error) {
    if (error instanceof FetchError) throw new FetchError(`${uri}: ${error.message}`);
    throw error;
  }
}
