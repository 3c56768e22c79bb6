// What an authorized fetch sends to whom, checked once.
import { checkFunction } from "../base/option-checks.js";
import { checkOptionNames } from "../base/option-names.js";
import { readRequest } from "../base/token-request.js";
import type { TokenRequest } from "../base/token-source.js";
import type { Refusal } from "./explain-challenge.js";

type Wanted = string | readonly string[];

export interface AuthorizedFetchOptions {
  /** What the token must be for. Default: `audienceOf(url)`; null: nothing in particular. */
  readonly audience?: Wanted | null | ((url: URL, method: string) => Wanted | undefined) | undefined;
  /** What it must cover. Default: nothing in particular. */
  readonly scope?: Wanted | ((url: URL, method: string) => Wanted | undefined) | undefined;
  /** The service as a URL, where the issuer wants it so (RFC 8707). */
  readonly resource?: Wanted | undefined;
  /** Who must have issued it, to the letter. */
  readonly issuer?: string | undefined;
  /** Seconds that it must still live. Default 60. */
  readonly timeLeft?: number | undefined;
  /** What sends the requests. Default: the built-in `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /**
   * Whether text, bytes and forms are sent in chunks. Default false: some servers want a length. Node's fetch writes
   * `content-length` in lower case, and a server that knows names in one spelling only stores an empty file.
   */
  readonly chunkedUploads?: boolean | undefined;
  /** Told why, when the answer is a refusal (401, 403). The answer is given back all the same. */
  readonly onRefused?: ((refusal: Refusal) => void) | undefined;
}

export interface Settings {
  readonly send: typeof fetch;
  readonly chunkedUploads: boolean;
  readonly onRefused: ((refusal: Refusal) => void) | undefined;
  requestFor(url: URL, method: string): TokenRequest;
}

const NAMES = ["audience", "scope", "resource", "issuer", "timeLeft", "fetch", "chunkedUploads", "onRefused"];

/** A server's name as tokens have it, by the custom of the community: `https://data.example`, without a port. */
export function audienceOf(url: URL | string): string {
  const { protocol, hostname } = new URL(url);
  return `${protocol}//${hostname}`;
}

/** @throws {TypeError} */
export function readSettings(options: AuthorizedFetchOptions): Settings {
  checkOptionNames("authorizedFetch", options, NAMES);
  checkFunction("authorizedFetch", "fetch", options.fetch);
  checkFunction("authorizedFetch", "onRefused", options.onRefused);
  const { audience = audienceOf, scope, resource, issuer, timeLeft, chunkedUploads = false, onRefused } = options;
  if (typeof chunkedUploads !== "boolean") throw new TypeError("authorizedFetch: chunkedUploads must be true or false");
  readRequest({ ...resolve({ audience, scope }), resource, issuer, timeLeft });
  return {
    send: options.fetch ?? globalThis.fetch,
    chunkedUploads,
    onRefused,
    requestFor: (url, method) => ({ ...resolve({ audience, scope }, [url, method]), resource, issuer, timeLeft }),
  };
}

type Choices = Pick<AuthorizedFetchOptions, "audience" | "scope">;

/** Functions are asked when there is a URL. */
function resolve({ audience, scope }: Choices, target?: readonly [URL, string]): TokenRequest {
  const ask = <T>(choice: T | ((url: URL, method: string) => T | undefined)): T | undefined => {
    if (typeof choice !== "function") return choice;
    return target === undefined ? undefined : (choice as (url: URL, method: string) => T | undefined)(...target);
  };
  return { audience: ask(audience) ?? undefined, scope: ask(scope) };
}
