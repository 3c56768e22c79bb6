// What is measured: a server with one protected route, in one of the ways that its framework has.

/** The route that every server has. */
export const ROUTE = "/store/x";
/** What of a token our own contenders ask beyond what the others check: issuer, audience, algorithm, times. */
export const SCOPE = "read:/store";
/** What the handler behind the protection answers. */
export const BODY: { readonly ok: true } = { ok: true };

/** Whom a server trusts, and who it is: plain data, which is sent to its process. */
export interface Trust {
  readonly issuer: string;
  readonly audience: string;
  readonly jwk: Readonly<Record<string, string>>;
  /** The same key. */
  readonly pem: string;
}

export interface Contender {
  readonly name: string;
  /** Nothing in front of the handler, something that does nothing, this library, or another one. */
  readonly role: "bare" | "noop" | "ours" | "peer";
  /** Whether it keeps verdicts, so that every token has to be seen once before it is measured. */
  readonly remembers: boolean;
  /** Listens on loopback, and gives the port. */
  start(trust: Trust): Promise<number>;
}

/** @param kind by default it keeps no verdicts */
export function contender(
  kind: Pick<Contender, "name" | "role"> & Partial<Pick<Contender, "remembers">>,
  start: Contender["start"],
): Contender {
  return { remembers: false, ...kind, start };
}

/** Ours, with keys given and no network, as the others are set. */
export interface OurOptions {
  readonly issuer: { readonly issuer: string; readonly jwks: { readonly keys: readonly [Trust["jwk"]] } };
  readonly audience: string;
}

export function ourOptions({ issuer, audience, jwk }: Trust): OurOptions {
  return { issuer: { issuer, jwks: { keys: [jwk] } }, audience };
}
