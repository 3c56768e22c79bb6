// Text from outside, made fit for a message: bounded, nothing that moves a cursor, nothing that is a secret or looks like a token.

const MOST = 200; // characters
const WINDOW = 8; // so many characters of a secret in a row are too many
const WORD = /[A-Za-z0-9._~+/=%-]+/g;
/** What begins as the header of a JWS does: `{` and a quote, blank or line end, in base64url. */
const TOKEN = /(?:eyJ[\w-]{5,}|\be(?:yA|wo|w0|wk)[\w-]{8,})[\w.-]*/g;
/** What stands for what was left out until all is: no secret is found in the words that are shown for another. */
const [CUT_SECRET, CUT_TOKEN] = ["\uE000", "\uE001"];

/**
 * Makes what a server or a file says fit to be printed.
 * @param secrets what was sent there, and may come back: a word that shares eight characters with one is left out
 */
export function printable(value: unknown, secrets: readonly (string | undefined)[] = []): string {
  if (typeof value !== "string") return "";
  const given = value.slice(0, 20 * MOST).replace(/[\uE000\uE001]/g, " ");
  const text = withoutSecrets(given.replace(TOKEN, CUT_TOKEN), secrets)
    .replaceAll(CUT_SECRET, "[secret]")
    .replaceAll(CUT_TOKEN, "[token]")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, " ")
    .trim();
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}

/** Whole, percent-encoded, or a part of it: the other side may have cut it. */
function withoutSecrets(text: string, given: readonly (string | undefined)[]): string {
  const secrets = given.filter((secret): secret is string => secret !== undefined && secret !== "");
  const wholes = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const longestFirst = wholes.toSorted((a, b) => b.length - a.length);
  const rest = longestFirst.reduce((left, whole) => left.replaceAll(whole, CUT_SECRET), text);
  return rest.replace(WORD, (word) => (secrets.some((secret) => shares(word, secret)) ? CUT_SECRET : word));
}

function shares(word: string, secret: string): boolean {
  for (let at = 0; at + WINDOW <= word.length; at++) {
    if (secret.includes(word.slice(at, at + WINDOW))) return true;
  }
  return false;
}
