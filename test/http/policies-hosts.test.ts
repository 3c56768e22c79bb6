// What a server gives to hosts, and to groups of several issuers; and what is said of a refusal. Rules S7, S8, S10, I12, H3, H6;
// WLCG profile 2.2.4.

import { createEnforcer } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { signToken, testKey } from "../support/sign.js";
import { claimsOf, headerOf, ISSUER, key, NOW } from "../support/static-issuer.js";
import { table } from "../support/table.js";
import { listOf, profileOf, requestOf } from "./storage-rows.js";
import { ask, TWO_GROUPS } from "./storage-server.js";
import type { Asking, Groups, Hosts, Told } from "./storage-server.js";

/** The host's rule allows read:/config except read:/config/secret. */
const HOSTS_TABLE = table(`
  profile      subject                  scope                          groups  request                verdict
  wlcg         host:xfer.example.org    host.auth                      -       GET /config/x          +
  wlcg         host:xfer.example.org    openid host.auth queue         -       GET /config/x          +
  wlcg         host:xfer.example.org    host.auth                      -       GET /config/secret/x   403
  wlcg         host:xfer.example.org    host.auth                      -       PROPFIND /config       403
  wlcg         host:xfer.example.org    host.auth                      -       GET /x                 403
  wlcg         host:xfer.example.org    host.auth                      -       PUT /config/x          403
  // the token must say that its subject is a host
  wlcg         host:xfer.example.org    ''                             -       GET /config/x          403
  wlcg         host:xfer.example.org    openid                         -       GET /config/x          403
  wlcg         host:xfer.example.org    Host.auth                      -       GET /config/x          403
  wlcg         host:xfer.example.org    host.auth:/config              -       GET /config/x          403
  wlcg         host:xfer.example.org    host.auth:x                    -       GET /config/x          403
  wlcg         host:xfer.example.org    host.authority                 -       GET /config/x          403
  // the host, and no other
  wlcg         host:XFER.example.org    host.auth                      -       GET /config/x          403
  wlcg         xfer.example.org         host.auth                      -       GET /config/x          403
  wlcg         host:xfer.example.org.   host.auth                      -       GET /config/x          403
  wlcg         host:a.xfer.example.org  host.auth                      -       GET /config/x          403
  // capabilities alone, where there are any
  wlcg         host:xfer.example.org    host.auth storage.read:/x      -       GET /config/x          403
  wlcg         host:xfer.example.org    host.auth storage.read:/x      -       GET /x                 +
  wlcg         host:xfer.example.org    host.auth compute.read         -       GET /config/x          403
  // WLCG tokens alone
  scitokens-2  host:xfer.example.org    host.auth                      -       GET /config/x          403
  at-jwt       host:xfer.example.org    host.auth                      -       GET /config/x          403
  // beside groups
  wlcg         host:xfer.example.org    host.auth                      /wlcg   GET /config/secret/x   +
  wlcg         host:xfer.example.org    ''                             /wlcg   GET /config/x          +
  wlcg         alice                    host.auth                      /wlcg   GET /y                 +
  wlcg         alice                    host.auth                      /other  GET /config/x          403
`);

describe("a host that a server names", () => {
  const hosts: Hosts = [
    { issuer: ISSUER, subject: "host:xfer.example.org", allow: ["read:/config"], except: ["read:/config/secret"] },
  ];

  it.each(HOSTS_TABLE)("$profile, $subject, $scope, $groups: $request, $verdict (S7, S10)", async (row) => {
    const { subject, scope = "", groups = "", request, verdict } = row;
    const claims = { sub: subject, "wlcg.groups": listOf(groups) };
    const asking = { ...requestOf(request), scope, claims, profile: profileOf(row["profile"]) };
    expect((await ask({ ...asking, options: { hosts, groups: ["/wlcg"] } })).verdict).toBe(verdict);
    // Where the server names no groups at all, they have no say.
    if (groups === "-") expect((await ask({ ...asking, options: { hosts } })).verdict).toBe(verdict);
  });

  it("takes no say from a token that is no host's, where no groups are named beside it (S10)", async () => {
    const asking: Asking = { request: "GET /x", rule: "queue", options: { hosts } };
    expect((await ask({ ...asking, scope: "queue" })).verdict).toBe("+");
    expect((await ask({ ...asking, scope: "queue host.auth" })).verdict).toBe("403");
    expect((await ask({ ...asking, scope: "openid" })).verdict).toBe("403");
  });
});

const TWO = "https://two.example.org";
const keys = { [ISSUER]: key, [TWO]: testKey("ES256", "key-1") };
const both = createEnforcer({
  issuer: [
    { issuer: ISSUER, jwks: { keys: [keys[ISSUER].jwk] }, basePath: ["/one", "/old/one"] },
    { issuer: TWO, jwks: { keys: [keys[TWO].jwk] }, basePath: "/two" },
  ],
  audience: "https://data.example.org",
  clock: () => NOW,
});
const rawOf = (issuer: string, claims: object): string =>
  signToken(
    issuer === ISSUER ? keys[ISSUER] : keys[TWO],
    claimsOf("wlcg", { scope: "", ...claims, iss: issuer }),
    headerOf("wlcg"),
  );

