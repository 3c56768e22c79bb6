// oidc-provider, told to be this issuer: which features, which answers, and nothing left at a default that would print.
import type { Client, Configuration, KoaContextWithOIDC } from "oidc-provider";
import type { KeyRing } from "../../keys/key-ring.js";
import { OptionError } from "../../options.js";
import { CLIENT_AUTHENTICATION, ENDPOINTS } from "../endpoints.js";
import { ASKED, readAsked } from "../grants/asked.js";
import type { OAuthSettings } from "../options.js";
import { page, PAGE_HEADERS } from "../html.js";
import { AUDIENCE, checkMember, PROFILE, SCOPE, toMetadata } from "./clients.js";
import type { Desk } from "./desk.js";
import { GRANTED, STATIC_SCOPES } from "./grants.js";
import type { Library } from "./load.js";
import { translate } from "./translate.js";

/** What a configuration is made of. */
export interface ConfigurationParts {
  readonly library: Library;
  readonly settings: OAuthSettings;
  readonly keys: KeyRing;
  readonly desk: Desk;
  readonly adapter: Configuration["adapter"];
  /** The path of the issuer. */
  readonly path: string;
  /** Signs cookies; a person who is being asked keeps them when the issuer's keys are rotated. */
  readonly cookieKey: string;
}

const DAY = 86_400;

/** Makes the configuration of one provider. */
export function configure(parts: ConfigurationParts): Configuration {
  const { library, settings, keys, adapter, path, cookieKey } = parts;
  const algorithms = keys.algorithms();
  const { lifetimes } = settings;
  return {
    adapter,
    jwks: { keys: algorithms.map((alg) => privateJwk(keys, alg)) },
    clients: settings.clients.map(toMetadata),
    clientAuthMethods: [...CLIENT_AUTHENTICATION],
    clientDefaults: { id_token_signed_response_alg: algorithms[0] ?? "ES256" },
    enabledJWA: { idTokenSigningAlgValues: [...algorithms] },
    scopes: [...STATIC_SCOPES, GRANTED],
    claims: { openid: ["sub"], profile: ["name", "preferred_username"] },
    responseTypes: ["code"],
    pkce: { required: () => true },
    cookies: { keys: [cookieKey] },
    routes: {
      authorization: ENDPOINTS.authorization,
      token: ENDPOINTS.token,
      device_authorization: ENDPOINTS.device_authorization,
      code_verification: ENDPOINTS.device,
      registration: ENDPOINTS.registration,
      revocation: ENDPOINTS.revocation,
      introspection: ENDPOINTS.introspection,
      userinfo: ENDPOINTS.userinfo,
      jwks: ENDPOINTS.jwks,
    },
    interactions: { url: (_ctx, interaction) => `${path}${ENDPOINTS.consent}/${interaction.uid}` },
    expiresWithSession: () => false,
    issueRefreshToken: (_ctx, client, source) =>
      client.grantTypeAllowed("refresh_token") && source.scopes.has("offline_access"),
    ttl: {
      AccessToken: lifetimes.accessToken,
      ClientCredentials: lifetimes.accessToken,
      IdToken: lifetimes.accessToken,
      AuthorizationCode: lifetimes.authorizationCode,
      DeviceCode: lifetimes.deviceCode,
      RefreshToken: lifetimes.refreshToken,
      Grant: lifetimes.refreshToken + DAY, // outlives what it stands behind
      Interaction: 600,
      Session: DAY,
    },
    // No fetch for a client's own documents: the issuer touches no network.
    fetch: () => Promise.reject(new Error("this issuer fetches nothing")),
    renderError: (ctx, { error, error_description: description = "" }) => {
      ctx.set(PAGE_HEADERS);
      ctx.body = page("Not possible", [description, error]);
    },
    ...features(),
    ...hooks(parts, library),
  };
}

function features(): Pick<Configuration, "features"> {
  const off = { enabled: false };
  return {
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      introspection: { enabled: true, allowedPolicy: mayIntrospect },
      registration: { enabled: true },
      registrationManagement: { enabled: true, rotateRegistrationAccessToken: false },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      userinfo: { enabled: true },
      devInteractions: off,
      dPoP: off,
      pushedAuthorizationRequests: off,
      resourceIndicators: off, // audiences are decided at the desk: several, and not only URIs
      rpInitiatedLogout: off,
    },
  };
}

/** A service with a secret may ask about every token, a public client about its own. */
function mayIntrospect(
  _ctx: KoaContextWithOIDC,
  client: Client,
  token: { readonly clientId?: string | undefined },
): boolean {
  return client.tokenEndpointAuthMethod !== "none" || token.clientId === client.clientId;
}

function hooks(
  { settings, desk }: ConfigurationParts,
  { errors }: Library,
): Pick<
  Configuration,
  "extraClientMetadata" | "extraParams" | "extraTokenClaims" | "findAccount" | "rotateRefreshToken"
> {
  return {
    extraClientMetadata: {
      properties: [SCOPE, PROFILE, AUDIENCE],
      validator: (_ctx, name, value, metadata) => {
        try {
          checkMember(name, value, { metadata, sets: settings.capabilitySets });
        } catch (error) {
          if (error instanceof OptionError) throw new errors.InvalidClientMetadata(error.message);
          throw error;
        }
      },
    },
    // At the device and authorization endpoints: before anybody is asked.
    extraParams: {
      [ASKED]: (_ctx, value, client) =>
        translate(errors, () => void (client === undefined ? undefined : desk.admit(client, readAsked(value)))),
    },
    // At the token endpoint: before the refresh token is used up.
    rotateRefreshToken: (ctx) =>
      translate(errors, () => {
        desk.decide(ctx);
        return true;
      }),
    // And when the token is made.
    extraTokenClaims: (ctx, token) => translate(errors, async () => ({ ...(await desk.mint(ctx, token.jti)).claims })),
    findAccount: (_ctx, sub) => {
      const user = settings.users.find((candidate) => candidate.sub === sub);
      if (user === undefined) return undefined;
      return { accountId: sub, claims: () => ({ sub, name: user.name, preferred_username: sub }) };
    },
  };
}

function privateJwk(keys: KeyRing, alg: ReturnType<KeyRing["algorithms"]>[number]): { kty: string } {
  const { privateKey, kid } = keys.choose(alg);
  const { kty = "", ...members } = privateKey.export({ format: "jwk" });
  return Object.assign(members, { kty, kid, alg, use: "sig" });
}
