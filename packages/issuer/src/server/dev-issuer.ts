// A real HTTP issuer for development: it signs whatever it is asked to, so it stays on this machine. Interop 3.
import { createServer } from "node:http";
import { issueToken } from "../issuers/issue-token.js";
import type { TokenOptions } from "../issuers/issue-token.js";
import type { SigningAlgorithm } from "../keys/algorithms.js";
import { createKeyRing, createKeys } from "../keys/key-ring.js";
import type { PublicJwks, RotateOptions } from "../keys/key-ring.js";
import { parseSigningKey } from "../keys/signing-key.js";
import type { SigningKey } from "../keys/signing-key.js";
import { checkNames, OptionError, wholeNumber } from "../options.js";
import type { TokenClaims } from "../tokens/build-claims.js";
import { send } from "./answer.js";
import { closer, listen } from "./listen.js";
import { checkLoopbackHost } from "./loopback.js";
import { route } from "./routes.js";

/** Options of `startDevIssuer`. */
export interface DevIssuerOptions {
  /** Default: 0, any free port. */
  readonly port?: number | undefined;
  /** A loopback address: 127.0.0.0/8, ::1 or localhost. Default: '127.0.0.1'. */
  readonly host?: string | undefined;
  /** The path of the issuer's URL, such as '/vo1'. Default: '', none. */
  readonly path?: string | undefined;
  /** One new key for each; the first is the default of `token`. Default: ['ES256']. */
  readonly algs?: readonly SigningAlgorithm[] | undefined;
  /** Keys to use instead of new ones, so that tokens outlive a restart. */
  readonly keys?: readonly SigningKey[] | undefined;
  /** Seconds, for the Cache-Control of the documents. Default: 3600. */
  readonly maxAge?: number | undefined;
}

/** A running development issuer; its functions need no `this`. */
export interface DevIssuer {
  /** The claim `iss` of its tokens, such as http://127.0.0.1:8080/vo1. */
  readonly issuer: string;
  /** Where it listens: the issuer without its path. */
  readonly url: string;
  /** The public set now; a new object every time. */
  readonly jwks: PublicJwks;
  /** Mints a token, with the same defaults as a test issuer's. */
  readonly token: (claims?: TokenClaims, options?: TokenOptions) => Promise<string>;
  /** Makes new keys; the old ones are gone from the set unless `keep`. */
  readonly rotate: (options?: RotateOptions) => Promise<void>;
  /** Stops listening and ends idle connections; requests under way are still answered. */
  readonly close: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

const OPTIONS = ["port", "host", "path", "algs", "keys", "maxAge"];
const PATH = /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/; // no leading dots: they belong to .well-known

/**
 * Starts an issuer on a loopback port: metadata in both well-known forms, `/jwks`, and `POST /issue`, which takes
 * `{ claims?, profile?, lifetime?, alg? }` as JSON and answers `{ access_token, token_type, expires_in, scope }`.
 *
 * Throws a TypeError for a wrong option, and an Error where NODE_ENV is production or the port is taken.
 * @example
 * const issuer = await startDevIssuer({ port: 8080 });
 * // curl -H 'content-type: application/json' -d '{"claims":{"scope":"read:/"}}' http://127.0.0.1:8080/issue
 */
export async function startDevIssuer(options: DevIssuerOptions = {}): Promise<DevIssuer> {
  checkNames(options, OPTIONS, "option");
  refuseProduction();
  const host = checkLoopbackHost(options.host ?? "127.0.0.1");
  const port = wholeNumber(options.port ?? 0, "port", 0, 65_535);
  const path = checkPath(options.path ?? "");
  const maxAge = wholeNumber(options.maxAge ?? 3600, "maxAge (seconds)", 0, Number.MAX_SAFE_INTEGER);
  const keys = createKeyRing(await chooseKeys(options));

  const server = createServer({ requestTimeout: 10_000 });
  const close = closer(server);
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${await listen(server, port, host)}`;
  const service = { issuer: `${url}${path}`, keys, maxAge, now: undefined };
  server.on("request", (request, response) => {
    void route(request, service).then((answer) => send(response, answer));
  });
  return Object.freeze({
    issuer: service.issuer,
    url,
    get jwks() {
      return keys.jwks();
    },
    token: async (claims: TokenClaims = {}, o: TokenOptions = {}) => (await issueToken(service, claims, o)).token,
    rotate: keys.rotate,
    close,
    [Symbol.asyncDispose]: close,
  });
}

function refuseProduction(): void {
  if (process.env["NODE_ENV"] !== "production") return;
  throw new Error(
    "the development issuer signs any token for whoever asks: it does not start with NODE_ENV=production",
  );
}

function checkPath(path: unknown): string {
  if (typeof path === "string" && PATH.test(path)) return path;
  throw new OptionError("path must be '' or begin with a slash, without one at its end, such as '/vo1'");
}

async function chooseKeys({ algs, keys }: DevIssuerOptions): Promise<readonly SigningKey[]> {
  if (keys === undefined) return createKeys(algs ?? ["ES256"]);
  if (algs !== undefined) throw new OptionError("give 'keys' or 'algs', not both: a key has its own alg");
  if (Array.isArray(keys) && keys.length > 0) return keys.map(parseSigningKey);
  throw new OptionError("keys must be a list of at least one SigningKey");
}
