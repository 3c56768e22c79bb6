// A verdict as text for a person, and as JSON for a program.
import type { Io } from "../io.js";
import { paint } from "../output/print.js";
import { printable } from "../output/printable.js";
import { layOutPairs } from "../output/table.js";
import { moment } from "../output/times.js";
import { audienceClaim, numberClaim, textClaim } from "../trust/unverified.js";
import { CHECK_WORDS } from "./check-words.js";
import type { Step } from "./facts.js";
import type { Verdict } from "./verdict.js";

const WIDTH = 100;

/** The whole explanation. */
export function inWords(io: Io, verdict: Verdict, source: string): string {
  return [
    headline(io, verdict),
    verdict.because === "" ? "" : `${wrap(verdict.because, "")}\n`,
    nextSteps(io, verdict),
    tokenFacts(io, verdict, source),
    checks(io, verdict),
    scopes(io, verdict),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** The verdict, why, and what to do: without the checks. */
export function inShort(io: Io, verdict: Verdict): string {
  const because = verdict.because === "" ? "" : `${wrap(verdict.because, "")}\n`;
  return [headline(io, verdict), because, nextSteps(io, verdict)].filter((part) => part !== "").join("\n");
}

/** "allowed: read on /x", or the core's sentence of the refusal. */
export function headline(io: Io, { outcome, summary }: Verdict): string {
  const text = outcome === "undecided" ? summary.replace(/^refused: /, "not decided: ") : summary;
  const [, word = "", rest = ""] = /^([^:]+)(.*)$/s.exec(printable(text)) ?? [];
  return `${paint(io, ["bold", COLOURS[outcome]], word)}${rest}\n`;
}

const COLOURS = { allowed: "green", refused: "red", undecided: "yellow" } as const;

/** The verdict as JSON: nothing of the token but what it says. */
export function toJson(verdict: Verdict, source: string): object {
  const {
    outcome,
    summary,
    code,
    reason,
    asked,
    checks: made,
    scopes: held,
    because,
    next,
    verified,
    profile,
  } = verdict;
  const { words } = verdict;
  const token = {
    source,
    verified,
    issuer: textClaim(words, "iss"),
    subject: textClaim(words, "sub"),
    audience: audienceClaim(words),
    expiresAt: numberClaim(words, "exp"),
    keyId: words?.header["kid"],
  };
  const allowed = outcome === "allowed";
  return {
    allowed,
    outcome,
    summary,
    code,
    reason,
    asked,
    because,
    next: next.map(toStep),
    token,
    profile,
    checks: made,
    scopes: held,
  };
}

const toStep = (step: Step): object => (typeof step === "string" ? { text: step } : step);

function nextSteps(io: Io, { next }: Verdict): string {
  if (next.length === 0) return "";
  const steps = next.map((step) => {
    if (typeof step === "string") return `${wrap(`- ${step}`, "  ")}\n`;
    return `${wrap(`- ${step.text}`, "  ")}\n    ${step.command}\n`;
  });
  return `${paint(io, "bold", "What to do")}\n${steps.join("")}`;
}

function tokenFacts(io: Io, { words, profile, verified, checks: made }: Verdict, source: string): string {
  const exp = numberClaim(words, "exp");
  const from = Math.max(numberClaim(words, "nbf") ?? 0, numberClaim(words, "iat") ?? 0);
  const here = { now: io.clock(), timeZone: io.timeZone };
  const aud = audienceClaim(words);
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ["from", source],
    ["issuer", textClaim(words, "iss")],
    ["audience", aud.length === 0 ? undefined : aud.join(", ")],
    ["subject", textClaim(words, "sub")],
    ["profile", profile],
    ["good from", from > here.now ? moment(from, here) : undefined],
    ["good until", exp === undefined ? undefined : moment(exp, here)],
  ];
  const known = pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, printable(value)] as const]));
  const isSigned = verified || made.some(({ check, result }) => check === "signature" && result === "passed");
  const title = isSigned || words === undefined ? "The token" : "The token, by its own words (nothing of it is proven)";
  return `${paint(io, "bold", title)}\n${layOutPairs(known, "  ")}`;
}

const MARKS = { passed: ["passed", "green"], failed: ["FAILED", "red"], skipped: ["  -   ", "dim"] } as const;

function checks(io: Io, { checks: made }: Verdict): string {
  const lines = made.flatMap(({ check, result }) => {
    const [mark, colour] = MARKS[result];
    const words = CHECK_WORDS[check];
    return words === undefined ? [] : [`  ${paint(io, colour, mark)}  ${check.padEnd(10)}  ${words}\n`];
  });
  return lines.length === 0 ? "" : `${paint(io, "bold", "Checks")}\n${lines.join("")}`;
}

function scopes(io: Io, { scopes: held, asked }: Verdict): string {
  if (held.length === 0 || asked === undefined) return "";
  const what = asked.path === undefined ? asked.authz : `${asked.authz} on ${asked.path}`;
  const lines = held.map(({ scope, covers }) => {
    const mark = covers ? paint(io, "green", "yes") : paint(io, "dim", " no");
    return `  ${mark}  ${printable(scope)}\n`;
  });
  return `${paint(io, "bold", `Scopes, and whether each covers ${printable(what)}`)}\n${lines.join("")}`;
}

/** Lines of at most WIDTH characters, broken at blanks; what has none (a URL, a command's word) is left whole. */
function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of printable(text, 4096).split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `${indent}${word}`;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join("\n");
}
