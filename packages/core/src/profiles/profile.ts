// What a profile is: data, and how it finds scopes and groups. Rules P1 to P5.
import { InvalidTokenError } from "../base/errors.js";
import type { JsonObject } from "../base/json.js";
import type { ScopeLanguage } from "../scopes/equivalence.js";

/** The profiles a token may be written in. */
export type ProfileName = "scitokens-1" | "scitokens-2" | "wlcg" | "at-jwt" | "oauth";

export interface Profile {
  readonly name: ProfileName;
  /** Claims without which a token of this profile is refused. */
  readonly required: readonly string[];
  /** Claims whose absence is the issuer's fault and is only reported. */
  readonly owed?: readonly string[];
  /** Where a profile refuses claims it does not know: those it knows. */
  readonly known?: ReadonlySet<string>;
  /** The `aud` that means every server (C6). */
  readonly anyAudience?: string;
  /** Whether the header must name its key (I10). */
  readonly requiresKeyId?: true;
  /** Whether a `typ` that the profile does not know is refused (T6). */
  readonly strictType?: true;
  /** Whose names its scopes are (S5); the paths of S2 are required in all but plain ones. */
  readonly language: ScopeLanguage;
  /** The values of the scope claim, not parsed yet. @throws {InvalidTokenError} */
  scopes(claims: JsonObject): readonly string[];
  /** The groups that the profile defines. @throws {InvalidTokenError} */
  groups?(claims: JsonObject): readonly string[];
}

/** The value of a claim that is a string when present. @throws {InvalidTokenError} reason `invalid_claim` */
export function optionalString(claims: JsonObject, name: string): string | undefined {
  if (!Object.hasOwn(claims, name)) return undefined;
  const value = claims[name];
  if (typeof value !== "string") throw new InvalidTokenError("invalid_claim", `${name}: expected a string`);
  return value;
}
