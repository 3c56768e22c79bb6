// Fastify applications of each version, and tokens that they take.
import fastify5 from "fastify";
import type { FastifyInstance, FastifyServerOptions } from "fastify";
import fastify4 from "fastify4";
import type { EnforcerOptions } from "@scitokens/core";
import { signToken, testKey } from "../support/sign.js";

export const ISSUER = "https://issuer.example.org";
export const AUDIENCE = "https://data.example.org";
export const NOW = 1_790_000_000;
export const CHALLENGE = 'Bearer realm="scitokens", scope="read:/data"';

export const key = testKey("ES256", "key-1");

export const trust: EnforcerOptions = {
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
  audience: AUDIENCE,
  clock: () => NOW,
};

/** Another issuer, with the same key. */
export const OTHER = "https://other.example.org";
export const otherTrust: EnforcerOptions = { ...trust, issuer: { issuer: OTHER, jwks: { keys: [key.jwk] } } };

export const versions: readonly (readonly [string, typeof fastify5])[] = [
  ["Fastify 4", fastify4 as unknown as typeof fastify5],
  ["Fastify 5", fastify5],
];

export function token(scope: string, more: object = {}): string {
  const times = { iat: NOW, nbf: NOW, exp: NOW + 600 };
  return signToken(key, { iss: ISSUER, aud: AUDIENCE, sub: "alice", ver: "scitoken:2.0", scope, ...times, ...more });
}

export const bearer = (raw: string): { readonly authorization: string } => ({ authorization: `Bearer ${raw}` });

export interface Asked {
  readonly status: number;
  readonly challenge: unknown;
  readonly body: string;
}

/** Asks an application through its `inject()`. */
export async function ask(app: FastifyInstance, path: string, raw?: string, more: object = {}): Promise<Asked> {
  const headers = raw === undefined ? {} : bearer(raw);
  const response = await app.inject({ url: path, headers, ...more });
  return { status: response.statusCode, challenge: response.headers["www-authenticate"], body: response.body };
}

export const status = async (app: FastifyInstance, path: string, raw?: string, more?: object): Promise<number> =>
  (await ask(app, path, raw, more)).status;

export interface Logged {
  readonly options: FastifyServerOptions;
  readonly lines: readonly string[];
}

/** Options of an application that logs all it has to say. */
export function logging(): Logged {
  const lines: string[] = [];
  return { lines, options: { logger: { level: "trace", stream: { write: (line: string) => void lines.push(line) } } } };
}
