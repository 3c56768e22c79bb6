// Clients that the issuer knows from its start, and what one may have that says nothing. RFC 7591 2, RFC 8252 7.3.
import { checkNames, nonEmptyString, oneOf, OptionError } from "../options.js";
import type { ClientRights, OAuthProfile } from "./grants/grant.js";
import { checkScope, checkTexts } from "./option-lists.js";

/** The way a client gets its tokens, in short for OAuth's own name. */
export type OAuthGrantType =
  | "client_credentials"
  | "authorization_code"
  | "device_code"
  | "refresh_token"
  | "token_exchange";

/** A client that need not register. */
export interface OAuthClient {
  readonly clientId: string;
  /** Undefined: a public client, a program on somebody's machine that can keep no secret. */
  readonly clientSecret?: string | undefined;
  /** What it may ask for at most. Default: everything usual, on every path. */
  readonly scope?: string | readonly string[] | undefined;
  /** The audiences it may name, also in exchange for a token of another one. Default: any, in exchange none but the token's. */
  readonly audience?: string | readonly string[] | undefined;
  /** For the authorization code; any port of a loopback address. Default: http://127.0.0.1/callback, http://localhost/callback. */
  readonly redirectUris?: readonly string[] | undefined;
  /** Default: all but, without a secret, client_credentials and token_exchange. */
  readonly grantTypes?: readonly OAuthGrantType[] | undefined;
  /** Default: the issuer's. */
  readonly profile?: OAuthProfile | undefined;
}

/** A client, completed. */
export interface ClientSettings extends ClientRights {
  readonly clientSecret: string | undefined;
  readonly redirectUris: readonly string[];
  readonly grantTypes: readonly string[];
}

/** What a client may ask for that says nothing of it. */
export const USUAL_SCOPE: readonly string[] = [
  "openid profile offline_access",
  "read:/ write:/",
  "storage.read:/ storage.create:/ storage.modify:/ storage.stage:/ storage.poll:/",
  "compute.read compute.create compute.modify compute.cancel condor:/READ condor:/WRITE",
  "wlcg wlcg:1.0 wlcg.groups",
].flatMap((line) => line.split(" "));

/** Each short name, and OAuth's. */
export const GRANT_TYPES: Readonly<Record<OAuthGrantType, string>> = {
  client_credentials: "client_credentials",
  authorization_code: "authorization_code",
  device_code: "urn:ietf:params:oauth:grant-type:device_code",
  refresh_token: "refresh_token",
  token_exchange: "urn:ietf:params:oauth:grant-type:token-exchange",
};

const OPTIONS = ["clientId", "clientSecret", "scope", "audience", "redirectUris", "grantTypes", "profile"];
const OF_A_PERSON: readonly OAuthGrantType[] = ["authorization_code", "device_code", "refresh_token"];
const OF_A_SECRET: readonly OAuthGrantType[] = ["client_credentials", "token_exchange"];
const LOOPBACK = ["http://127.0.0.1/callback", "http://localhost/callback"];
const DEFAULTS: readonly OAuthClient[] = [
  { clientId: "demo" },
  { clientId: "demo-service", clientSecret: "demo-secret" },
];

/** Checks and completes the clients. */
export function checkClients(clients: unknown, profile: OAuthProfile): readonly ClientSettings[] {
  const list: unknown = clients ?? DEFAULTS;
  if (!Array.isArray(list)) throw new OptionError("clients must be a list");
  const checked = list.map((client: unknown) => checkClient(client, profile));
  const names = new Set(checked.map(({ clientId }) => clientId));
  if (names.size < checked.length) throw new OptionError("clients must have different clientIds");
  return checked;
}

function checkClient(client: unknown, profile: OAuthProfile): ClientSettings {
  checkNames(client, OPTIONS, "option");
  const o = client as OAuthClient;
  const secret = o.clientSecret === undefined ? undefined : nonEmptyString(o.clientSecret, "clientSecret");
  const usual = secret === undefined ? OF_A_PERSON : [...OF_A_PERSON, ...OF_A_SECRET];
  return {
    clientId: nonEmptyString(o.clientId, "clientId"),
    clientSecret: secret,
    scope: o.scope === undefined ? USUAL_SCOPE : checkScope(o.scope, "scope"),
    audience: o.audience === undefined ? undefined : checkTexts(o.audience, "audience"),
    redirectUris: o.redirectUris === undefined ? LOOPBACK : checkTexts(o.redirectUris, "redirectUris"),
    grantTypes: (o.grantTypes ?? usual).map((name) => checkGrantType(name, secret)),
    profile: o.profile === undefined ? profile : oneOf(o.profile, ["scitokens-2", "wlcg"] as const, "profile"),
  };
}

function checkGrantType(value: unknown, secret: string | undefined): string {
  const name = oneOf(value, [...OF_A_PERSON, ...OF_A_SECRET], "grantTypes");
  if (secret === undefined && OF_A_SECRET.includes(name))
    throw new OptionError(`grantTypes: ${name} needs a clientSecret, or anybody could be the client`);
  return GRANT_TYPES[name];
}
