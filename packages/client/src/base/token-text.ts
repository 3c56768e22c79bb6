// What a token looks like in a variable, a file or a header. RFC 6750 2.1 (b64token), WLCG Bearer Token Discovery.

const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** Whether the text can stand after `Authorization: Bearer `. It may be no JWT at all. */
export function isToken(text: unknown): text is string {
  return typeof text === "string" && B64TOKEN.test(text);
}

/** Strips what C's `isspace` calls white space from both ends: six characters of ASCII, no other. */
export function stripSpace(text: string): string {
  let [start, end] = [0, text.length]; // a regular expression would take quadratic time over blanks in the middle
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Says what is wrong with a text that is no token, where it is a common mistake; never a part of the text. */
export function whyNoToken(text: string): string {
  if (/^["'].*["']$/s.test(text)) return "it stands in quotes; a token stands alone";
  if (/^bearer\s/i.test(text)) return "it begins with 'Bearer '; a token stands alone";
  if (text.startsWith("{")) return "it is JSON; a token stands alone";
  if (/[\n\r]/.test(text)) return "it has several lines; a token is one";
  return "it has characters that no token has (RFC 6750 2.1)";
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d); // blank; \t \n \v \f \r
}
