// One decision for each call of a handler, in whatever kind of context.
import type { ExecutionContext } from "@nestjs/common";
import { authorizeRequest } from "@scitokens/core/http";
import type { Protection, RequestFacts } from "@scitokens/core/http";
import { markOf } from "./mark.js";
import type { Mark } from "./mark.js";
import { refuse } from "./refuse.js";
import { keepToken } from "./token.js";

/** What one decision is made on. */
export interface Case {
  readonly protection: Protection;
  readonly facts: RequestFacts;
}

/** Finds out what stands to be decided, of a handler that is not public. */
export type Judge = (context: ExecutionContext, mark: Exclude<Mark, { kind: "public" }> | undefined) => Promise<Case>;

/** Nest hands all guards of one call the same context: the global guard and the one of @Protect decide once. */
const decided = new WeakMap<ExecutionContext, Promise<true>>();

/** @throws what refuses the call in its kind of context, or an error of the program */
export function decideOnce(context: ExecutionContext, judge: Judge): Promise<true> {
  const decision = decided.get(context) ?? decide(context, judge);
  decided.set(context, decision);
  return decision;
}

async function decide(context: ExecutionContext, judge: Judge): Promise<true> {
  const mark = markOf(context);
  if (mark?.kind === "public") {
    keepToken(context, undefined);
    return true;
  }
  const { protection, facts } = await judge(context, mark);
  const decision = await authorizeRequest(facts, protection);
  if (!decision.allowed) return refuse(context, decision.refusal);
  keepToken(context, decision.token);
  return true;
}
