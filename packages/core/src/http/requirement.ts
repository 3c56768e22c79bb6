// What must be granted, ready to be asked. Rules R3, R4, S8.
import type { AskedAt } from "../enforcer/decide.js";
import type { Operation } from "./request-operation.js";

/** A rule without functions: what must be granted. */
export type Requirement =
  | { readonly kind: "capability"; readonly asked: AskedAt }
  | { readonly kind: "all" | "any"; readonly of: readonly Requirement[] }
  | OperationRequirement;

/** All that an operation needs. */
export interface OperationRequirement {
  readonly kind: "operation";
  readonly operation: Operation;
  readonly of: readonly Requirement[];
}
