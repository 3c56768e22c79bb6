// @scitokens/issuer: keys, tokens and issuers for development and tests. The only package that signs.
export { createTestIssuer } from "./issuers/test-issuer.js";
export { createSigningKey } from "./keys/signing-key.js";
export { createToken } from "./tokens/create-token.js";
export { importSigningKey } from "./keys/import-key.js";
export { startDevIssuer } from "./server/dev-issuer.js";

export type { FailMode } from "./issuers/failures.js";
export type { TokenOptions } from "./issuers/issue-token.js";
export type { TestIssuer, TestIssuerOptions } from "./issuers/test-issuer.js";
export type { SigningAlgorithm } from "./keys/algorithms.js";
export type { PrivateJwk } from "./keys/import-key.js";
export type { PublicJwks, RotateOptions } from "./keys/key-ring.js";
export type { PublicJwk, SigningKey, SigningKeyOptions } from "./keys/signing-key.js";
export type { DevIssuer } from "./server/dev-issuer.js";
export type { DevIssuerOptions } from "./server/dev-options.js";
export type { TokenClaims } from "./tokens/build-claims.js";
export type { CreateTokenOptions } from "./tokens/create-token.js";
export type { TokenProfile } from "./tokens/profiles.js";
