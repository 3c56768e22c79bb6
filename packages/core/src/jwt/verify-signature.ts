// The signature is the key's. RFC 7515 5.2, RFC 7518 3, rules T3 and T5. The one door to cryptography; the choice between
// node:crypto and jose was measured (ADR 0002): verifying RS256 synchronously costs less than a third of what WebCrypto costs.
import { algorithmFacts } from "../base/algorithms.js";
import type { Algorithm } from "../base/algorithms.js";
import { decodeBase64url } from "../base/base64url.js";
import { builtin, process } from "../base/builtin.js";
import { nodeKeys } from "./node-signatures.js";
import type { NodeCrypto } from "./node-signatures.js";
import type { KeyMaterial, PreparedKey, SignatureVerifier } from "./signature.js";
import { prepareWebKey } from "./web-signatures.js";

/** The verifier of this runtime: node:crypto where there is one, WebCrypto by jose elsewhere (null: as if elsewhere). */
export function createSignatureVerifier(crypto: NodeCrypto | null = nodeCrypto()): SignatureVerifier {
  const prepare = crypto === null ? prepareWebKey : nodeKeys(crypto);
  const known = new WeakMap<KeyMaterial, Map<Algorithm, Signer>>();

  function signerOf(key: KeyMaterial, algorithm: Algorithm): Signer {
    let signers = known.get(key);
    if (signers === undefined) known.set(key, (signers = new Map()));
    let signer = signers.get(algorithm);
    if (signer === undefined) {
      signer = { isSigner: prepare(key, algorithm), signatureBytes: signatureBytes(key, algorithm) };
      signers.set(algorithm, signer);
    }
    return signer;
  }

  return {
    verify(token, key, algorithm) {
      const signer = signerOf(key, algorithm);
      return token.signature.length === signer.signatureBytes && signer.isSigner(token);
    },
  };
}

interface Signer {
  readonly isSigner: PreparedKey;
  readonly signatureBytes: number;
}

/**
 * RSA's signatures are as long as its modulus (RFC 8017 8.1.2, 8.2.2). It is looked at here, and not left to what is below:
 * one whose leading zero is gone would be a second text of the same token.
 */
function signatureBytes({ jwk }: KeyMaterial, algorithm: Algorithm): number {
  const { signatureBytes: known } = algorithmFacts(algorithm);
  if (known !== undefined) return known;
  const modulus = decodeBase64url(String(jwk["n"]).replace(/=+$/, ""));
  const leadingZeros = modulus.findIndex((byte) => byte !== 0);
  return modulus.length - Math.max(0, leadingZeros);
}

/** Whole where OpenSSL is behind it: workerd's node:crypto knows no options of a signature, and says no version of it. */
function nodeCrypto(): NodeCrypto | null {
  const isWhole = (process?.versions?.openssl ?? "") !== "";
  return isWhole ? (builtin<NodeCrypto>("node:crypto") ?? null) : null;
}
