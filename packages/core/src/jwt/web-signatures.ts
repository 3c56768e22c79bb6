// Signatures verified by WebCrypto, through jose, where there is no node:crypto. RFC 7518 3, ADR 0002.
import type { Algorithm } from "../base/algorithms.js";
import { unusableKey } from "./signature.js";
import type { KeyMaterial, PreparedKey } from "./signature.js";

export function prepareWebKey({ jwk }: KeyMaterial, algorithm: Algorithm): PreparedKey {
  return async ({ raw }) => {
    const { compactVerify, errors, importJWK } = await import("jose");
    const publicKey = await importJWK({ ...jwk }, algorithm).catch((cause: unknown) => {
      throw unusableKey(cause);
    });
    try {
      await compactVerify(raw, publicKey, { algorithms: [algorithm] });
      return true;
    } catch (error) {
      if (error instanceof errors.JOSEError) return false;
      throw error;
    }
  };
}
