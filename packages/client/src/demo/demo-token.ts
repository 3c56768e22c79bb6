// A token with any claims, from an issuer for development: as the Python library's scitokens.utils.demo has it.
import type { UnverifiedToken } from "@scitokens/core";
import type { AccessToken } from "../base/access-token.js";
import { TokenError } from "../base/errors.js";
import { guardFetch } from "../base/guarded-fetch.js";
import { isPrivateChannel } from "../base/loopback.js";
import { checkFunction, checkSeconds } from "../base/option-checks.js";
import { checkOptionNames } from "../base/option-names.js";
import { printable } from "../base/printable.js";
import { readObject } from "../base/read-object.js";
import { readToken, toAccessToken } from "../base/read-claims.js";
import { readUrl } from "../base/safe-url.js";
import { isToken, stripSpace } from "../base/token-text.js";

export interface DemoTokenOptions {
  /** The issuer's URL; it is asked at `<service>/issue`. https, or this machine. */
  readonly service: string | URL;
  /** `scitokens-2` (the service's own default), `scitokens-1`, `wlcg` or `at-jwt`. */
  readonly profile?: string | undefined;
  /** Seconds. Default: the service's own, 600. */
  readonly lifetime?: number | undefined;
  /** Which of its keys signs: `ES256`. Default: its first. */
  readonly alg?: string | undefined;
  /** Default: the built-in `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Seconds for the whole answer. Default 10. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A token with what it says. Nobody has verified it. */
export interface ParsedDemoToken extends UnverifiedToken {
  readonly token: AccessToken;
}

const NAMES = ["service", "profile", "lifetime", "alg", "fetch", "timeout", "signal"];

/**
 * Gets a signed token with these claims from a service that signs for whoever asks: the development issuer of
 * `@scitokens/issuer`, or another that answers `POST /issue { claims, profile?, lifetime?, alg? }` with
 * `{ "access_token": ... }` or with the token alone.
 * @throws {TokenError} `unreachable` · `refused`: it does not sign these claims · `unusable`: what came is no token
 * @throws {TypeError} for a wrong option
 * @example const token = await demoToken({ sub: "ada", scope: "read:/store" }, { service: "http://127.0.0.1:8080" });
 */
export async function demoToken(
  payload: Readonly<Record<string, unknown>>,
  options: DemoTokenOptions,
): Promise<AccessToken> {
  checkOptionNames("demoToken", options, NAMES);
  checkSeconds("demoToken", "timeout", options.timeout);
  checkFunction("demoToken", "fetch", options.fetch);
  const url = readUrl("demoToken", "service", String(options.service));
  const { profile, lifetime, alg, fetch, timeout = 10, signal } = options;
  const source = `the service ${printable(url.origin)}`;
  const ask = guardFetch({ source, fetch, timeout, signal, allows: isPrivateChannel, secrets: [] });
  const response = await ask(`${url.origin}${url.pathname.replace(/\/$/, "")}/issue`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/plain" },
    body: JSON.stringify({ claims: payload, profile, lifetime, alg }),
  });
  const text = await response.text();
  if (!response.ok) throw refusal(source, response.status, text);
  const { token, expiresIn } = readAnswer(text);
  if (!isToken(token)) throw new TokenError("unusable", `${source}: what came is no token (RFC 6750 2.1)`, { source });
  return toAccessToken(token, {
    source,
    expiresAt: expiresIn === undefined ? undefined : Date.now() / 1000 + expiresIn,
  });
}

/**
 * As `demoToken`, with what the token says beside it, unverified.
 * @throws {TokenError} also `unusable`: what came is no JWT
 * @example (await parsedDemoToken({ sub: "ada" }, { service })).claims["sub"] // "ada"
 */
export async function parsedDemoToken(
  payload: Readonly<Record<string, unknown>>,
  options: DemoTokenOptions,
): Promise<ParsedDemoToken> {
  const token = await demoToken(payload, options);
  const read = readToken(token.value);
  if (read !== undefined) return { ...read, token };
  throw new TokenError("unusable", `${token.source}: what came is no JWT`, { source: token.source });
}

interface Answer {
  readonly token: unknown;
  readonly expiresIn: number | undefined;
}

function readAnswer(text: string): Answer {
  const { access_token: token, expires_in: life } = readObject(text) ?? { access_token: stripSpace(text) };
  return { token, expiresIn: typeof life === "number" && Number.isFinite(life) ? life : undefined };
}

/** What is wrong stands in `detail` (RFC 9457) or `error_description` (RFC 6749 5.2). */
function refusal(source: string, status: number, text: string): TokenError {
  const { detail, error_description: description, error } = readObject(text) ?? {};
  const words = [detail, description, error].map((said) => printable(said)).find((said) => said !== "");
  const code = status >= 500 ? "unreachable" : "refused";
  return new TokenError(code, `${source} answers ${status}${words === undefined ? "" : `: ${words}`}`, { source });
}
