// Text from outside made fit for a terminal: bounded, on one line, unable to move the cursor, and no token or key in it.

const MAX_SHOWN = 512;

/** Control characters, invisible ones, those that turn the direction of writing, line separators, halves of pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** As above, but for the line ends that JSON.stringify writes between members: within strings it has escaped them. */
const UNPRINTABLE_IN_JSON = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** What begins as the header of a JWS does: `{` and a quote, blank or line end, in base64url. */
const TOKEN = /\be(?:yJ|yA|wo|w0|wk)[A-Za-z0-9_-]{8,}[\w.-]*/g;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** One line of text that somebody else wrote: a claim, an argument, a server's answer. */
export function printable(text: string, limit: number = MAX_SHOWN): string {
  const short = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return withoutSecrets(short).replace(UNPRINTABLE, escapeCharacter);
}

/** Our own text of several lines with bits of others' in it: its line ends stay. */
export function printableLines(text: string): string {
  return withoutSecrets(text)
    .split("\n")
    .map((line) => line.replace(UNPRINTABLE, escapeCharacter))
    .join("\n");
}

/** Leaves out what looks like a token or a private key: the last guard, for what should not have come so far. */
export function withoutSecrets(text: string): string {
  return text.replace(PRIVATE_KEY, "[private key]").replace(TOKEN, "[token]");
}

/** The text of a JSON document: the same document, with every unprintable character in it escaped. */
export function printableJson(value: unknown, indent: number = 2): string {
  return JSON.stringify(value, undefined, indent).replace(UNPRINTABLE_IN_JSON, (text) =>
    text.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}

function escapeCharacter(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}
