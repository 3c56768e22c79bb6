// The hostile corpus as data, and what of it is set aside. Its own words are in its "about" (vectors/hostile.json).
import { readFileSync } from "node:fs";
import type { Algorithm, EnforcerOptions } from "@scitokens/core";

export type Severity = "critical" | "must" | "profile" | "hardening" | "policy";

interface Case {
  readonly id: string;
  readonly category: string;
  readonly severity: Severity;
  /** The preferred status. */
  readonly expect: string;
  /** Every status that is right. */
  readonly accept: readonly string[];
}

export interface TokenCase extends Case {
  readonly kind: "token";
  readonly token: string;
  readonly require?: Asked;
  /** The longest that it may take, in milliseconds. */
  readonly maxMs?: number;
  /** What the token names must not be fetched. */
  readonly mustNotFetch?: boolean;
  /** The preferred status where nbf and iat may lie 60 s in the future. */
  readonly expectLeeway60?: string;
}

export interface Asked {
  readonly authz: string;
  readonly path: string;
}

export interface HeaderCase extends Case {
  readonly kind: "header";
  /** Header lines, in which `{T}` stands for a token. Characters are bytes. */
  readonly lines: readonly string[];
  readonly tokens: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly target?: string;
}

export interface TargetCase extends Case {
  readonly kind: "target";
  readonly target: string;
  readonly tokens: { readonly T: string };
}

export interface SequenceCase extends Case {
  readonly kind: "sequence";
  readonly steps: readonly Step[];
}

export interface Step {
  /** `=0`: the token of step 0. */
  readonly token: string;
  readonly expect: string;
  readonly accept?: readonly string[];
  /** Seconds by which the clock goes on before. */
  readonly advance?: number;
  /** The ids of the keys that the issuer has from now on. */
  readonly jwks?: readonly string[];
  readonly route?: string;
  readonly concurrency?: number;
}

export type HostileCase = TokenCase | HeaderCase | TargetCase | SequenceCase;

interface Corpus {
  readonly meta: {
    readonly now: number;
    readonly issuer: string;
    readonly audience: string;
    readonly algorithms: readonly Algorithm[];
    readonly require: Asked;
    readonly jwks: { readonly keys: readonly { readonly kid: string }[] };
    readonly namedTokens: Readonly<Record<"T", string>>;
  };
  readonly cases: readonly HostileCase[];
}

/** Vectors that contradict docs/rules.md. */
const SET_ASIDE = {
  "ver/ver-typo": "wants `scitokens:2.0` refused, which P2 takes: issuers write it",
  "scope/request-empty":
    "asks for `read` on no path, which R1 and R4 hold for an error of whoever asks: nothing is judged",
} as const;

const file = new URL("vectors/hostile.json", import.meta.url);
export const { meta, cases: all } = JSON.parse(readFileSync(file, "utf8")) as Corpus;

const cases = all.filter(({ id }) => !Object.hasOwn(SET_ASIDE, id));

export const tokenCases: readonly TokenCase[] = cases.filter((one) => one.kind === "token");
export const headerCases: readonly HeaderCase[] = cases.filter((one) => one.kind === "header");
export const targetCases: readonly TargetCase[] = cases.filter((one) => one.kind === "target");
export const sequenceCases: readonly SequenceCase[] = cases.filter((one) => one.kind === "sequence");

/** A token case that is set aside. */
export function setAside(id: keyof typeof SET_ASIDE): TokenCase {
  const found = all.find((one) => one.id === id);
  if (found?.kind !== "token") throw new Error(`no token case of the corpus: ${id}`);
  return found;
}

/** The server of the corpus: who is trusted, who it is, and when. */
export const trust: EnforcerOptions = {
  issuer: { issuer: meta.issuer, jwks: meta.jwks, algorithms: meta.algorithms },
  audience: meta.audience,
  clock: () => meta.now,
  clockTolerance: 0,
};
