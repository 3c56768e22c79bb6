// The signature alone, on bytes prepared beforehand: what no library can be faster than, and the other ways to do it.
import { verify as verifySync, webcrypto } from "node:crypto";
import { promisify } from "node:util";
import { compactVerify } from "jose";
import type { Contender } from "../contender.js";
import { asynchronous } from "../contender.js";
import type { Scene } from "../tokens.js";

interface Signed {
  readonly text: Buffer;
  readonly signature: Buffer;
}

/** node:crypto, synchronously. The baseline of all tables. */
export function raw({ publicKey }: Scene): Contender {
  const key = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
  return onBytes("node:crypto.verify", ({ text, signature }) => verifySync("sha256", text, key, signature));
}

/** node:crypto in its thread pool. */
export function rawInPool({ publicKey }: Scene): Contender {
  const key = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
  const verifyInPool = promisify<string, Buffer, typeof key, Buffer, boolean>(verifySync);
  return onBytesLater("node:crypto.verify with a callback", ({ text, signature }) =>
    verifyInPool("sha256", text, key, signature),
  );
}

export async function rawWebCrypto({ algorithm, publicJwk }: Scene): Promise<Contender> {
  const how =
    algorithm === "RS256"
      ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
      : { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await webcrypto.subtle.importKey("jwk", publicJwk, how, false, ["verify"]);
  return onBytesLater("WebCrypto, subtle.verify", ({ text, signature }) =>
    webcrypto.subtle.verify(how, key, signature, text),
  );
}

export function joseCompactVerify(key: webcrypto.CryptoKey): Contender {
  const calls = { verify: (token: string) => compactVerify(token, key), jti: () => undefined };
  return { ...asynchronous("jose, compactVerify", calls), readsClaims: false };
}

function onBytes(name: string, isGood: (signed: Signed) => boolean): Contender {
  return {
    name,
    readsClaims: false,
    verify: (token) => refuseUnless(isGood(takeApart(token))),
    prepare(tokens) {
      const all = tokens.map(takeApart);
      return () => {
        for (const signed of all) isGood(signed);
      };
    },
    calls: (tokens) => tokens.map(takeApart).map((signed) => () => isGood(signed)),
  };
}

function onBytesLater(name: string, isGood: (signed: Signed) => Promise<boolean>): Contender {
  return {
    name,
    readsClaims: false,
    verify: async (token) => refuseUnless(await isGood(takeApart(token))),
    prepare(tokens) {
      const all = tokens.map(takeApart);
      return async () => {
        for (const signed of all) await isGood(signed);
      };
    },
    calls: (tokens) => tokens.map(takeApart).map((signed) => () => isGood(signed)),
  };
}

function takeApart(token: string): Signed {
  const dot = token.lastIndexOf(".");
  return {
    text: Buffer.from(token.slice(0, dot), "latin1"),
    signature: Buffer.from(token.slice(dot + 1), "base64url"),
  };
}

function refuseUnless(good: boolean): void {
  if (!good) throw new Error("the signature is not the key's");
}
