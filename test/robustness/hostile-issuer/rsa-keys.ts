// RSA keys, good and too short, and a signature that needs none. RFC 7518 3.3, rule I10.
import { createHash } from "node:crypto";
import { encode } from "../../support/sign.js";
import type { TestKey } from "../../support/sign.js";
import { signer } from "./case.js";
import { claimsOf } from "./issuer.js";
import { newKeyPair } from "../../support/key-pair.js";

export const rsaOf = (bits: number, kid: string): TestKey =>
  signer("RS256", kid, newKeyPair("rsa", { modulusLength: bits }));

export const rsa: TestKey = rsaOf(2048, "rs-1");
export const otherRsa: TestKey = rsaOf(2048, "rs-2");
export const weakest: TestKey = rsaOf(512, "rs-512");
export const weak: TestKey = rsaOf(1024, "rs-1024");

/** With e = 1 the signature is the padded hash itself: nobody needs a key for it. RFC 8017 9.2. */
export function forgedWithExponentOne(issuer: string): string {
  const signed = `${encode({ alg: "RS256", kid: rsa.kid })}.${encode(claimsOf(issuer))}`;
  const info = Buffer.from("3031300d060960864801650304020105000420", "hex");
  const hash = Buffer.concat([info, createHash("sha256").update(signed).digest()]);
  const padding = Buffer.concat([Buffer.of(0, 1), Buffer.alloc(256 - 3 - hash.length, 0xff), Buffer.of(0)]);
  return `${signed}.${Buffer.concat([padding, hash]).toString("base64url")}`;
}
