// What advice is made of: a verdict, what the token says of itself, and what this run was told.
import type { IssuerStatus, Reason } from "@scitokens/core";
import type { Here } from "../output/times.js";
import type { Judge } from "../trust/open-enforcer.js";
import type { UnverifiedWords } from "../trust/unverified.js";
import type { Malformation } from "./malformed.js";
import type { NearMiss } from "./near-miss.js";
import type { Asked } from "./rights.js";

export interface Facts extends Here {
  readonly reason: Reason;
  /** The core's own sentence. */
  readonly message: string;
  /** What the token says: proven only when `reason` is about a scope, a path or nothing. */
  readonly words: UnverifiedWords | undefined;
  readonly malformation: Malformation | undefined;
  readonly trusted: Pick<Judge, "issuer" | "audience" | "basePaths" | "network">;
  readonly keys: IssuerStatus | undefined;
  readonly asked: Asked | undefined;
  readonly near: NearMiss | undefined;
  /** Of a token that was verified. */
  readonly profile: string | undefined;
}

/** One thing to do: a sentence, or one that leads to a command to type. */
export type Step = string | { readonly text: string; readonly command: string };

/** Why, in words for a person, and what that person can do. */
export interface Advice {
  readonly because: string;
  readonly next: readonly Step[];
}

export type Adviser = (facts: Facts) => Advice;
