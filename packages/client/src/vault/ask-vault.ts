// One request to Vault's HTTP API, and what its errors mean. Interop 9.
import { TokenError } from "../base/errors.js";
import type { TokenErrorCode } from "../base/errors.js";
import { guardFetch } from "../base/guarded-fetch.js";
import { printable } from "../base/printable.js";
import { readObject } from "../base/read-object.js";
import type { JsonFields } from "../base/read-object.js";
import type { VaultOptions, VaultPlace } from "./options.js";

/** A place in Vault and the ways to it. */
export interface VaultAccess extends VaultPlace, Pick<VaultOptions, "fetch" | "timeout"> {}

export interface VaultRequest {
  /** Below /v1/. */
  readonly path: string;
  readonly query?: URLSearchParams | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Makes it a POST; an object goes as JSON. */
  readonly body?: object | "" | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is sent and must not come back in a message. */
  readonly secrets?: readonly string[] | undefined;
  /** Answers of Vault that are none of success, and yet no error here. */
  readonly accepts?: readonly number[] | undefined;
}

export type VaultAnswer = JsonFields;

/**
 * @throws {TokenError} `interaction_needed`: the login is no longer good, or there is nothing stored · `refused` ·
 * `unreachable`
 */
export async function askVault(access: VaultAccess, request: VaultRequest): Promise<VaultAnswer> {
  const { source, address, timeout = 10 } = access;
  const { path, query, body, signal, secrets = [], accepts = [] } = request;
  const url = new URL(`/v1/${path}`, address);
  if (query !== undefined) url.search = query.toString();
  const allows = (): boolean => true; // the address was judged with the options, and nothing leads away from it
  const send = guardFetch({ source, fetch: access.fetch, timeout, signal, allows, secrets });
  const json = typeof body === "object" ? { "Content-Type": "application/json" } : {};
  const response = await send(url.href, {
    method: body === undefined ? "GET" : "POST",
    headers: { Accept: "application/json", "X-Vault-Request": "true", ...json, ...request.headers },
    ...(body === undefined ? {} : { body: body === "" ? "" : JSON.stringify(body) }),
  });
  const answer = readObject(await response.text());
  if (response.status === 204) return {};
  if ((response.ok || accepts.includes(response.status)) && answer !== undefined) return answer;
  throw vaultError(source, { status: response.status, said: printable(errorsOf(answer).join("; "), secrets) });
}

/** What Vault calls its errors, as far as they are words. */
export function errorsOf(answer: VaultAnswer | undefined): readonly string[] {
  const errors = answer?.["errors"];
  return Array.isArray(errors) ? errors.filter((error) => typeof error === "string") : [];
}

const MEANINGS: Readonly<Record<number, readonly [TokenErrorCode, string]>> = {
  200: ["unreachable", "its answer is no JSON object: is this a Vault?"],
  403: ["interaction_needed", "the vault token is no longer good, or may not do this: log in again"],
  404: ["interaction_needed", "nothing is stored there: log in first, with the same issuer, role and credkey"],
};

function vaultError(source: string, { status, said }: { status: number; said: string }): TokenError {
  const passing = status >= 500 || status === 429 || status === 412;
  const [code, words] = MEANINGS[status] ?? [passing ? "unreachable" : "refused", `status ${status}`];
  return new TokenError(code, `${source}: ${words}${said === "" ? "" : ` (${said})`}`, { source });
}
