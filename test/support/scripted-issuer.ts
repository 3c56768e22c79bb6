// An issuer without a network: a fetch that counts, and answers from a table that a test changes; a clock that it moves.
import { pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import type { Enforcer } from "@scitokens/core";
import { SciTokenError } from "@scitokens/core";
import { signToken } from "./sign.js";
import type { TestKey } from "./sign.js";

export const ISSUER = "https://issuer.example.org";
export const AUDIENCE = "https://data.example.org";
export const METADATA_URL = `${ISSUER}/.well-known/openid-configuration`;
export const SECOND_METADATA_URL = `${ISSUER}/.well-known/oauth-authorization-server`;
export const JWKS_URL = `${ISSUER}/keys`;
export const DAY = 86_400;
export const HOUR = 3600;

export type Answer = (init: RequestInit) => Response | Promise<Response>;

export interface Network {
  readonly fetch: typeof globalThis.fetch;
  /** The answer of each URL; a URL without one is 404. */
  readonly answers: Map<string, Answer>;
  /** What was asked, in order. */
  readonly requests: { readonly url: string; readonly init: RequestInit }[];
  /** How often a URL was asked. */
  asked(url: string): number;
}

export function createNetwork(): Network {
  const answers = new Map<string, Answer>();
  const requests: { url: string; init: RequestInit }[] = [];
  return {
    answers,
    requests,
    asked: (url) => requests.filter((request) => request.url === url).length,
    fetch: async (input, init = {}) => {
      const url = input instanceof Request ? input.url : String(input);
      requests.push({ url, init });
      return answers.get(url)?.(init) ?? new Response(null, { status: 404 });
    },
  };
}

/** What `fetch` does when nobody listens. */
export const refused: Answer = () => {
  const cause = Object.assign(new Error("connect ECONNREFUSED 192.0.2.1:443"), { code: "ECONNREFUSED" });
  throw new TypeError("fetch failed", { cause });
};

/** Never answers, and does not look at the signal either. */
export const hanging: Answer = () => new Promise(() => {});

export const json =
  (document: unknown, headers: Record<string, string> = {}, status = 200): Answer =>
  () =>
    Response.json(document, { status, headers });

export interface Publication {
  readonly issuer?: string;
  readonly headers?: Record<string, string>;
}

/** Publishes an issuer's metadata, and these keys: TestKeys or JWK entries, however wrong. */
export function publish(network: Network, keys: readonly unknown[], { issuer = ISSUER, headers }: Publication = {}) {
  const entries = keys.map((key) => (isTestKey(key) ? key.jwk : key));
  network.answers.set(`${issuer}/.well-known/openid-configuration`, json({ issuer, jwks_uri: `${issuer}/keys` }));
  network.answers.set(`${issuer}/keys`, json({ keys: entries }, headers));
}

/** Every URL answers so. */
export function everywhere(network: Network, answer: Answer): void {
  for (const url of [METADATA_URL, SECOND_METADATA_URL, JWKS_URL]) network.answers.set(url, answer);
}

function isTestKey(key: unknown): key is TestKey {
  return typeof key === "object" && key !== null && "privateKey" in key;
}

export interface TestClock {
  now: number;
  readonly read: () => number;
}

export function createClock(now = 1_800_000_000): TestClock {
  const clock: TestClock = { now, read: () => clock.now };
  return clock;
}

/** A good SciToken that lives for ten days, longer than any key. */
export function goodToken(
  key: TestKey,
  now: number,
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): string {
  const payload = {
    iss: ISSUER,
    aud: AUDIENCE,
    ver: "scitoken:2.0",
    scope: "read:/",
    iat: now,
    nbf: now,
    exp: now + 10 * DAY,
    ...claims,
  };
  return signToken(key, payload, { alg: key.alg, kid: key.kid, ...header });
}

/** "good", or the reason of the refusal. An error of the program stays one. */
export async function verdict(enforcer: Enforcer, raw: string): Promise<string> {
  try {
    await enforcer.verify(raw);
    return "good";
  } catch (error) {
    if (error instanceof SciTokenError) return error.reason;
    throw error;
  }
}

/** The error of something that has to fail. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("expected a failure");
}

/** What comes without waiting for a network that does not answer; "waits" when it does not come. */
export async function atOnce<T>(promise: Promise<T>): Promise<T | "waits"> {
  return Promise.race([promise, settled().then(() => "waits" as const)]);
}

/** Until what goes on in the background has come to its end: nothing in it waits for a timer, some of it for a thread (ADR 0017). */
export async function settled(): Promise<void> {
  await turns();
  await Promise.all(Array.from({ length: 4 }, () => derive("", "", 100, 32, "sha256"))); // threads take them in this order
  await turns();
}

const derive = promisify(pbkdf2);

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
