// The signature is the key's. RFC 7515 5.2, RFC 7518 3, rules T3 and T5. The one door to cryptography; the choice between
// node:crypto and jose was measured (ADR 0002): verifying RS256 synchronously costs less than a third of what WebCrypto costs.
import { algorithmFacts } from "../base/algorithms.js";
import type { Algorithm } from "../base/algorithms.js";
import { builtin, process } from "../base/builtin.js";
import { InvalidTokenError } from "../base/errors.js";
import type { JsonObject } from "../base/json.js";
import { decodeBase64url } from "../base/base64url.js";
import type { DecodedToken } from "./decode.js";

/** A public key as the issuer publishes it, already checked for size and use. */
export interface KeyMaterial {
  readonly jwk: JsonObject;
}

export interface SignatureVerifier {
  /** Resolves (at once on Node) to whether the signature is the key's, by this algorithm. Never rejects a bad one. */
  verify(token: DecodedToken, key: KeyMaterial, algorithm: Algorithm): boolean | Promise<boolean>;
}

type NodeCrypto = typeof import("node:crypto");
type NodeKey = ReturnType<NodeCrypto["createPublicKey"]>;

/** The verifier of this runtime: node:crypto where there is one, WebCrypto by jose elsewhere (null: as if elsewhere). */
export function createSignatureVerifier(crypto: NodeCrypto | null = nodeCrypto()): SignatureVerifier {
  const backend = crypto === null ? webVerifier() : nodeVerifier(crypto);
  const modulusLengths = new WeakMap<KeyMaterial, number>();

  const signatureLength = (key: KeyMaterial, algorithm: Algorithm): number => {
    const known = algorithmFacts(algorithm).signatureBytes ?? modulusLengths.get(key);
    if (known !== undefined) return known;
    const length = modulusLength(key);
    modulusLengths.set(key, length);
    return length;
  };

  return {
    verify(token, key, algorithm) {
      const signature = decodeBase64url(token.raw.slice(token.signatureAt + 1));
      if (signature.length !== signatureLength(key, algorithm)) return false;
      return backend({ token, signature }, key, algorithm);
    },
  };
}

/** A token whose signature has the length of its algorithm, and is not verified yet. */
interface SignedText {
  readonly token: DecodedToken;
  readonly signature: Uint8Array;
}

type Backend = (signed: SignedText, key: KeyMaterial, algorithm: Algorithm) => boolean | Promise<boolean>;

/**
 * RSA's signatures are as long as its modulus (RFC 8017 8.1.2, 8.2.2). It is looked at here, and not left to what is below:
 * one whose leading zero is gone would be a second text of the same token.
 */
function modulusLength({ jwk }: KeyMaterial): number {
  const modulus = decodeBase64url(String(jwk["n"]).replace(/=+$/, ""));
  const leadingZeros = modulus.findIndex((byte) => byte !== 0);
  return modulus.length - Math.max(0, leadingZeros);
}

/** Whole where OpenSSL is behind it: workerd's node:crypto knows no options of a signature, and says no version of it. */
function nodeCrypto(): NodeCrypto | null {
  const isWhole = (process?.versions?.openssl ?? "") !== "";
  return isWhole ? (builtin<NodeCrypto>("node:crypto") ?? null) : null;
}

function nodeVerifier(crypto: NodeCrypto): Backend {
  const imported = new WeakMap<KeyMaterial, NodeKey>();

  const importKey = (key: KeyMaterial): NodeKey => {
    const known = imported.get(key);
    if (known !== undefined) return known;
    try {
      const made = crypto.createPublicKey({ key: { ...key.jwk }, format: "jwk" });
      imported.set(key, made);
      return made;
    } catch (cause) {
      throw unusableKey(cause);
    }
  };

  return ({ token, signature }, key, algorithm) => {
    const { kty, hash, pss } = algorithmFacts(algorithm);
    const publicKey = importKey(key);
    const signed = Buffer.from(token.raw.slice(0, token.signatureAt), "latin1");
    if (kty === "EC") return crypto.verify(hash, signed, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
    if (pss !== true) return crypto.verify(hash, signed, publicKey, signature);
    const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = crypto.constants;
    return crypto.verify(hash, signed, { key: publicKey, padding, saltLength }, signature);
  };
}

function webVerifier(): Backend {
  return async ({ token }, key, algorithm) => {
    const { compactVerify, errors, importJWK } = await import("jose");
    const publicKey = await importJWK({ ...key.jwk }, algorithm).catch((cause: unknown) => {
      throw unusableKey(cause);
    });
    try {
      await compactVerify(token.raw, publicKey, { algorithms: [algorithm] });
      return true;
    } catch (error) {
      if (error instanceof errors.JOSEError) return false;
      throw error;
    }
  };
}

/** A key that cannot be imported (a point off the curve, say) is no key: nobody's signature can be checked with it. */
function unusableKey(cause: unknown): InvalidTokenError {
  return new InvalidTokenError("unknown_key", "the issuer's key with this kid cannot be used", { cause });
}
