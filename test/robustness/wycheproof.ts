// Wycheproof's JOSE vectors, and the way of a token through the core up to its claims, which they have none of. Rules T1 to
// T5, I10.
import { readFileSync } from "node:fs";
import { decodeCanonical } from "../../packages/core/src/base/base64url.js";
import type { Algorithm } from "../../packages/core/src/base/algorithms.js";
import { InvalidTokenError } from "../../packages/core/src/base/errors.js";
import type { JsonObject } from "../../packages/core/src/base/json.js";
import { parseJwks } from "../../packages/core/src/issuers/jwks.js";
import type { KeySource } from "../../packages/core/src/issuers/key-source.js";
import { resolveKey } from "../../packages/core/src/issuers/resolve-key.js";
import { decode } from "../../packages/core/src/jwt/decode.js";
import { checkHeader } from "../../packages/core/src/jwt/header.js";
import type { SignatureVerifier } from "../../packages/core/src/jwt/signature.js";

export interface WycheproofVector {
  readonly name: string;
  readonly jws: string;
  readonly isValid: boolean;
  readonly keys: readonly JsonObject[];
}

interface VectorFile {
  readonly testGroups: readonly {
    readonly comment: string;
    readonly public?: KeyOrSet;
    readonly private: KeyOrSet;
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly jws: unknown;
      readonly result: "valid" | "invalid";
    }[];
  }[];
}

type KeyOrSet = JsonObject | { readonly keys: readonly JsonObject[] };

/** Where no public key is given, as for HMAC, the whole one is taken: an issuer's mistake. */
export function readVectors(folder: string, file: string): readonly WycheproofVector[] {
  const { testGroups } = JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as VectorFile;
  return testGroups.flatMap((group) => {
    const given = group.public ?? group.private;
    const keys = Array.isArray(given["keys"]) ? (given["keys"] as readonly JsonObject[]) : [given as JsonObject];
    return group.tests.map(({ tcId, comment, jws, result }) => ({
      name: `${tcId} ${group.comment} ${comment}`,
      jws: typeof jws === "string" ? jws : JSON.stringify(jws),
      isValid: result === "valid",
      keys,
    }));
  });
}

/** A payload that is JSON, for the form of the rest; the signature is that of the text as it came. */
const EMPTY_CLAIMS = "e30";

export interface Trust {
  readonly algorithms: readonly Algorithm[];
  readonly signatures: SignatureVerifier;
}

/** Whether the signature is good, by the core's own steps: form, header, key, signature. */
export async function isVerified({ jws, keys }: WycheproofVector, { algorithms, signatures }: Trust): Promise<boolean> {
  try {
    const [header, payload, ...rest] = jws.split(".");
    const token = decode([header, payload === "" ? "" : EMPTY_CLAIMS, ...rest].join("."), 1_000_000);
    if (decodeCanonical(payload ?? "") === undefined) return false;
    const checked = checkHeader(token.header, algorithms);
    const key = await resolveKey(sourceOf(keys), checked, 0);
    return await signatures.verify({ ...token, raw: jws, signatureAt: jws.lastIndexOf(".") }, key, checked.alg);
  } catch (error) {
    if (error instanceof InvalidTokenError) return false;
    throw error;
  }
}

function sourceOf(entries: readonly JsonObject[]): KeySource {
  const keys = new Set(parseJwks({ keys: entries }).keys);
  const none = (): never => {
    throw new Error("not asked here");
  };
  return { peek: () => keys, load: async () => keys, reload: async () => undefined, status: none, close: none };
}

/** The rule by which a valid vector is refused all the same; read off the vector, by none of the core's code. */
export function refusalOf({ jws, keys }: WycheproofVector, algorithms: readonly Algorithm[]): string | undefined {
  const segments = jws.split(".");
  if (segments.length !== 3 || segments.some((text) => !/^[A-Za-z0-9_-]+$/.test(text))) return "T1: form";
  const { alg } = JSON.parse(Buffer.from(segments[0] ?? "", "base64url").toString()) as { readonly alg: string };
  if (!algorithms.some((allowed) => allowed === alg)) return "T3: no algorithm of the allow-list";
  if (keys.every((key) => key["alg"] !== undefined && key["alg"] !== alg)) return "T3: not the algorithm of the key";
  return undefined;
}
