// @scitokens/issuer/oauth: a development issuer that speaks OAuth 2.1, on oidc-provider.
export { startOAuthIssuer } from "./start-oauth-issuer.js";

export type { OAuthClient, OAuthGrantType } from "./client-options.js";
export type { OAuthProfile } from "./grants/grant.js";
export type { CapabilitySets } from "./grants/capability-sets.js";
export type { OAuthIssuerOptions, OAuthLifetimes } from "./options.js";
export type { OAuthIssuer } from "./start-oauth-issuer.js";
export type { OAuthUser } from "./user-options.js";
