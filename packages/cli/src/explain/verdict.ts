// A verdict on a token, with the reason in plain words and what to do about it. Rules H6, R1.
import type { CheckResult, Explanation, ScopeExplanation, SciToken } from "@scitokens/core";
import { InvalidPathError, SciTokenError } from "@scitokens/core";
import { Trouble } from "../exit.js";
import { inFlagWords } from "../trust/flag-words.js";
import type { Here } from "../output/times.js";
import type { Judge } from "../trust/open-enforcer.js";
import { readUnverified } from "../trust/unverified.js";
import type { UnverifiedWords } from "../trust/unverified.js";
import type { Advice, Facts, Step } from "./facts.js";
import { diagnose } from "./malformed.js";
import { findNearMiss } from "./near-miss.js";
import type { NearMiss } from "./near-miss.js";
import { NEXT_STEPS } from "./next-steps.js";
import type { Asked } from "./rights.js";

/** What the verdict is about. */
export interface Case {
  readonly judge: Judge;
  /** The token's text. */
  readonly raw: string;
  readonly here: Here;
}

export interface Verdict {
  /** `undecided`: the issuer's keys could not be had, or no decision is made on such a path. */
  readonly outcome: "allowed" | "refused" | "undecided";
  readonly summary: string;
  readonly code: string | undefined;
  readonly reason: string | undefined;
  readonly asked: Asked | undefined;
  readonly checks: readonly CheckResult[];
  readonly scopes: readonly ScopeExplanation[];
  /** Empty for a good token that covers what was asked. */
  readonly because: string;
  readonly next: readonly Step[];
  readonly verified: boolean;
  readonly profile: string | undefined;
  readonly words: UnverifiedWords | undefined;
}

/**
 * Whether the token covers this, and why.
 * @throws {Trouble} for a question that makes no sense
 */
export async function explainRequest(about: Case, asked: Asked): Promise<Verdict> {
  const explanation = await askEnforcer(about, asked);
  const { allowed, code, reason, checks, scopes, profile } = explanation;
  const verified = profile !== undefined;
  const near = reason === "capability" ? await nearMissOf(about, asked) : undefined;
  const facts = { ...factsOf(about), asked, near, profile, message: withoutVerdict(explanation.summary) };
  const advice = reason === undefined ? NONE : NEXT_STEPS[reason]({ ...facts, reason });
  const outcome = allowed ? "allowed" : outcomeOf(code, reason);
  const summary = inFlagWords(explanation.summary);
  return { outcome, summary, code, reason, asked, checks, scopes, ...advice, verified, profile, words: facts.words };
}

/** Whether the token is good here, whatever it covers. */
export async function explainToken(about: Case): Promise<{ readonly verdict: Verdict; readonly token?: SciToken }> {
  const rest = { asked: undefined, checks: [], scopes: [] };
  const { words } = factsOf(about);
  try {
    const token = await about.judge.enforcer.verify(about.raw);
    const { profile } = token;
    const good = { outcome: "allowed", summary: "good", code: undefined, reason: undefined, verified: true } as const;
    return { verdict: { ...rest, ...good, ...NONE, profile, words }, token };
  } catch (error) {
    if (!(error instanceof SciTokenError)) throw error;
    const { code, reason, message } = error;
    const facts: Facts = { ...factsOf(about), asked: undefined, near: undefined, profile: undefined, message, reason };
    const outcome = outcomeOf(code, reason);
    const summary = `refused: ${inFlagWords(message)}`;
    const advice = NEXT_STEPS[reason](facts);
    return {
      verdict: { ...rest, outcome, summary, code, reason, ...advice, verified: false, profile: undefined, words },
    };
  }
}

/** A path that cannot be judged is a slip of whoever asks, and says nothing about the token (R1). */
function outcomeOf(code: string | undefined, reason: string | undefined): "refused" | "undecided" {
  return code === "issuer_unavailable" || reason === "invalid_path" ? "undecided" : "refused";
}

const NONE: Advice = { because: "", next: [] };

async function askEnforcer({ judge, raw }: Case, { authz, path }: Asked): Promise<Explanation> {
  try {
    return await judge.enforcer.explain(raw, authz, path);
  } catch (error) {
    if (error instanceof InvalidPathError) return badPath(error, { authz, path });
    if (error instanceof TypeError) throw new Trouble(inQuestionWords(error.message));
    throw error;
  }
}

/** The core refuses to answer at all: to a person it is a refusal like others. */
function badPath({ message, code, reason }: InvalidPathError, asked: Asked): Explanation {
  const nothing = { hint: undefined, issuer: undefined, profile: undefined, checks: [], scopes: [] };
  return { allowed: false, summary: `refused: ${message}`, code, reason, asked, ...nothing };
}

function inQuestionWords(message: string): string {
  return message.replace(/^authz: /, "AUTHZ: ").replace(/^path: expected, since/, "PATH: expected, since");
}

async function nearMissOf({ judge: { enforcer }, raw }: Case, asked: Asked): Promise<NearMiss | undefined> {
  try {
    const token = await enforcer.verify(raw);
    const covers = (authz: string, path: string): boolean => {
      try {
        return enforcer.test(token, authz, path);
      } catch (error) {
        if (error instanceof InvalidPathError) return false; // the path that came out of decoding is no path
        throw error;
      }
    };
    return findNearMiss({ scopes: token.scopes, groups: token.groups, covers }, asked);
  } catch (error) {
    if (error instanceof SciTokenError) return undefined; // it has expired between the two
    throw error;
  }
}

function factsOf({ judge, raw, here }: Case): Pick<Facts, keyof Here | "words" | "malformation" | "trusted" | "keys"> {
  const words = readUnverified(raw);
  return {
    ...here,
    words,
    malformation: words === undefined ? diagnose(raw) : undefined,
    trusted: judge,
    keys: judge.enforcer.status()[0],
  };
}

const withoutVerdict = (summary: string): string => summary.replace(/^refused: /, "");
