// Where an issuer's word counts: in its area, for its audience. Rules C5, I12, S8; WLCG profile 2.2.3.
import { createEnforcer } from "@scitokens/core";
import type { Enforcer, ProfileName } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { signToken, testKey } from "../support/sign.js";
import { claimsOf, headerOf, ISSUER, key, NOW } from "../support/static-issuer.js";
import { table } from "../support/table.js";
import { requestOf } from "./storage-rows.js";
import { ask, enforcerOf } from "./storage-server.js";

/** The area of the issuer is /vo, or /vo and /old/vo. */
const AREAS = table(`
  area  scope                                    request                       verdict
  // the profile's own example (2.2.3)
  /vo   storage.read:/ storage.create:/stageout  GET /vo/sample_file1          +
  /vo   storage.read:/ storage.create:/stageout  GET /vo/stageout/sample_file2  +
  /vo   storage.read:/ storage.create:/stageout  PUTnew /vo/stageout/sample_file3  +
  /vo   storage.read:/ storage.create:/stageout  GET /sample_file              403
  /vo   storage.read:/ storage.create:/stageout  PUTnew /vo/sample_file1       403
  // its edges
  /vo   storage.read:/                           GET /vo                       +
  /vo   storage.read:/                           GET /vo/                      +
  /vo   storage.read:/                           GET /vo2/x                    403
  /vo   storage.read:/                           GET /v                        403
  /vo   storage.read:/                           GET /                         403
  /vo   storage.read:/                           PROPFIND /                    403
  /vo   storage.read:/                           GET /VO/x                     403
  /vo   storage.read:/                           GET /%76o/x                   +
  /vo   storage.read:/                           GET //vo//x                   +
  /vo   storage.read:/                           GET /vo/../x                  400
  /vo   storage.read:/                           GET /vo/%2e%2e/x              400
  /vo   storage.read:/vo                         GET /vo/x                     403
  /vo   storage.read:/vo                         GET /vo/vo/x                  +
  /vo   storage.create:/a/b                      MKCOL /vo/a                   +
  /vo   storage.create:/a/b                      MKCOL /vo/b                   403
  /vo   storage.create:/a/b                      MKCOL /v                      403
  /vo   storage.modify:/                         MOVE /vo/a -> /vo/b           +
  /vo   storage.modify:/                         MOVE /vo/a -> /b              403
  /vo   storage.modify:/                         MOVE /a -> /vo/b              403
  /vo   storage.modify:/                         MOVE /vo/a -> /vo             +
  /vo   storage.read:/ storage.modify:/          COPY /vo/a -> /vo2/b          403
  // several
  both  storage.read:/x                          GET /vo/x/y                   +
  both  storage.read:/x                          GET /old/vo/x/y               +
  both  storage.read:/x                          GET /old/x/y                  403
  both  storage.read:/x                          GET /x/y                      403
  both  storage.read:/                           GET /old                      403
  both  storage.read:/                           PROPFIND /old                 403
  both  storage.modify:/x                        MOVE /vo/x -> /old/vo/x       +
  both  storage.create:/a/b                      MKCOL /old                    403
  both  storage.create:/a/b                      MKCOL /old/vo/a               +
`);

describe("an issuer's area", () => {
  const enforcers: Readonly<Record<string, Enforcer>> = {
    "/vo": enforcerOf({}, { basePath: "/vo" }),
    both: enforcerOf({}, { basePath: ["/vo", "/old/vo"] }),
  };

  it.each(AREAS)("$area, $scope: $request, $verdict (S8, R3)", async ({ area = "", scope = "", request, verdict }) => {
    const asking = { ...requestOf(request), scope, enforcer: enforcers[area] ?? enforcerOf() };
    for (const profile of ["wlcg", "scitokens-2", "at-jwt"] as const) {
      expect((await ask({ ...asking, profile })).verdict).toBe(verdict);
    }
  });

  it("is not in a challenge, nor is any path outside of it; handler and server hear of whole paths (S8, H4)", async () => {
    const enforcer = enforcerOf({}, { basePath: "/vo" });
    const asked: string[] = [];
    const asking = {
      enforcer,
      exists: (path: string) => (asked.push(path), false),
      kind: (path: string) => (asked.push(path), undefined),
    };
    expect((await ask({ ...asking, request: "GET /vo/a%20b", scope: "storage.poll:/" })).asks).toBe(
      "storage.read:/a%20b",
    );
    expect((await ask({ ...asking, request: "GET /other", scope: "storage.read:/" })).asks).toBeUndefined();
    expect((await ask({ ...asking, request: "PUT /vo/a", scope: "storage.create:/a" })).operation).toEqual({
      name: "write",
      path: "/vo/a",
      mayReplace: false,
    });
    expect((await ask({ ...asking, request: "GET /vo/b", scope: "storage.read:/b/" })).verdict).toBe("403");
    expect(asked).toEqual(["/vo/a", "/vo/b"]);
  });
});

