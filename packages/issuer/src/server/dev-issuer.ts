// A real HTTP issuer for development: it signs whatever it is asked to, so it stays on this machine. Interop 3.
import { createServer } from "node:http";
import { issueToken } from "../issuers/issue-token.js";
import type { TokenOptions } from "../issuers/issue-token.js";
import { createKeyRing } from "../keys/key-ring.js";
import type { PublicJwks, RotateOptions } from "../keys/key-ring.js";
import { checkNames } from "../options.js";
import type { TokenClaims } from "../tokens/build-claims.js";
import { send } from "./answer.js";
import { checkDevOptions, DEV_OPTIONS, urlOf } from "./dev-options.js";
import type { DevIssuerOptions } from "./dev-options.js";
import { closer, listen } from "./listen.js";
import { route } from "./routes.js";

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
  checkNames(options, DEV_OPTIONS, "option");
  const { port, host, path, maxAge, keys: signing } = await checkDevOptions(options);
  const keys = createKeyRing(signing);

  const server = createServer({ requestTimeout: 10_000 });
  const close = closer(server);
  const url = urlOf("http", host, await listen(server, port, host));
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
