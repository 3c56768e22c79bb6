// What went wrong, in the words of whoever failed, made fit for a log: bounded, and without credentials. Rules I4, I13, H6.
import { forLog } from "../base/events.js";

/** Undefined where it has no words. Never throws: an error may be anything, whatever its type says. */
export function failureWords(thrown: unknown): string | undefined {
  try {
    return forLog(findWords(thrown)?.replace(/\S+/g, withoutCredentials));
  } catch {
    return undefined;
  }
}

/** Node says why it reached none of several addresses in a code and a list of errors, and leaves the message empty. */
function findWords(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { message, code, errors }: { message: unknown; code?: unknown; errors?: unknown } = thrown;
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const words: readonly unknown[] = [message, code, first instanceof Error ? first.message : undefined];
  return words.find((said): said is string => typeof said === "string" && said.trim() !== "");
}

/** From the first `//` to the last `@`: a password may have either in it, and a list of addresses several. */
function withoutCredentials(word: string): string {
  const from = word.indexOf("//");
  const to = word.lastIndexOf("@");
  return from !== -1 && from < to ? `${word.slice(0, from + 2)}${word.slice(to + 1)}` : word;
}
