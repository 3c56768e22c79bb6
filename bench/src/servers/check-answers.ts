// Nothing is measured that does not do the work: good tokens are let in, and bad ones are refused.
import type { Contender } from "./contender.js";
import type { Client } from "./load.js";
import type { Tokens } from "./tokens.js";
import { request, samples } from "./workloads.js";

/** How bad tokens were answered. */
export interface Answers {
  readonly sent: number;
  /** Answered as a good one. */
  readonly letIn: number;
  /** Refused with another status than 401. */
  readonly otherStatus: number;
}

const EACH = 10;

/** @throws {Error} when a good token is refused, or ours answers a bad one with anything but 401 */
export async function checkAnswers({ name, role }: Contender, client: Client, tokens: Tokens): Promise<Answers> {
  for (const token of tokens.good.slice(0, EACH)) {
    const status = await client.status(request(token, 200));
    if (status !== 200) throw new Error(`${name}: answered a good token with ${status}`);
  }
  const answers = { sent: 0, letIn: 0, otherStatus: 0 };
  if (role === "bare" || role === "noop") return answers;
  for (const [kind, requests] of samples(tokens, EACH)) {
    // Twice: the second answer may be a remembered one.
    for (const one of [...requests, ...requests]) {
      const status = await client.status(one);
      if (role === "ours" && status !== 401) throw new Error(`${name}: answered a token (${kind}) with ${status}`);
      answers.sent += 1;
      if (status < 300) answers.letIn += 1;
      else if (status !== 401) answers.otherStatus += 1;
    }
  }
  return answers;
}
