// What is wrong with text that is to be a token and is none: the slips of copying it, and the other things it may be.

/** What happened to the text, as far as it shows. */
export type Malformation =
  | "byte_order_mark"
  | "utf_16"
  | "header_line"
  | "bearer_prefix"
  | "quoted"
  | "white_space"
  | "key"
  | "json"
  | "encrypted"
  | "too_long"
  | "cut_short"
  | "cut_start"
  | "padded"
  | "damaged"
  | "opaque";

interface Sign {
  readonly kind: Malformation;
  readonly shows: (text: string) => boolean;
}

const segments = (text: string): number => text.split(".").length;
/** How every JWS begins: `{` and what may follow it, in base64url. */
const BEGINNING = /^e[wy][A-Za-z0-9_-]/;

/** The first that shows is what happened. */
const SIGNS: readonly Sign[] = [
  { kind: "utf_16", shows: (text) => /^\uFFFD{2}|\0/.test(text) },
  { kind: "byte_order_mark", shows: (text) => text.startsWith("\uFEFF") },
  { kind: "header_line", shows: (text) => /^(?:authorization\s*:|-H\s)/i.test(text) },
  { kind: "bearer_prefix", shows: (text) => /^bearer\b/i.test(text) },
  { kind: "quoted", shows: (text) => /^["'`]|["'`]$/.test(text) },
  { kind: "key", shows: (text) => text.includes("-----BEGIN ") || /^\{[^]*"kty"/.test(text) },
  { kind: "json", shows: (text) => text.startsWith("{") || text.startsWith("[") },
  { kind: "white_space", shows: (text) => /\s/.test(text) && BEGINNING.test(text) },
  { kind: "padded", shows: (text) => BEGINNING.test(text) && /=|%3D/i.test(text) },
  { kind: "too_long", shows: (text) => text.length > 16_384 },
  { kind: "encrypted", shows: (text) => BEGINNING.test(text) && segments(text) === 5 },
  { kind: "cut_short", shows: (text) => BEGINNING.test(text) && (segments(text) < 3 || text.endsWith(".")) },
  { kind: "cut_start", shows: (text) => !BEGINNING.test(text) && /^[\w-]*\.[\w-]{16,}(?:\.[\w-]*)?$/.test(text) },
  { kind: "damaged", shows: (text) => BEGINNING.test(text) },
];

/** Names what happened to text that `decodeUnverified` refuses. */
export function diagnose(text: string): Malformation {
  return SIGNS.find(({ shows }) => shows(text))?.kind ?? "opaque";
}

/** What to say of it: what it is, and what to do. */
export const MALFORMED: Readonly<Record<Malformation, { readonly because: string; readonly next: readonly string[] }>> =
  {
    utf_16: {
      because: "The text is written in UTF-16, two bytes for each letter, as some editors and shells of Windows do.",
      next: ["Save it as plain ASCII or UTF-8, without a byte order mark (iconv -f UTF-16 -t ASCII)."],
    },
    byte_order_mark: {
      because: "A byte order mark (BOM), which is not to be seen, stands before the token: an editor has put it there.",
      next: ["Save the file as plain ASCII, or as UTF-8 without a byte order mark."],
    },
    header_line: {
      because: "This is a whole header line, not a token alone.",
      next: [
        "Leave out what stands before the token: 'Authorization: Bearer ' is put there by the program that sends it.",
      ],
    },
    bearer_prefix: {
      because: "The word 'Bearer' stands before the token.",
      next: [
        "Leave it out: a token begins with 'ey'. In a token file, or in BEARER_TOKEN, 'Bearer ' makes every server refuse it.",
      ],
    },
    quoted: {
      because: "There are quotes around the token, or at one end of it.",
      next: ["Take the token without its quotes. From JSON, jq -r prints it so."],
    },
    white_space: {
      because: "There is white space inside the token: a line end or blank that came with copying it.",
      next: ["Copy it again as one line. In a terminal that breaks long lines, write it to a file instead."],
    },
    padded: {
      because: "The token has been encoded or padded once more: it holds '=' or %3D, which no token has.",
      next: ["Take the token as the issuer's answer has it, before any other encoding."],
    },
    key: {
      because: "This is a key, not a token.",
      next: ["Give the token. To make one with a private key: scitokens create-token --key FILE --issuer URL."],
    },
    json: {
      because: "This is JSON, and has no access_token in it.",
      next: ["Give the token alone, or the whole answer of the token endpoint, which has the token in access_token."],
    },
    encrypted: {
      because: "This token is encrypted (five parts, a JWE): only the server that it is for can read it.",
      next: ["Ask the issuer for a signed token: SciTokens and WLCG tokens are signed, and not encrypted."],
    },
    too_long: {
      because: "It is longer than 16384 bytes, the most that a token may have here, as with most servers.",
      next: ["Ask for a token with fewer scopes or groups. Of a file with several things in it, give the token alone."],
    },
    cut_short: {
      because: "The end of the token is missing: it must have three parts, separated by dots.",
      next: [
        "Copy the whole token again: it is one long line, and a double click or a narrow window may leave out its end.",
      ],
    },
    cut_start: {
      because: "The beginning of the token is missing: a token begins with 'ey'.",
      next: ["Copy the whole token again, from its first character on."],
    },
    damaged: {
      because: "It looks like a token, but a part of it cannot be read: characters are missing or were changed.",
      next: ["Copy the whole token again. If it comes so from the issuer, the issuer's administrators must mend it."],
    },
    opaque: {
      because: "This is no JWT. It may be an opaque token, which only its issuer can read.",
      next: [
        "If this is what the issuer gave you, it may be a refresh token, a code, or a token for another use: look for access_token in its answer.",
        "A server that takes SciTokens or WLCG tokens cannot take an opaque one: ask the issuer for JWT access tokens.",
      ],
    },
  };
