// Clients that the issuer knows from its start, and what one may have that says nothing. RFC 7591 2, RFC 8252 7.3.
import { checkNames, nonEmptyString, oneOf, OptionError } from "../options.js";
import type { ClientRights, OAuthProfile } from "./grants/grant.js";
import type { CapabilitySets } from "./grants/capability-sets.js";
import { checkAudiences, checkProfile, checkScope, checkSets, checkTexts } from "./option-lists.js";
import type { IssuerRules } from "./option-lists.js";

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
  /** The audiences it may name, at least one, also in exchange for a token of another one. Default: any, in exchange none but the token's. */
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
export function checkClients(clients: unknown = DEFAULTS, issuer: IssuerRules): readonly ClientSettings[] {
  if (!Array.isArray(clients)) throw new OptionError("clients must be a list");
  const checked = clients.map((client: unknown) => checkClient(client, issuer));
  const names = new Set(checked.map(({ clientId }) => clientId));
  if (names.size < checked.length) throw new OptionError("clients must have different clientIds");
  return checked;
}

function checkClient(client: unknown, { profile: usual, sets }: IssuerRules): ClientSettings {
  checkNames(client, OPTIONS, "option");
  const { clientId, clientSecret, scope, audience, redirectUris, grantTypes, profile = usual } = client as OAuthClient;
  const secret = clientSecret === undefined ? undefined : checkVisible(clientSecret, "clientSecret");
  return {
    clientId: checkVisible(clientId, "clientId"),
    clientSecret: secret,
    scope: scope === undefined ? USUAL_SCOPE : checkClientScope(scope, sets),
    audience: audience === undefined ? undefined : checkAudiences(audience, "audience"),
    redirectUris: redirectUris === undefined ? LOOPBACK : checkRedirectUris(redirectUris),
    grantTypes: checkGrantTypes(grantTypes, secret),
    profile: checkProfile(profile),
  };
}

/** What RFC 6749 A.1 and A.2 let a name and a secret hold. */
function checkVisible(value: unknown, name: string): string {
  const text = nonEmptyString(value, name);
  if (/^[\x20-\x7E]+$/.test(text)) return text;
  throw new OptionError(`${name} must be printable ASCII`);
}

/** The names of sets stay: who has one by name may ask for a WLCG token by it. */
function checkClientScope(value: unknown, sets: CapabilitySets): readonly string[] {
  const scope = checkScope(value, "scope");
  checkSets(scope, "scope", sets);
  return scope;
}

function checkRedirectUris(value: unknown): readonly string[] {
  const uris = checkTexts(value, "redirectUris");
  if (uris.length === 0) throw new OptionError("redirectUris must hold at least one, or be left out");
  const odd = uris.find((uri) => !isRedirectUri(uri));
  if (odd === undefined) return uris;
  throw new OptionError(
    `redirectUris must be https, http on loopback, or a scheme of a program's own, unlike '${odd}'`,
  );
}

/** As the provider wants them of programs that people install (RFC 8252 7). */
function isRedirectUri(uri: string): boolean {
  if (!URL.canParse(uri) || uri.includes("#")) return false;
  const { protocol, hostname } = new URL(uri);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  if (protocol === "http:") return isLoopback;
  if (protocol === "https:") return !isLoopback;
  return !["javascript:", "data:", "vbscript:", "file:", "blob:", "about:"].includes(protocol);
}

function checkGrantTypes(value: unknown, secret: string | undefined): readonly string[] {
  const usual = secret === undefined ? OF_A_PERSON : [...OF_A_PERSON, ...OF_A_SECRET];
  const names: unknown = value === undefined ? usual : value;
  if (!Array.isArray(names) || names.length === 0)
    throw new OptionError(
      `grantTypes must be a list of at least one of ${[...OF_A_PERSON, ...OF_A_SECRET].join(", ")}`,
    );
  return [...new Set(names.map((name: unknown) => checkGrantType(name, secret)))];
}

function checkGrantType(value: unknown, secret: string | undefined): string {
  const name = oneOf(value, [...OF_A_PERSON, ...OF_A_SECRET], "grantTypes");
  if (secret === undefined && OF_A_SECRET.includes(name))
    throw new OptionError(`grantTypes: ${name} needs a clientSecret, or anybody could be the client`);
  return GRANT_TYPES[name];
}
