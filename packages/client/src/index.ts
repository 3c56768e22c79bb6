// @scitokens/client: find, get and send tokens. It verifies none.
export { AccessToken } from "./base/access-token.js";
export type { AccessTokenFacts } from "./base/access-token.js";
export { TokenError } from "./base/errors.js";
export type { TokenErrorCode } from "./base/errors.js";
export type { TokenRequest, TokenSource } from "./base/token-source.js";
