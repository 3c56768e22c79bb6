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
  if (status !== 200 && request.credentials.flatMap(telling).some((text) => answer.head.includes(text))) {
    mistakes.push("echoed");
  }
  return mistakes;
}

/** What is shorter may stand in any answer by chance. */
const TELLING = 6;

/** A token's segments, and each text in them that is no member's name. */
function telling(credentials: string): readonly string[] {
  const segments = credentials.split(".");
  const texts = segments.flatMap((segment) =>
    [
      ...Buffer.from(segment, "base64url")
        .toString("utf8")
        .matchAll(/"((?:[^"\\]|\\.)*)"(?! *:)/g),
    ].map(([, text]) => text ?? ""),
  );
  return [credentials, ...segments, ...texts].filter((text) => text.length >= TELLING);
}
