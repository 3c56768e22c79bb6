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

const odd = fc.constantFrom<unknown>(
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
);
const time = fc.constantFrom<unknown>(
  ...[0, 1, -1, 59, 60, 60.5, 61, 100, 599, 600, 601, -600].map((seconds) => NOW + seconds),
  ...Object.keys(UNWRITABLE),
  2 ** 53 - 1,
  2 ** 53,
  NOW + 0.25,
  String(NOW),
);
const audience = fc.constantFrom<unknown>(
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
);
const scope = fc.constantFrom<unknown>(
  "",
  "read:/a queue",
  "read",
  "write:/../a",
  "storage.read:/",
  "a:b",
  ":",
  "queue\n",
  " queue  read:/ ",
  ["read:/"],
);

const change = (name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<readonly [string, unknown]> =>
  fc
    .oneof(
      { weight: 4, arbitrary: value },
      { weight: 1, arbitrary: odd },
      { weight: 1, arbitrary: fc.constant(undefined) },
    )
    .map((to) => [name, to] as const);

const claimChange = fc.oneof(
  change("exp", time),
  change("nbf", time),
  change("iat", time),
  change("aud", audience),
  change("scope", scope),
  change("scp", scope),
  change("iss", fc.constantFrom(ISSUER, `${ISSUER}/`, ISSUER.toUpperCase(), "https://elsewhere.example.org")),
  change(
    "ver",
    fc.constantFrom(
      "scitoken:1.0",
      "scitokens:1.0",
      "scitoken:2.0",
      "scitokens:2.0",
      "scitoken:3.0",
      "2.0",
      "SCITOKEN:2.0",
    ),
  ),
  change("wlcg.ver", fc.constantFrom("1.0", "1.99", "2.0", "1", "1.", "01.0", "1.0\n", 1)),
  change(
    "wlcg.groups",
    fc.constantFrom<unknown>(["/cms"], ["/cms/uscms"], ["cms"], ["/cms/"], ["/"], ["/cms\n"], ["/-a"], "/cms"),
  ),
  change("typ", fc.constantFrom("ID", "id", "Bearer", "Refresh", "Offline", "logout", "JWT")),
  ...["sub", "jti", "client_id"].map((name) => change(name, fc.constantFrom("x", "é", ""))),
  ...["cnf", "at_hash", "nonce", "opt", "__proto__", "constructor", "toString", "email"].map((name) =>
    change(name, odd),
  ),
);

const headerChange = fc.oneof(
  change(
    "typ",
    fc.constantFrom(
      "JWT",
      "jwt",
      "at+jwt",
      "AT+JWT",
      "application/at+jwt",
      "application/jwt",
      "logout+jwt",
      "dpop+JWT",
      "JWE",
      "jose",
      "jose+json",
      "JOSEx",
      "other",
      "application/",
      "application/application/at+jwt",
    ),
  ),
  change("alg", fc.constantFrom("ES256", "RS256", "none", "HS256", "es256", "ES384", "toString")),
  change("kid", fc.constantFrom("key-1", "key-2", "Key-1", "__proto__")),
  change("b64", fc.constantFrom(true, false)),
  ...["crit", "enc", "zip", "jku", "jwk", "x5c", "__proto__"].map((name) => change(name, odd)),
);

export interface OddToken {
  readonly header: Members;
  readonly claims: Members;
}

/** Written by name, so that a member called `__proto__` is a member. */
function changed(members: Members, changes: readonly (readonly [string, unknown])[]): Members {
  const all = new Map([...Object.entries(members), ...changes]);
  return Object.fromEntries([...all].filter(([, value]) => value !== undefined));
}

export const oddToken: fc.Arbitrary<OddToken> = fc
  .tuple(
    fc.constantFrom(...EVERY_PROFILE),
    fc.array(claimChange, { maxLength: 3 }),
    fc.array(headerChange, { maxLength: 1 }),
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
