// Signs anything, however wrong: header and payload are taken as they come. node:crypto only, so that tests of the
// verifier do not depend on the library that it, or the issuer, is built on.
import { createHmac, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { newKeyPair } from "./key-pair.js";

export interface TestKey {
  readonly alg: "RS256" | "ES256";
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: Readonly<Record<string, unknown>>;
}

export function testKey(alg: "RS256" | "ES256", kid: string): TestKey {
  const { privateKey, publicKey } =
    alg === "RS256" ? newKeyPair("rsa", { modulusLength: 2048 }) : newKeyPair("ec", { namedCurve: "P-256" });
  return { alg, kid, privateKey, publicKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, alg, use: "sig" } };
}

export const encode = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** Signs `header.payload` with the key's own algorithm, whatever the header says. Strings are taken as they are. */
export function signToken(
  key: TestKey,
  payload: unknown,
  header: unknown = { alg: key.alg, kid: key.kid, typ: "JWT" },
): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${signBytes(key, signed)}`;
}

export function signBytes(key: TestKey, signed: string): string {
  const signature = sign("sha256", Buffer.from(signed), { key: key.privateKey, dsaEncoding: "ieee-p1363" });
  return signature.toString("base64url");
}

/** The oldest trick: the public key taken for an HMAC secret. */
export function signWithPublicKey(key: TestKey, payload: unknown, header: unknown): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  const secret = key.publicKey.export({ type: "spki", format: "pem" });
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
