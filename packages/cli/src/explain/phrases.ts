// Parts of sentences that several pieces of advice share.
import { printable } from "../output/printable.js";
import type { Judge } from "../trust/open-enforcer.js";
import type { Step } from "./facts.js";
import { flagWith, shellWord } from "../trust/shell-word.js";

export const ISSUERS_MATTER =
  "This is for the issuer's administrators to mend: send them this explanation (no token is in it).";

/** A value that came with the token, in quotes. */
export const quoted = (text: string): string => `"${printable(text, 200)}"`;

export const quotedList = (texts: readonly string[]): string =>
  texts.length > 5
    ? `${texts.slice(0, 5).map(quoted).join(", ")} and ${texts.length - 5} more`
    : texts.map(quoted).join(", ");

/** The issuer of this run, and what it was told of the way there. */
type Trusted = Pick<Judge, "issuer" | "network">;

export interface NewToken {
  readonly audience?: string | undefined;
  readonly scope?: string | undefined;
}

/** To get such a token: by whatever the person has the other one from, or by this command. */
export function getNew(sentence: string, { issuer, network }: Trusted, { audience, scope }: NewToken = {}): Step {
  const flags = [
    flagWith("--issuer", issuer, "URL"),
    "--client-id ID",
    ...(audience === undefined ? [] : [flagWith("--audience", audience, "NAME")]),
    ...(scope === undefined ? [] : [flagWith("--scope", scope, "SCOPE")]),
    ...network,
  ];
  return {
    text: `${sentence}, by what you got this one with (htgettoken, oidc-token, your job system), or by:`,
    command: `scitokens get device ${flags.join(" ")}`,
  };
}

/** To look at the issuer itself. */
export function askDoctor(sentence: string, { issuer, network }: Trusted): Step {
  return { text: `${sentence}:`, command: ["scitokens doctor", shellWord(issuer) ?? "URL", ...network].join(" ") };
}
