// Tokens as data that differ in one thing from a good one: what a verifier says of each is a verdict on that thing.
import { createSigningKey, createToken } from "@scitokens/issuer";
import type { SigningKey, TokenClaims, TokenProfile } from "@scitokens/issuer";
import { idOf } from "./rows.js";

export const ISSUER = "https://issuer.example/vo";
export const AUDIENCE = "https://data.example";

export interface TokenForm {
  /** A digest of the rest. */
  readonly id: string;
  readonly profile: TokenProfile;
  /** What is different about it. */
  readonly change: string;
}

/** The keys of the trusted issuer, and one of somebody else that has the name of one of them. */
export interface Keys {
  readonly elliptic: SigningKey;
  readonly rsa: SigningKey;
  readonly impostor: SigningKey;
}

export async function makeKeys(): Promise<Keys> {
  const elliptic = await createSigningKey({ alg: "ES256" });
  const impostor = await createSigningKey({ alg: "ES256", kid: elliptic.kid });
  return { elliptic, impostor, rsa: await createSigningKey({ alg: "RS256" }) };
}

interface Change {
  readonly claims?: TokenClaims;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly sign?: keyof Keys;
}

const HOUR = 3600;
const now = Math.floor(Date.now() / 1000);

const CHANGES: Readonly<Record<string, Change>> = {
  nothing: {},
  "signed with RSA": { sign: "rsa" },
  "signed by another key": { sign: "impostor" },
  "a kid that is unknown": { header: { kid: "unknown" } },
  "no typ": { header: { typ: undefined } },
  "another issuer": { claims: { iss: "https://other.example" } },
  "an issuer with a slash at its end": { claims: { iss: `${ISSUER}/` } },
  expired: { claims: { exp: now - HOUR } },
  "not valid yet": { claims: { nbf: now + HOUR } },
  "issued in the past": { claims: { iat: now - HOUR, nbf: now - HOUR } },
  "no exp": { claims: { exp: undefined } },
  "exp as a string": { claims: { exp: String(now + HOUR) } },
  "exp with a fraction": { claims: { exp: now + HOUR + 0.5 } },
  "no nbf": { claims: { nbf: undefined } },
  "no iat": { claims: { iat: undefined } },
  "several audiences, ours among them": { claims: { aud: ["https://other.example", AUDIENCE] } },
  "several audiences, ours not": { claims: { aud: ["https://other.example", "https://third.example"] } },
  "another audience": { claims: { aud: "https://other.example" } },
  "an audience that ours begins with": { claims: { aud: AUDIENCE.slice(0, -1) } },
  "no audience": { claims: { aud: undefined } },
  "audience ANY": { claims: { aud: "ANY" } },
  "WLCG's any audience": { claims: { aud: "https://wlcg.cern.ch/jwt/v1/any" } },
  "no scope": { claims: { scope: undefined } },
  "a subject that is a number": { claims: { sub: 7 } },
};

/** `ver` and `wlcg.ver` as they are written, and as they must not be. */
const VERSIONS: Readonly<Record<string, Change>> = {
  "ver scitokens:2.0": { claims: { ver: "scitokens:2.0" } },
  "ver scitoken:1.0": { claims: { ver: "scitoken:1.0" } },
  "ver scitokens:1.0": { claims: { ver: "scitokens:1.0" } },
  "ver scitoken:3.0": { claims: { ver: "scitoken:3.0" } },
  "ver 2": { claims: { ver: 2 } },
  "wlcg.ver 1.1": { claims: { ver: undefined, "wlcg.ver": "1.1" } },
  "wlcg.ver 2.0": { claims: { ver: undefined, "wlcg.ver": "2.0" } },
};

const ALL = { ...CHANGES, ...VERSIONS };

export const FORMS: readonly TokenForm[] = [
  ...formsOf("scitokens-1", CHANGES),
  ...formsOf("scitokens-2", ALL),
  ...formsOf("wlcg", CHANGES),
];

function formsOf(profile: TokenProfile, changes: Readonly<Record<string, Change>>): TokenForm[] {
  return Object.keys(changes).map((change) => ({ id: idOf("form", profile, change), profile, change }));
}

/** Mints a token of this form that grants to read `/store`, as SciTokens and WLCG say it. */
export function mint({ profile, change }: TokenForm, keys: Keys): Promise<string> {
  const { claims, header, sign = "elliptic" } = ALL[change] ?? {};
  const good = { sub: "ada", aud: AUDIENCE, scope: profile === "wlcg" ? "storage.read:/store" : "read:/store" };
  return createToken({ ...good, ...claims }, { key: keys[sign], issuer: ISSUER, profile, ...(header && { header }) });
}
