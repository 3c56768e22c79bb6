// Claim checks of the application's own. As in the Python library: a claim without a validator is refused. Rules P2, C8.
import { InvalidTokenError } from "../base/errors.js";
import type { JsonObject } from "../base/json.js";
import { asProgramFault } from "../base/program-fault.js";
import { listenTo } from "../base/thrown.js";

/** Says whether a claim's value is acceptable. What it throws is an error of the program, not of the token. */
export type ClaimValidator = (value: unknown) => boolean;

/**
 * Checks every claim of a token that is already verified.
 * @example
 * const validator = new Validator().add("sub", (sub) => sub === "alice").add("iss", () => true);
 * validator.validate(token, { critical: ["sub"] });
 */
export class Validator {
  readonly #validators = new Map<string, ClaimValidator[]>();

  /** Adds a check of one claim; a claim may have several, and all must hold. */
  add(claim: string, validator: ClaimValidator): this {
    if (typeof claim !== "string" || claim === "") throw new TypeError("add: expected the name of a claim");
    if (typeof validator !== "function") throw new TypeError(`add: expected a function for '${claim}'`);
    this.#validators.set(claim, [...(this.#validators.get(claim) ?? []), validator]);
    return this;
  }

  /**
   * @param options.critical claims that must be present.
   * @throws {InvalidTokenError} reasons `unknown_claim` (no validator), `invalid_claim`, `missing_claim`
   */
  validate(token: { readonly claims: JsonObject }, options: { readonly critical?: readonly string[] } = {}): void {
    for (const name of options.critical ?? []) {
      if (!Object.hasOwn(token.claims, name)) throw new InvalidTokenError("missing_claim", `${name}: expected`);
    }
    for (const [name, value] of Object.entries(token.claims)) {
      const validators = this.#validators.get(name);
      if (validators === undefined) throw new InvalidTokenError("unknown_claim", "a claim that has no validator");
      for (const validator of validators) runValidator(name, validator, value);
    }
  }
}

/** @throws {InvalidTokenError} reason `invalid_claim` */
export function runValidators(claims: JsonObject, validators: ReadonlyMap<string, ClaimValidator>): void {
  for (const [name, validator] of validators) {
    if (Object.hasOwn(claims, name)) runValidator(name, validator, claims[name]);
  }
}

function runValidator(name: string, validator: ClaimValidator, value: unknown): void {
  let passed: boolean;
  try {
    passed = validator(value);
  } catch (thrown) {
    throw asProgramFault(thrown);
  }
  // Only `true` passes: a validator that forgets to return, or returns a promise, refuses.
  listenTo(passed);
  if (passed !== true) throw new InvalidTokenError("invalid_claim", `${name}: refused by its validator`);
}
