// What an enforcer does for an application.
import type { KeyStatus } from "../issuers/key-source.js";
import type { Acl } from "../scopes/acl.js";
import type { Explanation } from "./explain.js";
import type { SciToken } from "./sci-token.js";

/** How an issuer's keys stand, and whether this server's routes enforce. */
export interface IssuerStatus extends KeyStatus {
  /** `report`: at least one route only reports what it would refuse (H9). */
  readonly mode: "enforce" | "report";
}

/** @typeParam C the claims of the application's own, as the option `claims` types them */
export interface Enforcer<C = {}> {
  /**
   * Verifies a token: its signature, times, claims and audience.
   * @throws {InvalidTokenError} when it is refused; `reason` says by which check
   * @throws {IssuerUnavailableError} when its issuer's keys cannot be had
   */
  verify(raw: string): Promise<SciToken<C>>;
  /**
   * Whether a token of this enforcer covers a capability now. `path` is decoded and absolute; without it the capability
   * itself is asked for.
   * @throws {TypeError} for an empty name, a missing path, or a token of another enforcer (R5)
   * @throws {InvalidPathError} for a path with `..`, a backslash or a control character (R1)
   * @example enforcer.test(token, "read", "/store/file")
   */
  test(token: SciToken, authz: string, path?: string): boolean;
  /** Why a token, good or refused, does or does not cover a capability: in words and as data. Throws as `test` does. */
  explain(tokenOrRaw: SciToken | string, authz: string, path?: string): Promise<Explanation>;
  /** What a token grants, normalised and without duplicates, in its own names (S9). */
  acls(token: SciToken): readonly Acl[];
  /**
   * Fetches the keys of every issuer that has none yet, so that the first request need not wait.
   * @throws {IssuerUnavailableError} when an issuer's keys cannot be had; requests are answered all the same, as they can
   */
  ready(): Promise<void>;
  /** How the keys of each issuer stand, and whether all routes enforce. */
  status(): readonly IssuerStatus[];
  /**
   * Ends what is under way; a closed enforcer verifies nothing any more. One that equal `protect()` options share is only
   * forgotten: the routes that have it go on, and later ones get a new one.
   */
  close(): void;
}