/** Both issuers have a group /cms and a host x; the rules are of one issuer each, and /plain is anybody's. */
const ISSUERS = table(`
  issuer  groups  subject  request                        verdict
  one     /cms    alice    GET /one/x                     +
  one     /cms    alice    GET /old/one/x                 +
  one     /cms    alice    GET /x                         403
  one     /cms    alice    GET /two/x                     403
  one     /cms    alice    PUT /one/x                     403
  one     /cms    alice    GET /one/raw                   403
  one     /cms    alice    GET /old/one/raw/x             403
  one     /cms    alice    PROPFIND /one                  403
  one     /cms    alice    PROPFIND1 /one                 +
  one     /cms    alice    PROPFIND /one/y                +
  two     /cms    alice    GET /two/x                     403
  two     /cms    alice    PUT /two/in/x                  +
  two     /cms    alice    PUT /one/in/x                  403
  two     /cms    alice    MKCOL /two/in                  +
  two     /cms    alice    MKCOL /two                     +
  two     /cms    alice    MOVE /two/in/x -> /two/in/y    +
  two     /cms    alice    MOVE /two/in/x -> /one/in/y    403
  // a plain name: whatever is asked for, in the area of the token's issuer
  one     /plain  alice    DELETE /one/x                  +
  one     /plain  alice    DELETE /old/one                +
  one     /plain  alice    DELETE /old                    403
  one     /plain  alice    DELETE /                       403
  one     /plain  alice    GET /two/x                     403
  one     /plain  alice    MOVE /one/x -> /old/one/x      +
  one     /plain  alice    MOVE /one/x -> /two/x          403
  two     /plain  alice    DELETE /two/x                  +
  two     /plain  alice    DELETE /one/x                  403
  // hosts
  one     -       host:x   GET /one/config                +
  one     -       host:x   GET /one/other                 403
  one     -       host:x   GET /two/config                403
  two     -       host:x   GET /two/config                403
  two     -       host:x   GET /one/config                403
`);

describe("issuers that are told apart", () => {
  const groups: Groups = [
    { group: "/cms", issuer: ISSUER, allow: ["read:/"], except: ["read:/raw"] },
    { group: "/cms", issuer: TWO, allow: ["write:/in"] },
    "/plain",
  ];
  const hosts: Hosts = [{ issuer: ISSUER, subject: "host:x", allow: ["read:/config"] }];

  it.each(ISSUERS)("$issuer, $groups, $subject: $request, $verdict (S7, S8, S10, I12)", async (row) => {
    const { issuer, groups: names, subject, request, verdict } = row;
    const claims = { sub: subject, "wlcg.groups": listOf(names), scope: subject === "host:x" ? "host.auth" : "" };
    const raw = rawOf(issuer === "one" ? ISSUER : TWO, claims);
    expect((await ask({ ...requestOf(request), raw, enforcer: both, options: { groups, hosts } })).verdict).toBe(
      verdict,
    );
  });
});

describe("a refusal by groups", () => {
  const options = { groups: TWO_GROUPS };
  const refusal = async (groups: readonly string[], request = "PUT /protected/secret%20file"): Promise<Told> =>
    await ask({ request, scope: "openid", claims: { "wlcg.groups": groups }, options });

  it("asks for the capability that would do, of members; of others for nothing (H3, S7)", async () => {
    expect(await refusal(["/wlcg"])).toMatchObject({ verdict: "403", asks: "storage.modify:/protected/secret%20file" });
    expect(await refusal(["/atlas"])).toMatchObject({ verdict: "403", asks: undefined });
    expect(await refusal([])).toMatchObject({ verdict: "403", asks: undefined });
  });

  it("is told to the operator as one (H6)", async () => {
    expect((await refusal(["/wlcg"])).heard).toMatchObject([{ type: "refused", reason: "groups" }]);
    expect((await refusal(["/atlas"])).heard).toMatchObject([{ type: "refused", reason: "groups" }]);
    const capability = await ask({
      request: "GET /x",
      scope: "compute.read",
      claims: { "wlcg.groups": ["/wlcg"] },
      options,
    });
    expect(capability.heard).toMatchObject([{ type: "refused", reason: "capability" }]);
  });

  it("has a counterpart: what was let through, by which group, host or scopes (H6)", async () => {
    const letThrough = async (asking: Partial<Asking>): Promise<unknown> => {
      const hosts: Hosts = [{ issuer: ISSUER, subject: "host:x", allow: ["read:/"] }];
      const told = await ask({ request: "GET /protected/x", scope: "", ...asking, options: { ...options, hosts } });
      const [event] = told.heard;
      return event?.type === "allowed" ? event.grantedBy : event;
    };
    expect(await letThrough({ claims: { "wlcg.groups": ["/wlcg/test"] } })).toEqual({
      scopes: [],
      group: "/wlcg/test",
    });
    expect(await letThrough({ scope: "host.auth", claims: { sub: "host:x" } })).toEqual({ scopes: [], host: "host:x" });
    const scope = "storage.read:/x storage.read:/protected storage.stage:/";
    expect(await letThrough({ scope, claims: { "wlcg.groups": ["/wlcg"] } })).toEqual({
      scopes: ["storage.read:/protected"],
    });
  });
});
