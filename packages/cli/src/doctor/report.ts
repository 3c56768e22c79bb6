// The report of an examination: a line a finding, what to do below it, and the sum. As words, or as data.
import type { Io } from "../io.js";
import { paint } from "../output/print.js";
import { count, worst } from "./finding.js";
import type { Finding, Level } from "./finding.js";

export interface Report {
  readonly issuer: string;
  readonly verdict: Level;
  readonly findings: readonly Finding[];
}

export function createReport(issuer: string, findings: readonly Finding[]): Report {
  return { issuer, verdict: worst(findings), findings };
}

const STYLES = { ok: "green", warn: "yellow", fail: "red" } as const;

export function describeReport(io: Io, { findings }: Report): string {
  const lines = findings.flatMap(({ level, subject, message, advice }) => {
    const line = `${paint(io, STYLES[level], level.padEnd(4))}  ${subject.padEnd(8)}  ${message}`;
    return advice === undefined ? [line] : [line, `${" ".repeat(16)}-> ${advice}`];
  });
  const [fails, warns, oks] = (["fail", "warn", "ok"] as const).map((level) => count(findings, level));
  return `${lines.join("\n")}\n\n${fails} failed, ${warns} to look at, ${oks} ok\n`;
}
