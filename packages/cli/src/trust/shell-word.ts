// A word of a command line that we propose: what stands in it came with a token, and must do nothing but be a word.
import { printable } from "../output/printable.js";

/** The word as a shell takes it; undefined for what should not be pasted into one. */
export function shellWord(text: string): string | undefined {
  if (text === "" || text.length > 1024 || text.startsWith("-") || printable(text, 1024) !== text) return undefined;
  if (/^[\w@%+=:,./~-]+$/.test(text) && !text.startsWith("~")) return text;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** ` --issuer URL`, or what the person is to put there. */
export function flagWith(flag: string, value: unknown, placeholder: string): string {
  return `${flag} ${(typeof value === "string" ? shellWord(value) : undefined) ?? placeholder}`;
}
