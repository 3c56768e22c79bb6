// The signature algorithms that can ever be allowed, and the keys that fit them. RFC 7518 3.1, RFC 8037, RFC 9864, rule T3.

interface AlgorithmFacts {
  readonly kty: "RSA" | "EC" | "OKP";
  readonly crv?: string;
  readonly hash?: "sha256" | "sha384" | "sha512";
  readonly pss?: true;
  /** The length that every signature has; RSA's is that of its key. */
  readonly signatureBytes?: number;
}

/** A signature algorithm (JOSE `alg`). HMAC and `none` are not among them, and cannot be added. */
export type Algorithm =
  | "RS256"
  | "RS384"
  | "RS512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "ES256"
  | "ES384"
  | "ES512"
  | "EdDSA"
  | "Ed25519";

const FACTS: Readonly<Record<Algorithm, AlgorithmFacts>> = {
  RS256: { kty: "RSA", hash: "sha256" },
  RS384: { kty: "RSA", hash: "sha384" },
  RS512: { kty: "RSA", hash: "sha512" },
  PS256: { kty: "RSA", hash: "sha256", pss: true },
  PS384: { kty: "RSA", hash: "sha384", pss: true },
  PS512: { kty: "RSA", hash: "sha512", pss: true },
  ES256: { kty: "EC", crv: "P-256", hash: "sha256", signatureBytes: 64 },
  ES384: { kty: "EC", crv: "P-384", hash: "sha384", signatureBytes: 96 },
  ES512: { kty: "EC", crv: "P-521", hash: "sha512", signatureBytes: 132 },
  EdDSA: { kty: "OKP", crv: "Ed25519", signatureBytes: 64 },
  Ed25519: { kty: "OKP", crv: "Ed25519", signatureBytes: 64 },
};

export const ALGORITHMS: readonly Algorithm[] = Object.keys(FACTS) as Algorithm[];

export const DEFAULT_ALGORITHMS: readonly Algorithm[] = ["RS256", "ES256"];

export function isAlgorithm(value: unknown): value is Algorithm {
  return typeof value === "string" && Object.hasOwn(FACTS, value);
}

export function algorithmFacts(algorithm: Algorithm): AlgorithmFacts {
  return FACTS[algorithm];
}
