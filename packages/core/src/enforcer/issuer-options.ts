// One issuer's options checked and completed, with the source of its keys. Rules I2, I12, C5, S8, T3.
import { ALGORITHMS } from "../base/algorithms.js";
import type { Algorithm } from "../base/algorithms.js";
import { checkOptionNames } from "../base/option-names.js";
import type { AudiencePolicy } from "../claims/audience.js";
import { parseJwks } from "../issuers/jwks.js";
import type { IssuerKey } from "../issuers/jwks.js";
import { createStaticKeySource } from "../issuers/key-source.js";
import type { KeySource } from "../issuers/key-source.js";
import { checkUrl } from "../issuers/trusted-issuers.js";
import { publicKeyToJwk } from "../jwt/public-key.js";
import type { ProfileName } from "../profiles/profile.js";
import { PROFILES } from "../profiles/select.js";
import { WLCG_ANY_AUDIENCE } from "../profiles/wlcg.js";
import { parseBasePaths, WHOLE_SERVER } from "../scopes/base-path.js";
import type { CanonicalPath } from "../scopes/path.js";
import { booleanOr, namesOr } from "./check-option.js";
import type { IssuerOptions } from "./option-types.js";

/** An issuer as decisions see it. */
export interface Issuer {
  readonly issuer: string;
  readonly audiencePolicy: AudiencePolicy;
  readonly basePaths: readonly CanonicalPath[];
  readonly algorithms: readonly Algorithm[];
  readonly profiles: readonly ProfileName[];
  readonly keys: KeySource;
}

export interface IssuerDefaults {
  readonly audience: readonly string[] | null;
  readonly acceptAnyAudience: boolean;
  readonly allowMissingAudience: boolean;
  readonly algorithms: readonly Algorithm[];
  readonly profiles: readonly ProfileName[];
}

/** What a source of keys depends on (I15). */
export interface KeyLocation {
  readonly issuer: string;
  readonly jwksUri: string | undefined;
  readonly allowInsecure: boolean;
  readonly algorithms: readonly Algorithm[];
}

const NAMES = [
  "issuer",
  "audience",
  "basePath",
  "jwksUri",
  "jwks",
  "publicKey",
  "algorithms",
  "profiles",
  "allowInsecureIssuer",
];

/** @throws {TypeError} */
export function resolveIssuer(
  given: string | IssuerOptions,
  defaults: IssuerDefaults,
  fetchedKeys: (location: KeyLocation) => KeySource,
): Issuer {
  const options = typeof given === "string" ? { issuer: given } : given;
  checkOptionNames("issuer", options, NAMES);
  const allowInsecure = booleanOr("allowInsecureIssuer", options.allowInsecureIssuer, false);
  const issuer = checkUrl("issuer", options.issuer, allowInsecure);
  if (new URL(issuer).search !== "") throw new TypeError("issuer: expected a URL without a query (RFC 8414 2)");
  const algorithms = namesOr("algorithms", options.algorithms, defaults.algorithms, ALGORITHMS);
  const profiles = namesOr("profiles", options.profiles, defaults.profiles, PROFILES);
  const jwksUri = options.jwksUri === undefined ? undefined : checkUrl("jwksUri", options.jwksUri, allowInsecure);
  return Object.freeze({
    issuer,
    audiencePolicy: Object.freeze({
      audience: options.audience === undefined ? defaults.audience : resolveAudience(options.audience),
      acceptAnyAudience: defaults.acceptAnyAudience,
      allowMissingAudience: defaults.allowMissingAudience,
    }),
    basePaths: "basePath" in options ? parseBasePaths(options.basePath) : WHOLE_SERVER,
    algorithms,
    profiles,
    keys: givenKeys(options) ?? fetchedKeys({ issuer, jwksUri, allowInsecure, algorithms }),
  });
}

const WILDCARDS = ["ANY", WLCG_ANY_AUDIENCE];

/** @throws {TypeError} for what is no name of a server (C5) */
export function resolveAudience(audience: unknown): readonly string[] | null {
  if (audience === null) return null;
  const names: unknown[] = Array.isArray(audience) ? audience : [audience];
  if (names.length === 0) throw new TypeError("audience: expected at least one name; null says this server has none");
  for (const name of names) {
    if (typeof name !== "string" || !/^\S+$/.test(name)) {
      throw new TypeError("audience: expected this server's name, as https://data.example.org; null says it has none");
    }
    if (WILDCARDS.includes(name)) {
      throw new TypeError(`audience: '${name}' is for tokens to say; a server has a name of its own`);
    }
  }
  return Object.freeze([...(names as string[])]);
}

/** The keys that the configuration itself holds, if it does. */
function givenKeys({ issuer, jwks, jwksUri, publicKey }: IssuerOptions): KeySource | undefined {
  if ([jwks, jwksUri, publicKey].filter((given) => given !== undefined).length > 1) {
    throw new TypeError("issuer: expected only one of jwksUri, jwks and publicKey");
  }
  if (jwks !== undefined) return createStaticKeySource(issuer, staticKeys("jwks", jwks));
  if (publicKey === undefined) return undefined;
  const keys = staticKeys("publicKey", { keys: [publicKeyToJwk(publicKey)] });
  return createStaticKeySource(
    issuer,
    keys.map((key) => ({ ...key, anyKid: true as const })),
  );
}

function staticKeys(option: string, jwks: { readonly keys: readonly unknown[] }): readonly IssuerKey[] {
  if (typeof jwks !== "object" || jwks === null || !Array.isArray(jwks.keys)) {
    throw new TypeError(`${option}: expected a JWK set: { keys: [...] }`);
  }
  const { keys, privateKeyIds } = parseJwks({ keys: jwks.keys });
  if (privateKeyIds.length > 0)
    throw new TypeError(`${option}: expected public keys; private members do not belong here`);
  if (keys.length === 0) {
    throw new TypeError(
      `${option}: expected at least one usable key: RSA of 2048 to 8192 bits, EC or Ed25519, for signatures`,
    );
  }
  return keys;
}
