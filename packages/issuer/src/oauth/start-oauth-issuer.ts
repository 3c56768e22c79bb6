// A development issuer that speaks OAuth: everything of the plain one, and the endpoints of RFC 6749 and its kin.
import { randomBytes } from "node:crypto";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { systemClock } from "../clock.js";
import { issueToken } from "../issuers/issue-token.js";
import type { TokenOptions } from "../issuers/issue-token.js";
import { createKeyRing } from "../keys/key-ring.js";
import type { RotateOptions } from "../keys/key-ring.js";
import { OptionError } from "../options.js";
import type { DevIssuer } from "../server/dev-issuer.js";
import { checkDevOptions, urlOf } from "../server/dev-options.js";
import { closer, listen } from "../server/listen.js";
import type { Server } from "../server/listen.js";
import type { TokenClaims } from "../tokens/build-claims.js";
import { checkOAuthOptions } from "./options.js";
import type { OAuthIssuerOptions } from "./options.js";
import { createDesk } from "./provider/desk.js";
import { loadLibrary } from "./provider/load.js";
import { createMemory } from "./provider/memory-adapter.js";
import { createProvider } from "./provider/provider.js";
import type { OAuthProvider } from "./provider/provider.js";
import { admitRequest } from "./server/front-door.js";

/** A running OAuth issuer; its functions need no `this`. */
export type OAuthIssuer = DevIssuer;

/**
 * Starts an OAuth issuer on a loopback port: client credentials, device code, authorization code with PKCE, refresh
 * tokens that narrow path scopes, registration, token exchange, revocation, introspection; and `POST /issue`.
 *
 * Throws a TypeError for a wrong option, and an Error where NODE_ENV is production or the port is taken.
 * @example
 * const issuer = await startOAuthIssuer({ port: 8080, approve: 'everyone' });
 * // curl -u demo-service:demo-secret -d grant_type=client_credentials -d scope=read:/store http://127.0.0.1:8080/token
 */
export async function startOAuthIssuer(options: OAuthIssuerOptions = {}): Promise<OAuthIssuer> {
  const settings = checkOAuthOptions(options);
  const { port, host, path, maxAge, keys: signing } = await checkDevOptions(options);
  const keys = createKeyRing(signing);
  const server = createServer(options.tls);
  const library = await loadLibrary();

  const close = closer(server);
  const url = urlOf(options.tls === undefined ? "http" : "https", host, await listen(server, port, host));
  const issuer = `${url}${path}`;
  const party = { issuer, keys, now: undefined, audience: settings.audience };
  const desk = createDesk(party, settings);
  const adapter = createMemory(systemClock, desk.issued.forget);
  const cookieKey = randomBytes(32).toString("base64url");
  const makeProvider = (): OAuthProvider =>
    createProvider({ library, settings, keys, desk, adapter, path, cookieKey, party });
  let provider = makeProvider();
  server.on("request", (request, response) => {
    void admitRequest(request, response, { issuer, keys, maxAge, settings, desk, provider: () => provider });
  });
  return Object.freeze({
    issuer,
    url,
    get jwks() {
      return keys.jwks();
    },
    token: async (claims: TokenClaims = {}, o: TokenOptions = {}) => (await issueToken(party, claims, o)).token,
    rotate: async (o?: RotateOptions) => {
      await keys.rotate(o);
      provider = makeProvider(); // it signs ID tokens, with the keys it was made with
    },
    close,
    [Symbol.asyncDispose]: close,
  });
}

function createServer(tls: OAuthIssuerOptions["tls"]): Server {
  if (tls === undefined) return createHttpServer({ requestTimeout: 10_000 });
  try {
    const { key, cert } = tls;
    return createHttpsServer({ key: toPem(key), cert: toPem(cert), requestTimeout: 10_000, handshakeTimeout: 5000 });
  } catch {
    throw new OptionError("tls must be { key, cert } in PEM, a private key and its certificate"); // without a cause: it has seen the key
  }
}

function toPem(value: string | Uint8Array): string | Buffer {
  return typeof value === "string" ? value : Buffer.from(value);
}
