// What the agent says when it has no token, by what there is to do about it. It answers in words alone; versions 4 and 5 share them.
import { TokenError } from "../base/errors.js";
import type { TokenErrorCode } from "../base/errors.js";
import { printable } from "../base/printable.js";
import { AGENT } from "./socket.js";
import type { AgentAnswer } from "./socket.js";

const MEANINGS: readonly (readonly [RegExp, TokenErrorCode])[] = [
  [/not loaded|no account|locked|password|refresh token|invalid_grant|expired|reauth/i, "interaction_needed"],
  [/connect|resolve|timeout|timed out|\bssl\b|certificate|temporar|http status code 5/i, "unreachable"],
];

/** Reads a failure; `account` is what was asked for, where it was an account. */
export function agentError({ error, info }: AgentAnswer, account: string | undefined): TokenError {
  const said = printable(error) || "no reason";
  const code = MEANINGS.find(([pattern]) => pattern.test(said))?.[1] ?? "refused";
  const toDo = /not loaded|no account/i.test(said) ? `load it with: oidc-add ${printable(account) || "ACCOUNT"}` : "";
  const more = [toDo, printable(info)].filter((words) => words !== "");
  return new TokenError(code, `${AGENT} says: ${[...new Set([said, ...more])].join("; ")}`, { source: AGENT });
}