const ONE = ISSUER;
const TWO = "https://two.example.org";
const ownKey = { [ONE]: key, [TWO]: testKey("ES256", "key-1") };
const two = createEnforcer({
  issuer: [
    { issuer: ONE, jwks: { keys: [ownKey[ONE].jwk] }, basePath: "/one", audience: "https://one.site.org" },
    {
      issuer: TWO,
      jwks: { keys: [ownKey[TWO].jwk] },
      basePath: "/two",
      audience: ["https://two.site.org", "https://node7.site.org"],
    },
  ],
  audience: "https://site.org",
  clock: () => NOW,
});

/** A token of one of the two, for an audience. */
function tokenOfIssuer(issuer: string, audience: string, profile: ProfileName = "wlcg"): string {
  const claims = claimsOf(profile, { iss: issuer, aud: audience, scope: "storage.read:/ storage.modify:/" });
  return signToken(issuer === ONE ? ownKey[ONE] : ownKey[TWO], claims, headerOf(profile));
}

const TWO_ISSUERS = table(`
  issuer  audience                 request                 verdict
  one     https://one.site.org     GET /one/x              +
  one     https://one.site.org     GET /two/x              403
  one     https://one.site.org     GET /x                  403
  one     https://one.site.org     MOVE /one/x -> /two/x   403
  one     https://one.site.org     COPY /one/x -> /one/y   +
  one     https://two.site.org     GET /one/x              401
  one     https://two.site.org     GET /two/x              401
  one     https://node7.site.org   GET /one/x              401
  two     https://two.site.org     GET /two/x              +
  two     https://node7.site.org   GET /two/x              +
  two     https://two.site.org     GET /one/x              403
  two     https://two.site.org     DELETE /one             403
  two     https://two.site.org     DELETE /                403
  two     https://two.site.org     MOVE /two/x -> /one/x   403
  two     https://two.site.org     COPY /one/x -> /two/x   403
  two     https://one.site.org     GET /two/x              401
  two     https://one.site.org     GET /one/x              401
`);

describe("two issuers at one server", () => {
  it.each(TWO_ISSUERS)("$issuer for $audience: $request, $verdict (I12, C5, S8)", async (row) => {
    const { issuer, audience = "", request, verdict } = row;
    const raw = tokenOfIssuer(issuer === "one" ? ONE : TWO, audience);
    expect((await ask({ ...requestOf(request), raw, enforcer: two })).verdict).toBe(verdict);
  });
});

/** The server goes by a name that many share, by its own, and by a compute element's. */
const AUDIENCES = table(`
  aud                                                     verdict
  https://storage.example.org                             +
  https://node7.storage.example.org                       +
  ce.example.org:9619                                     +
  https://other.example.org https://storage.example.org   +
  https://node8.storage.example.org                       401
  https://storage.example.org/                            401
  https://storage.example.org:443                         401
  HTTPS://storage.example.org                             401
  http://storage.example.org                              401
  storage.example.org                                     401
  https://storage                                         401
  ce.example.org                                          401
  ce.example.org:9618                                     401
  https://ce.example.org:9619                             401
  ''                                                      401
`);

describe("a server of several names", () => {
  const enforcer = enforcerOf({
    audience: ["https://storage.example.org", "https://node7.storage.example.org", "ce.example.org:9619"],
  });

  it.each(AUDIENCES)("a token for %j is for it or is not (C5)", async ({ aud = "", verdict }) => {
    const names = aud.split(" ");
    for (const profile of ["wlcg", "scitokens-2", "at-jwt"] as const) {
      const claims = { aud: names.length === 1 ? aud : names };
      const asking = { request: "GET /x", scope: "storage.read:/", profile, enforcer, claims };
      expect((await ask(asking)).verdict).toBe(verdict);
    }
  });
});
