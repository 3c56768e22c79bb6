// @scitokens/core/mcp: SciTokens for Model Context Protocol servers made with the MCP TypeScript SDK, version 1 or 2.
export { createTokenVerifier } from "./token-verifier.js";
export type { TokenVerifier, TokenVerifierOptions } from "./token-verifier.js";
export { getToken } from "./auth-info.js";
export type { AuthCarrier, TokenInfo } from "./auth-info.js";
export { SciToken } from "../enforcer/sci-token.js";
export type { EnforcerOptions } from "../enforcer/option-types.js";
