// One thing that the doctor looked at: how it stands, in plain words, and what to do about it.

export type Level = "ok" | "warn" | "fail";

/** What a finding is about, in the order of the report. */
export type Subject = "issuer" | "network" | "tls" | "metadata" | "keys" | "clock" | "server";

export interface Finding {
  readonly subject: Subject;
  readonly level: Level;
  /** One sentence, fit for a terminal: what came from the issuer went through `printable`. */
  readonly message: string;
  /** What to do, where something is to be done. */
  readonly advice?: string | undefined;
}

const GRAVITY: readonly Level[] = ["ok", "warn", "fail"];

/** The worst of them; `ok` for none. */
export function worst(findings: readonly Finding[]): Level {
  return GRAVITY.findLast((level) => findings.some((finding) => finding.level === level)) ?? "ok";
}

export function count(findings: readonly Finding[], level: Level): number {
  return findings.filter((finding) => finding.level === level).length;
}
