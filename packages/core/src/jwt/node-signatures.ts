// Signatures verified by node:crypto: on the spot, or among many in threads. RFC 7518 3, rule T5, ADR 0002, 0017.
import { algorithmFacts } from "../base/algorithms.js";
import type { Algorithm } from "../base/algorithms.js";
import { createCrowd } from "./crowd.js";
import type { DecodedToken } from "./decode.js";
import { unusableKey } from "./signature.js";
import type { KeyMaterial, PreparedKey } from "./signature.js";

/**
 * RSA of 2048 bits (342 characters of base64url) is verified in less time than a thread takes to be woken and to answer.
 */
const CHEAP_MODULUS = 350;

export type NodeCrypto = typeof import("node:crypto");
type KeyInput = Parameters<NodeCrypto["verify"]>[2] & object;

/** Gives what prepares a key; the keys that it prepares share one look at how many tokens come together. */
export function nodeKeys(crypto: NodeCrypto): (key: KeyMaterial, algorithm: Algorithm) => PreparedKey {
  const crowd = createCrowd();
  // One buffer for all: node:crypto has read it, or copied it for its thread, before the next token is written into it.
  let space = Buffer.allocUnsafeSlow(4096);

  function signedBytes({ raw, signatureAt }: DecodedToken): Uint8Array {
    if (signatureAt > space.length) space = Buffer.allocUnsafeSlow(signatureAt);
    return space.subarray(0, space.write(raw.slice(0, signatureAt), "latin1"));
  }

  return (key, algorithm) => {
    const { hash } = algorithmFacts(algorithm);
    const input = keyInput(crypto, key, algorithm);
    const isWorthAThread = algorithmFacts(algorithm).kty !== "RSA" || String(key.jwk["n"]).length > CHEAP_MODULUS;
    return (token) => {
      const signed = signedBytes(token);
      const { signature } = token;
      if (!isWorthAThread || crowd?.isMany() !== true) return crypto.verify(hash, signed, input, signature);
      return crowd.join(
        new Promise((resolve, reject) => {
          crypto.verify(hash, signed, input, signature, (error, good) => (error ? reject(error) : resolve(good)));
        }),
      );
    };
  };
}

function keyInput(crypto: NodeCrypto, { jwk }: KeyMaterial, algorithm: Algorithm): KeyInput {
  const { kty, pss } = algorithmFacts(algorithm);
  let key: KeyInput;
  try {
    key = crypto.createPublicKey({ key: { ...jwk }, format: "jwk" });
  } catch (cause) {
    throw unusableKey(cause);
  }
  if (kty === "EC") return { key, dsaEncoding: "ieee-p1363" };
  if (pss !== true) return key;
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = crypto.constants;
  return { key, padding, saltLength };
}
