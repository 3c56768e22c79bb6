// A Koa application of each version on loopback, and tokens that it takes.
import Koa3 from "koa";
import type { Middleware } from "koa";
import Koa2 from "koa2";
import type { EnforcerOptions } from "@scitokens/core";
import type { Served } from "../contract/harness.js";
import { listen } from "../contract/listen.js";
import { signToken, testKey } from "../support/sign.js";

export const ISSUER = "https://issuer.example.org";
export const AUDIENCE = "https://data.example.org";
export const NOW = 1_790_000_000;

export const key = testKey("ES256", "key-1");

export const trust: EnforcerOptions = {
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
  audience: AUDIENCE,
  clock: () => NOW,
};

export const versions: readonly (readonly [string, typeof Koa3])[] = [
  ["Koa 2", Koa2 as unknown as typeof Koa3],
  ["Koa 3", Koa3],
];

export function token(scope: string, more: object = {}): string {
  const times = { iat: NOW, nbf: NOW, exp: NOW + 600 };
  return signToken(key, { iss: ISSUER, aud: AUDIENCE, sub: "alice", ver: "scitoken:2.0", scope, ...times, ...more });
}

export const bearer = (raw: string): { readonly authorization: string } => ({ authorization: `Bearer ${raw}` });

export interface Service {
  get(path: string, raw?: string): Promise<Response>;
  close(): Promise<void>;
}

/** Serves an application until it is closed. */
export async function serve(app: Pick<Koa3, "callback">): Promise<Service> {
  const handle = app.callback();
  const served: Served = await listen((request, response) => void handle(request, response));
  return {
    get: (path, raw) =>
      fetch(`http://127.0.0.1:${served.port}${path}`, { headers: raw === undefined ? {} : bearer(raw) }),
    close: () => served.close(),
  };
}

/** An application of these middlewares, and what came up to its top. */
export function application(
  Application: typeof Koa3,
  ...middlewares: readonly Middleware[]
): { readonly app: Koa3; readonly seen: readonly unknown[] } {
  const seen: unknown[] = [];
  const app = new Application();
  app.silent = true; // no log of every error
  app.use(async (_ctx, next) => {
    try {
      await next();
    } catch (error) {
      seen.push(error);
      throw error;
    }
  });
  for (const middleware of middlewares) app.use(middleware);
  return { app, seen };
}
