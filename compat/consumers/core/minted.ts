// Tokens made elsewhere, so that what the core does can be checked where nothing can sign. No Node in here.
export interface Minted {
  readonly audience: string;
  readonly issuer: { readonly issuer: string; readonly jwks: { readonly keys: readonly object[] } };
  /** Has `sub: alice` and `read:/data`; ES256. */
  readonly good: string;
  /** The same, RS256. */
  readonly rsa: string;
  /** Signed by another key under the same id. */
  readonly forged: string;
}

export function expect(what: string, found: unknown, wanted: unknown): void {
  if (found !== wanted) throw new Error(`${what}: expected ${String(wanted)}, found ${String(found)}`);
}
