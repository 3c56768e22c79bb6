// @scitokens/issuer/oauth: a development issuer that speaks OAuth 2.1, on oidc-provider.
export {};
