// Tokens taken apart, and JSON read: what is not malformed is what the model reads, and the only spelling of it. T1, T2.
import { decodeUnverified, InvalidTokenError } from "@scitokens/core";
import { isSame, readObject } from "../fuzz/json-model.js";

const encode = (text: string): string => Buffer.from(text, "latin1").toString("base64url");
const HEADER = '{"alg":"ES256","kid":"key-1","typ":"JWT"}';

export const seeds: readonly string[] = [
  `${encode(HEADER)}.${encode('{"iss":"https://issuer.example.org","exp":1790000600,"scope":"read:/"}')}.AAAA`,
  '{"iss":"https://issuer.example.org","aud":["a","b"],"exp":1.5e9,"a":{"b":[true,null,-0]}}',
  '{"\\u0061":1,"a\\n":2}',
  '{"a":"\xc3\xa9"}',
];
export const words: readonly string[] = [
  '"a":',
  '"\\u0061":',
  "\\",
  "\\ud800",
  "1e400",
  "-0",
  "null",
  "true",
  "[]",
  "{}",
  ",",
  "\xef\xbb\xbf",
  "=",
  ".",
];

/** A text that begins with a brace is a payload, of its bytes; any other is a token. */
export function run(input: Uint8Array): void {
  const text = Buffer.from(input).toString("latin1");
  const raw = text.startsWith("{") ? `${encode(HEADER)}.${encode(text)}.AAAA` : text;
  let decoded;
  try {
    decoded = decodeUnverified(raw);
  } catch (error) {
    if (!(error instanceof InvalidTokenError) || error.reason !== "malformed") throw error;
    const isPayload = text.startsWith("{");
    if (isPayload && wouldRead(raw.split(".")[1] ?? "")) throw new Error("a good payload is refused", { cause: error });
    return;
  }
  const [header = "", payload = "", signature = "", ...more] = raw.split(".");
  if (more.length > 0) throw new Error("more than three segments");
  for (const segment of [header, payload, signature]) {
    if (Buffer.from(segment, "base64url").toString("base64url") !== segment) throw new Error("a second spelling");
  }
  if (!isSame(decoded.header, readObject(textOf(header), "refuse"))) throw new Error("another header");
  if (!isSame(decoded.claims, readObject(textOf(payload), "refuse"))) throw new Error("other claims");
}

const textOf = (segment: string): string =>
  new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(segment, "base64url"));

function wouldRead(segment: string): boolean {
  try {
    readObject(textOf(segment), "refuse");
    return segment.length < 16_000;
  } catch {
    return false;
  }
}
