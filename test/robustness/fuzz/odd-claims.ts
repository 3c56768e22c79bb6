// Claims and headers of good tokens, with a few members changed into what nobody expects there.
import type { ProfileName } from "@scitokens/core";
import * as fc from "fast-check";
import { AUDIENCE, claimsOf, EVERY_PROFILE, headerOf, ISSUER, NOW } from "../../support/static-issuer.js";

type Members = Readonly<Record<string, unknown>>;

/** What JSON.stringify cannot write: put in place of a text. */
const UNWRITABLE = {
  "@1e400": "1e400",
  "@-1e400": "-1e400",
  "@-0": "-0",
  "@1E3": "1E3",
  "@2^53": "9007199254740993",
} as const;

export function jsonOf(members: Members): string {
  return JSON.stringify(members).replace(/"(@[^"]+)"/g, (all, name: string) =>
    Object.hasOwn(UNWRITABLE, name) ? UNWRITABLE[name as keyof typeof UNWRITABLE] : all,
  );
}

export type Change = readonly [name: string, value: unknown];

const ODD: readonly unknown[] = [
  null,
  true,
  false,
  "",
  "x",
  0,
  -1,
  1.5,
  [],
  {},
  [null],
  ["x"],
  { a: 1 },
  "ANY",
  "1790000000",
];
const TIMES: readonly unknown[] = [
  ...[0, 0.25, 1, -1, 59, 60, 60.5, 61, 100, 599, 600, 601, -600].map((seconds) => NOW + seconds),
  ...Object.keys(UNWRITABLE),
  2 ** 53 - 1,
  2 ** 53,
  String(NOW),
];
const AUDIENCES: readonly unknown[] = [
  AUDIENCE,
  [AUDIENCE],
  ["https://elsewhere.example.org", AUDIENCE],
  "https://elsewhere.example.org",
  "ANY",
  ["ANY"],
  "any",
  "https://wlcg.cern.ch/jwt/v1/any",
  [],
  [AUDIENCE, 1],
  [[AUDIENCE]],
  `${AUDIENCE}/`,
  ` ${AUDIENCE}`,
];
const SCOPES: readonly unknown[] = [
  ..."|read:/a queue|read|write:/../a|storage.read:/|a:b|:|queue\n| queue  read:/ ".split("|"),
  ["read:/"],
];
const VERSIONS = "scitoken:1.0 scitokens:1.0 scitoken:2.0 scitokens:2.0 scitoken:3.0 2.0 SCITOKEN:2.0".split(" ");
const GROUPS: readonly unknown[] = [
  ["/cms"],
  ["/cms/uscms"],
  ["cms"],
  ["/cms/"],
  ["/"],
  ["/cms\n"],
  ["/-a"],
  "/cms",
  ["/cms", 1],
];
const TYPES =
  "JWT jwt at+jwt AT+JWT application/at+jwt application/jwt logout+jwt dpop+JWT JWE jose jose+json JOSEx other " +
  "application/ application/application/at+jwt";

/** This member with each of the values, with what nobody expects, and left out. */
const each = (name: string, values: readonly unknown[]): readonly Change[] =>
  [...values, ...ODD, undefined].map((value) => [name, value] as const);

export const CLAIM_CHANGES: readonly Change[] = [
  ...each("exp", TIMES),
  ...each("nbf", TIMES),
  ...each("iat", TIMES),
  ...each("aud", AUDIENCES),
  ...each("scope", SCOPES),
  ...each("scp", SCOPES),
  ...each("iss", [ISSUER, `${ISSUER}/`, ISSUER.toUpperCase(), "https://elsewhere.example.org"]),
  ...each("ver", VERSIONS),
  ...each("wlcg.ver", ["1.0", "1.99", "2.0", "1", "1.", "01.0", "1.0\n", "1.x", 1]),
  ...each("wlcg.groups", GROUPS),
  ...each("typ", ["ID", "id", "Bearer", "Refresh", "Offline", "logout", "JWT"]),
  ..."sub jti client_id".split(" ").flatMap((name) => each(name, ["x", "é"])),
  ..."cnf at_hash nonce opt __proto__ constructor toString email".split(" ").flatMap((name) => each(name, [])),
];

export const HEADER_CHANGES: readonly Change[] = [
  ...each("typ", TYPES.split(" ")),
  ...each("alg", ["ES256", "RS256", "none", "HS256", "es256", "ES384", "toString"]),
  ...each("kid", ["key-1", "key-2", "Key-1", "__proto__"]),
  ...each("b64", []),
  ..."crit enc zip jku jwk x5c __proto__".split(" ").flatMap((name) => each(name, [])),
];

export interface OddToken {
  readonly header: Members;
  readonly claims: Members;
}

/** Written by name, so that a member called `__proto__` is a member. */
export function changed(members: Members, changes: readonly Change[]): Members {
  const all = new Map([...Object.entries(members), ...changes]);
  return Object.fromEntries([...all].filter(([, value]) => value !== undefined));
}

export const oddToken: fc.Arbitrary<OddToken> = fc
  .tuple(
    fc.constantFrom(...EVERY_PROFILE),
    fc.array(fc.constantFrom(...CLAIM_CHANGES), { maxLength: 3 }),
    fc.array(fc.constantFrom(...HEADER_CHANGES), { maxLength: 1 }),
  )
  .map(([profile, claims, header]) => ({
    header: changed(headerOf(profile), header),
    claims: changed(claimsOf(profile), claims),
  }));

export const profileLists: fc.Arbitrary<readonly ProfileName[] | undefined> = fc.constantFrom<
  readonly ProfileName[] | undefined
>(
  undefined,
  EVERY_PROFILE,
  ["scitokens-1"],
  ["oauth"],
  ["wlcg", "at-jwt"],
  ["at-jwt"],
  ["oauth", "wlcg", "scitokens-2"],
);
