// Which methods an address takes. RFC 9110 15.5.6.
import type { IncomingMessage } from "node:http";
import { Refusal } from "./answer.js";

/** Refuses every other method (405), and says which there are. */
export function checkMethod({ method = "" }: IncomingMessage, allowed: readonly string[]): void {
  if (allowed.includes(method)) return;
  const allow = allowed.join(", ");
  throw new Refusal(405, `only ${allow} is served here`, { allow });
}
