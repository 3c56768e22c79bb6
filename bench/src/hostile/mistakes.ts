// What an answer gets wrong, and how often: counts by severity and by class, and no request by name.
import type { Answer } from "./contender-process.js";
import type { HostileRequest } from "./corpus.js";

export const MISTAKES = {
  accepted: "accepted, though it must be refused",
  refused: "refused, though it must be accepted",
  broken: "5xx, or no answer",
  echoed: "what was sent, in a header of the answer",
} as const;

export type Mistake = keyof typeof MISTAKES;

export function mistakesIn(request: HostileRequest, answer: Answer): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const { status } = answer;
  if (status === undefined || status >= 500) mistakes.push("broken");
  else if (status === 200 && !request.accept.includes("200")) mistakes.push("accepted");
  else if (status !== 200 && request.accept.every((right) => right === "200")) mistakes.push("refused");
  const told = valuesIn(answer.head);
  if (status !== 200 && request.credentials.flatMap(telling).some((text) => told.includes(text)))
    mistakes.push("echoed");
  return mistakes;
}

/** Of the header lines; their names are the server's own. */
function valuesIn(head: string): string {
  return head
    .split("\r\n")
    .map((line) => line.replace(/^[^:]*:/, ""))
    .join("\n");
}

/** What is shorter may stand in any answer by chance: the name of an algorithm, say. */
const TELLING = 8;

/** A token's segments, and each text in them that is no member's name. */
function telling(credentials: string): readonly string[] {
  const segments = credentials.split(".");
  const texts = segments.flatMap((segment) => textsIn(Buffer.from(segment, "base64url").toString("utf8")));
  return [credentials, ...segments, ...texts].filter((text) => text.length >= TELLING);
}

function textsIn(json: string): readonly string[] {
  const strings = [...json.matchAll(/"((?:[^"\\]|\\.)*)"( *:)?/g)];
  return strings.flatMap(([, text = "", colon]) => (colon === undefined ? [text] : []));
}
