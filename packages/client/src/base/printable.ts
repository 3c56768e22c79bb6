// Text from outside, made fit for a message: bounded, nothing that moves a cursor, nothing that is a secret or looks like a token.

const MOST = 200; // characters
const WINDOW = 8; // so many characters of a secret in a row are too many
const WORD = /[A-Za-z0-9._~+/=%-]+/g;
const JWT = /eyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)*/g;

/**
 * Makes what a server or a file says fit to be printed.
 * @param secrets what was sent there, and may come back: a word that shares eight characters with one is left out
 */
export function printable(value: unknown, secrets: readonly (string | undefined)[] = []): string {
  if (typeof value !== "string") return "";
  let text = value.slice(0, 20 * MOST).replace(JWT, "[token]");
  for (const secret of secrets) {
    if (secret !== undefined && secret !== "") text = leaveOut(text, secret);
  }
  // oxlint-disable-next-line no-control-regex
  text = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, " ").trim();
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}

/** Whole, percent-encoded, or a part of it: the other side may have cut it. */
function leaveOut(text: string, secret: string): string {
  const whole = text.replaceAll(secret, "[secret]").replaceAll(encodeURIComponent(secret), "[secret]");
  return whole.replace(WORD, (word) => (shares(word, secret) ? "[secret]" : word));
}

function shares(word: string, secret: string): boolean {
  for (let at = 0; at + WINDOW <= word.length; at++) {
    if (secret.includes(word.slice(at, at + WINDOW))) return true;
  }
  return false;
}
