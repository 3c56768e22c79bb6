// One request, one decision: the way down through the house, and the one catch on the way back. Rules R6, H3, H8, H9, C4.
import { MissingTokenError, SciTokenError } from "../base/errors.js";
import { isThenable } from "../base/when.js";
import type { SciToken } from "../enforcer/sci-token.js";
import { readBearer } from "./bearer.js";
import { enforceRule } from "./enforce-rule.js";
import type { Granted } from "./enforce-rule.js";
import { findOperation, keepOperation } from "./operation-of.js";
import type { ReadHeader } from "./other-end.js";
import { asFault } from "./program-error.js";
import { createProtection } from "./protection.js";
import type { ProtectOptions, Protection } from "./protection.js";
import { createRefusal } from "./refusal.js";
import type { Refusal } from "./refusal.js";
import { operationWithoutToken, reportAllowed, reportRefused, reportWithoutToken, requestIdOf } from "./report.js";

/** What a decision is made on: the request as it came in, not as a framework rewrote it. */
export interface RequestFacts<Req = unknown> {
  readonly method: string;
  /** The raw request target. */
  readonly target: string;
  /** The value of each Authorization header line. */
  readonly authorization: readonly string[];
  /** The value of each line of another header, by its lower-case name: `depth`, `destination`, `source`, `host`. Default: none. */
  readonly header?: ReadHeader;
  /** What scope functions are given. */
  readonly request: Req;
  /** What `operationOf()` is asked with afterwards; this request's alone. Default: `request`. */
  readonly judged?: object;
  /** Named in events and in the body of a refusal; a random UUID where the server has none. */
  readonly requestId?: string;
}

/** What to do: go on with the token (none, where it is optional and was not sent), or send the refusal. */
export type Decision =
  | {
      readonly allowed: true;
      readonly token: SciToken | undefined;
      /** What would have been sent, were this route not only reporting; then the token may be missing, or not enough (H9). */
      readonly wouldRefuse?: Refusal;
    }
  | { readonly allowed: false; readonly refusal: Refusal };

/**
 * Decides on one request.
 * @param options a route's options, or what `createProtection` made of them. Plain options are checked at the first
 *   request and remembered by the object: make it once, not for each request; later changes have no effect.
 * @throws {Error} what a scope function, a validator or `isRevoked` throws: an error of the program, not a refusal
 * @example
 * const decision = await authorizeRequest(nodeFacts(req), protection);
 * if (!decision.allowed) return sendRefusal(res, decision.refusal);
 */
export async function authorizeRequest<Req>(
  facts: RequestFacts<Req>,
  options: Protection<Req> | ProtectOptions<Req, unknown>,
): Promise<Decision> {
  const protection = "decider" in options ? options : prepared(options);
  const { decider, rule } = protection;
  let raw: string | undefined;
  let token: SciToken | undefined;
  try {
    const now = decider.now();
    raw = readBearer(facts.authorization);
    if (raw === undefined) {
      if (!protection.optional) throw new MissingTokenError("authorization: expected a Bearer token");
      keepOperation(facts, operationWithoutToken(facts, protection), protection.mode);
      if (decider.events.active) reportWithoutToken(facts, protection);
      return { allowed: true, token: undefined };
    }
    // Awaited only where there is something to wait for: a cached token and a rule without functions have nothing.
    const verified = decider.verifyAt(raw, now);
    token = isThenable<SciToken, Promise<SciToken>>(verified) ? await verified : verified;
    const enforced = enforceRule(decider, rule, { token, facts, now });
    const granted = isThenable<Granted, Promise<Granted>>(enforced) ? await enforced : enforced;
    keepOperation(facts, findOperation(granted), protection.mode);
    if (decider.events.active) reportAllowed({ facts, decider, raw, token }, granted);
    return { allowed: true, token };
  } catch (error) {
    if (!(error instanceof SciTokenError)) throw asFault(error);
    const requestId = requestIdOf(facts);
    if (decider.events.active) reportRefused({ facts, protection, raw, token, requestId }, error);
    const refusal = createRefusal(error, protection.challenge, requestId);
    if (protection.mode === "enforce") return { allowed: false, refusal };
    keepOperation(facts, operationWithoutToken(facts, protection), protection.mode);
    return { allowed: true, token, wouldRefuse: refusal };
  }
}

const preparedOptions = new WeakMap<object, unknown>();

function prepared<Req>(options: ProtectOptions<Req, unknown>): Protection<Req> {
  let protection = preparedOptions.get(options) as Protection<Req> | undefined;
  if (protection === undefined) {
    protection = createProtection(options);
    preparedOptions.set(options, protection);
  }
  return protection;
}
