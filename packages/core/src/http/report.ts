// The record of a decision: who, what, where; allowed by which scope, or refused why. Rules H6, H9.
import { InsufficientScopeError, SciTokenError } from "../base/errors.js";
import { forLog } from "../base/events.js";
import type { Decider } from "../enforcer/decide.js";
import type { SciToken } from "../enforcer/sci-token.js";
import { describeRequest, LONGEST_DESCRIBED } from "./describe-request.js";
import { replaces } from "./judge-request.js";
import { leavesOf, metPart } from "./enforce-rule.js";
import type { Granted } from "./enforce-rule.js";
import { operationIn } from "./operation-of.js";
import type { Protection } from "./protection.js";
import type { Operation, RequestedOperation } from "./request-operation.js";
import { fromRequestIn, writtenScope } from "./prepare-rule.js";
import { requestedOperation } from "./resolve-rule.js";
import type { RuleFacts } from "./resolve-rule.js";
import { summarise } from "./summarise.js";

interface ReportedFacts extends RuleFacts<unknown> {
  readonly requestId?: string;
}

/** A framework may have it from a header. */
export function requestIdOf({ requestId }: ReportedFacts): string {
  return forLog(requestId) || crypto.randomUUID();
}

/** Long enough for any path, and for some; a rule may ask for thousands. */
const LONGEST_REQUIRED = 2048;

export interface AllowedRequest {
  readonly facts: ReportedFacts;
  readonly decider: Decider;
  readonly raw: string;
  readonly token: SciToken;
}

/** A request without a token, where that is optional (H8). */
export function reportWithoutToken<Req>(facts: ReportedFacts, protection: Protection<Req>): void {
  protection.decider.events.emit({
    type: "allowed",
    requestId: forLog(facts.requestId),
    request: describeRequest(facts, isLong(facts) ? undefined : requested(facts, protection)),
    token: undefined,
    required: undefined,
    grantedBy: { scopes: [] },
  });
}

export function reportAllowed({ facts, decider, raw, token }: AllowedRequest, granted: Granted): void {
  const { grantor } = granted;
  const met = metPart(granted);
  decider.events.emit({
    type: "allowed",
    requestId: forLog(facts.requestId),
    request: describeRequest(facts, operationIn(met)),
    token: summarise(raw, token, decider.maxTokenBytes),
    required:
      met &&
      forLog(
        writtenScope(met, (asked) => decider.relative(token, asked)),
        LONGEST_REQUIRED,
      ),
    grantedBy: grantor.groundsOf(met === undefined ? [] : leavesOf(met)),
  });
}

/** How far the decision had come. */
export interface RefusedRequest<Req> {
  readonly facts: ReportedFacts;
  readonly protection: Protection<Req>;
  readonly raw: string | undefined;
  readonly token: SciToken | undefined;
  readonly requestId: string;
}

export function reportRefused<Req>(refused: RefusedRequest<Req>, error: SciTokenError): void {
  const { facts, protection, raw, token, requestId } = refused;
  const { decider, challenge, mode } = protection;
  decider.events.emit({
    type: "refused",
    enforced: mode === "enforce",
    requestId,
    request: describeRequest(facts, isLong(facts) ? undefined : requested(facts, protection)),
    code: error.code,
    reason: error.reason,
    message: error.message,
    hint: error.hint,
    token: raw === undefined ? undefined : summarise(raw, token ?? error, decider.maxTokenBytes),
    required: forLog(error instanceof InsufficientScopeError ? error.required : challenge.scope, LONGEST_REQUIRED),
    held: token?.scopes.map((scope) => forLog(scope) ?? ""),
  });
}

/** For the handler of a request that goes on without a token that allows it: replaces nothing unless the route only reports. */
export function operationWithoutToken<Req>(facts: ReportedFacts, protection: Protection<Req>): Operation | undefined {
  const operation = requested(facts, protection);
  if (operation === undefined) return undefined;
  const { tree: _, ...rest } = operation;
  return Object.freeze({ ...rest, mayReplace: replaces(operation) && protection.mode === "report" });
}

/** For the record nothing long is read: whoever has no token shall not make work. */
function isLong({ target, header }: ReportedFacts): boolean {
  const ends = ["destination", "source"].flatMap((name) => header?.(name) ?? []);
  return [target, ...ends].some((text: unknown) => typeof text !== "string" || text.length > LONGEST_DESCRIBED);
}

/** What the request asks for, where that has a meaning. */
function requested<Req>(facts: ReportedFacts, { rule, decider }: Protection<Req>): RequestedOperation | undefined {
  const options = fromRequestIn(rule.scope);
  if (options === undefined) return undefined;
  try {
    return requestedOperation(facts, decider.names.audiences, options);
  } catch (error) {
    if (error instanceof SciTokenError) return undefined;
    throw error;
  }
}
