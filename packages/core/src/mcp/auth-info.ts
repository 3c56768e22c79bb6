// What an MCP server knows of a verified token, and where its tools find the token again. RFC 8707, rule C5.
import { SciToken } from "../enforcer/sci-token.js";

/** The SDK's `AuthInfo`, as much as there is to say. It stays in the server: nothing of it is sent to a client. */
export interface TokenInfo<C = {}> {
  /** The token as it came. */
  readonly token: string;
  /** Its `client_id`; of a token without one its `sub`, else its issuer. Of several issuers none is unique by itself. */
  readonly clientId: string;
  /** The values of its scope claim, as they stand there: whether they cover a path, `allows()` says. */
  readonly scopes: string[];
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  /** The name of this server's that the token is for, where it is a URL; none for tokens that any server takes. */
  readonly resource?: URL;
  readonly extra: { readonly scitoken: SciToken<C> };
}

/** @param names this server's */
export function describeToken(raw: string, token: SciToken, names: readonly string[]): TokenInfo {
  const resource = names.find((name) => token.audience.includes(name) && /^https?:/.test(name) && URL.canParse(name));
  return {
    token: raw,
    clientId: token.get("client_id") ?? token.subject ?? token.issuer,
    scopes: [...token.scopes],
    expiresAt: token.expiresAt,
    ...(resource !== undefined && { resource: new URL(resource) }),
    extra: { scitoken: token },
  };
}

/** What holds a token: the SDK's `AuthInfo`, or nothing, where a request came without. */
export type AuthCarrier = { readonly extra?: Readonly<Record<string, unknown>> | undefined } | undefined;

/**
 * The verified token of a tool's call: of `ctx.http?.authInfo` in version 2 of the SDK, of `extra.authInfo` in version 1.
 * @throws {Error} where there is none: no verifier of `createTokenVerifier()` stands before this server
 * @example getToken(ctx.http?.authInfo).allows("read", "/frames/H1")
 */
export function getToken<C = {}>(authInfo: AuthCarrier): SciToken<C> {
  const token = authInfo?.extra?.["scitoken"];
  if (token instanceof SciToken) return token as SciToken<C>;
  throw new Error("the call has no token: put requireBearerAuth({ verifier }) before the MCP server's route");
}
