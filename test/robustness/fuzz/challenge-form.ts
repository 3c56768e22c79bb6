// What an answer to a refused request must look like, and what it must not say. RFC 6750 3, RFC 9110 5.5, rules H3, H4.
import { validateHeaderValue } from "node:http";
import type { Refusal } from "@scitokens/core/http";
import { readEncoded, readTarget, write } from "./path-model.js";

const CHALLENGE = /^Bearer [a-z_]+="[\x20\x21\x23-\x5b\x5d-\x7e]*"(?:, [a-z_]+="[\x20\x21\x23-\x5b\x5d-\x7e]*")*$/;
const SCOPE = /scope="([^"]*)"/;
const SCOPE_TOKENS = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;
export const STATUS: Readonly<Record<string, number>> = {
  missing_token: 401,
  invalid_request: 400,
  invalid_token: 401,
  insufficient_scope: 403,
  invalid_path: 400,
  issuer_unavailable: 503,
};

/** Every piece of eight characters: what a value cannot be told from. */
const pieces = (whole: string): readonly string[] =>
  Array.from({ length: Math.max(0, whole.length - 7) }, (_, i) => whole.slice(i, i + 8));

/** What the request itself says, as a scope may repeat it: re-encoded, by the names of a read. */
export function saidByRequest(targetText: string, value: string): string {
  const paths = [readTarget(targetText), readEncoded(`/${encodeURIComponent(value.replace(/\p{Cs}/gu, ""))}`)];
  return paths
    .map((path) => (path === "refused" ? "" : write(path).split("/").map(encodeURIComponent).join("/")))
    .map((path) => `storage.read:${path} read:${path}`)
    .join(" ");
}

/** What of the token, as it stands or decoded, an answer's attributes repeat that neither options nor request say. */
export function repeated({ headers }: Refusal, raw: string, said: readonly string[]): readonly string[] {
  const claims = raw.split(".").map((segment) => Buffer.from(segment, "base64url").toString());
  const allowed = new Set(said.flatMap(pieces));
  return Object.values(headers)
    .flatMap((header) => header.split('"'))
    .flatMap(pieces)
    .filter((piece) => !allowed.has(piece) && [raw, ...claims].some((one) => one.includes(piece)));
}

/** What is wrong with the answer's form: nothing, or words. */
export function faultsOf({ status, code, headers }: Refusal): readonly string[] {
  const challenge = headers["WWW-Authenticate"];
  const asked = SCOPE.exec(challenge ?? "")?.[1];
  const wanted = {
    "another status": status === STATUS[code],
    "a character that no header may have": Object.values(headers).every((value) => /^[\x20-\x7e]+$/.test(value)),
    "a value that Node does not send": Object.entries(headers).every(([name, value]) => isSent(name, value)),
    "a challenge too much or too little":
      (challenge !== undefined) === (status === 401 || status === 403 || code === "invalid_request"),
    "a Retry-After too much or too little": (headers["Retry-After"] !== undefined) === (status === 503),
    "no challenge of RFC 6750": challenge === undefined || CHALLENGE.test(challenge),
    "no scope of RFC 6750": asked === undefined || SCOPE_TOKENS.test(asked),
  };
  return Object.entries(wanted).flatMap(([fault, holds]) => (holds ? [] : [fault]));
}

function isSent(name: string, value: string): boolean {
  try {
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
