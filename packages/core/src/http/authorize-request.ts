// One request, one decision: the way down through the house, and the one catch on the way back. Rules R6, H3, H6, H8, C4.
import { InsufficientScopeError, MissingTokenError, SciTokenError } from "../base/errors.js";
import { forLog } from "../base/events.js";
import { isThenable } from "../base/when.js";
import type { SciToken } from "../enforcer/sci-token.js";
import type { Decider } from "../enforcer/decide.js";
import { readBearer } from "./bearer.js";
import { enforceRule } from "./enforce-rule.js";
import { asFault } from "./program-error.js";
import { createProtection } from "./protection.js";
import type { ProtectOptions, Protection } from "./protection.js";
import { createRefusal } from "./refusal.js";
import { writtenScope } from "./requirement.js";
import type { Requirement } from "./requirement.js";
import type { Refusal } from "./refusal.js";
import { summarise } from "./summarise.js";

/** What a decision is made on: the request as it came in, not as a framework rewrote it. */
export interface RequestFacts<Req = unknown> {
  readonly method: string;
  /** The raw request target. */
  readonly target: string;
  /** The value of each Authorization header line. */
  readonly authorization: readonly string[];
  /** What scope functions are given. */
  readonly request: Req;
  /** Named in events and in the body of a refusal; a random UUID where the server has none. */
  readonly requestId?: string;
}

/** What to do: go on with the token (none, where it is optional and was not sent), or send the refusal. */
export type Decision =
  | { readonly allowed: true; readonly token: SciToken | undefined }
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
      if (protection.optional) return { allowed: true, token: undefined };
      throw new MissingTokenError("authorization: expected a Bearer token");
    }
    // Awaited only where there is something to wait for: a cached token and a rule without functions have nothing.
    const verified = decider.verifyAt(raw, now);
    token = isThenable<SciToken, Promise<SciToken>>(verified) ? await verified : verified;
    const enforced = enforceRule(decider, rule, { token, facts, now });
    const granted = isThenable<Requirement | undefined, Promise<Requirement>>(enforced) ? await enforced : enforced;
    if (decider.events.active) reportAllowed({ decider, facts, granted }, raw, token);
    return { allowed: true, token };
  } catch (error) {
    if (!(error instanceof SciTokenError)) throw asFault(error);
    return { allowed: false, refusal: refuse(error, protection, { requestId: facts.requestId, raw, token }) };
  }
}

interface Granted<Req> {
  readonly decider: Decider;
  readonly facts: RequestFacts<Req>;
  readonly granted: Requirement | undefined;
}

function reportAllowed<Req>({ decider, facts, granted }: Granted<Req>, raw: string, token: SciToken): void {
  decider.events.emit({
    type: "allowed",
    requestId: forLog(facts.requestId),
    token: summarise(raw, token, decider.maxTokenBytes),
    required: granted && writtenScope(granted, (asked) => decider.relative(token, asked)),
  });
}

/** How far the decision had come. */
interface Judged {
  readonly requestId: string | undefined;
  readonly raw: string | undefined;
  readonly token: SciToken | undefined;
}

function refuse<Req>(
  error: SciTokenError,
  { decider, challenge }: Protection<Req>,
  { requestId: given, raw, token }: Judged,
): Refusal {
  const requestId = forLog(given) || crypto.randomUUID(); // a framework may have it from a header
  if (decider.events.active) {
    decider.events.emit({
      type: "refused",
      requestId,
      code: error.code,
      reason: error.reason,
      message: error.message,
      hint: error.hint,
      token: raw === undefined ? undefined : summarise(raw, token ?? error, decider.maxTokenBytes),
      required: error instanceof InsufficientScopeError ? error.required : challenge.scope,
      held: token?.scopes.map((scope) => forLog(scope) ?? ""),
    });
  }
  return createRefusal(error, challenge, requestId);
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
