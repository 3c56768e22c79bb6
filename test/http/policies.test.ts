// What a server gives to groups: tokens without capabilities, judged by its own rules. Rule S7; WLCG profile 2.2.2, 2.2.3.
import type { SciTokenEvent } from "@scitokens/core";
import { authorizeRequest, createProtection } from "@scitokens/core/http";
import { describe, expect, it } from "vitest";
import { enforcerWith, tokenOf } from "../support/static-issuer.js";
import { matrix, table } from "../support/table.js";
import { listOf, profileOf, requestOf, sign } from "./storage-rows.js";
import { ask, TWO_GROUPS } from "./storage-server.js";

/** Who is in a group, and who is judged by groups at all: `groups` of the token, where the server names /cms/uscms. */
const MEMBERS = table(`
  profile      groups                  scope                             request    verdict
  wlcg         /cms/uscms              ''                                GET /x     +
  wlcg         /cms/uscms              ''                                DELETE /   +
  wlcg         /other /cms/uscms       ''                                PUT /x     +
  wlcg         /cms/uscms              openid wlcg.groups queue          GET /x     +
  wlcg         -                       ''                                GET /x     403
  wlcg         /cms                    ''                                GET /x     403
  wlcg         /cms/uscms/sub          ''                                GET /x     403
  wlcg         /cms/USCMS              ''                                GET /x     403
  wlcg         /cms/uscms2             ''                                GET /x     403
  wlcg         /x/cms/uscms            ''                                GET /x     403
  wlcg         -                       wlcg.groups:/cms/uscms            GET /x     403
  // capabilities alone, though they concern another service, or nothing (2.2.3)
  wlcg         /cms/uscms              storage.read:/y                   GET /x     403
  wlcg         /cms/uscms              storage.read:/x                   GET /x     +
  wlcg         -                       storage.read:/x                   GET /x     +
  wlcg         /cms/uscms              storage.stage:/                   GET /x     403
  wlcg         /cms/uscms              compute.create                    GET /x     403
  wlcg         /cms/uscms              compute.create:/x                 GET /x     403
  wlcg         /cms/uscms              compute.anything                  GET /x     403
  wlcg         /cms/uscms              storage.anything:/                GET /x     403
  wlcg         /cms/uscms              queue storage.poll:/              PUT /x     403
  // names that are none of the profile's capabilities
  wlcg         /cms/uscms              read:/y condor:/READ              GET /x     +
  wlcg         -                       read:/ write:/                    GET /x     403
  wlcg         /cms/uscms              storages.read:/y storage          GET /x     +
  wlcg         /cms/uscms              Storage.read:/y                   GET /x     +
  // a token that is bad stays bad
  wlcg         /cms/uscms              storage.read                      GET /x     401
  wlcg         /cms/uscms              read                              GET /x     401
  // groups are WLCG's
  scitokens-2  /cms/uscms              ''                                GET /x     403
  scitokens-2  /cms/uscms              read:/x                           GET /x     +
  scitokens-2  -                       read:/x                           GET /x     +
  at-jwt       /cms/uscms              ''                                GET /x     403
  at-jwt       /cms/uscms              read:/x                           GET /x     +
  // no scope is known for it, whoever asks
  wlcg         /cms/uscms              ''                                LOCK /x    403
  wlcg         /cms/uscms              ''                                GET /../x  400
`);

describe("a group that a server names", () => {
  it.each(MEMBERS)(
    "$profile, $groups, $scope: $request, $verdict (S7)",
    async ({ profile, groups, scope = "", request, verdict }) => {
      const asking = { ...requestOf(request), scope, profile: profileOf(profile) };
      const claims = listOf(groups).length === 0 ? {} : { "wlcg.groups": listOf(groups) };
      expect((await ask({ ...asking, claims, options: { groups: ["/cms/uscms"] } })).verdict).toBe(verdict);
    },
  );

  it("is let through to whatever the route asks for, of whichever of several groups (S7)", async () => {
    const options = { groups: ["/cms/uscms", "/atlas"] };
    for (const rule of ["storage.read:/data", "queue", ["storage.modify:/a", "admin"]]) {
      const asking = { request: "GET /y", scope: "", rule, options };
      expect((await ask({ ...asking, claims: { "wlcg.groups": ["/atlas"] } })).verdict).toBe("+");
      expect((await ask({ ...asking, claims: { "wlcg.groups": ["/cms"] } })).verdict).toBe("403");
    }
  });
});

describe("a group that is all a route asks for", () => {
  it.each([
    ["wlcg", "storage.read:/", /^a token with capabilities is judged by them alone/],
    ["wlcg", "", /^no rule of this route is for the token's groups/],
    ["scitokens-2", "", /^only WLCG tokens have groups/],
    ["at-jwt", "", /^only WLCG tokens have groups/],
  ] as const)("is not that of a %s token with scope %j, and the operator is told why (S7, H6)", async (...row) => {
    const [profile, scope, message] = row;
    const heard: SciTokenEvent[] = [];
    const protection = createProtection({
      enforcer: enforcerWith({ onEvent: (event) => void heard.push(event) }),
      groups: ["/cms/uscms"],
    });
    const authorization = [`Bearer ${tokenOf(profile, { scope })}`];
    await authorizeRequest({ method: "GET", target: "/", authorization, request: {} }, protection);
    expect(heard).toMatchObject([{ type: "refused", reason: "groups", message: expect.stringMatching(message) }]);
  });
});

/** One of two groups is let in where the other is not. */
const IN_TWO_GROUPS = matrix(`
                             /wlcg  /wlcg/test  both  /wlcg/other
  GET /x                     +      -           +     -
  HEAD /x                    +      -           +     -
  PUT /x                     +      -           +     -
  PUTnew /x                  +      -           +     -
  MKCOL /x                   +      -           +     -
  DELETE /x                  +      -           +     -
  GET /protected             +      +           +     -
  GET /protected/x           +      +           +     -
  HEAD /protected/x          +      +           +     -
  PROPFIND /protected        +      +           +     -
  PUT /protected/x           -      +           +     -
  PUTnew /protected/x        -      +           +     -
  MKCOL /protected/x         -      +           +     -
  MKCOL /protected           -      +           +     -
  DELETE /protected/x        -      +           +     -
  PATCH /protected/x         -      +           +     -
  PUT /protected             -      +           +     -
  DELETE /protected          -      +           +     -
  PUT /protected2            +      -           +     -
  PUT /protecte              +      -           +     -
  PUT /x/protected           +      -           +     -
  PUT /%70rotected/x         -      +           +     -
  PUT //protected/./x        -      +           +     -
  PUT /protected/../x        400    400         400   -
  // what touches a whole tree touches what is excepted in it
  DELETE /                   -      -           -     -
  MOVE / -> /y               -      -           -     -
  PROPFIND /                 +      -           +     -
  PROPFINDinfinity /         +      -           +     -
  PATCH /                    +      -           +     -
  PROPPATCH /                +      -           +     -
  // two ends, each by a rule of its own
  MOVE /x -> /y              +      -           +     -
  MOVE /x -> /protected/y    -      -           +     -
  MOVE /protected/x -> /y    -      -           +     -
  MOVE /protected/x -> /protected/y  -  +       +     -
  MOVE /protected -> /y      -      -           +     -
  MOVE /x -> /               -      -           -     -
  COPY /protected -> /y      +      -           +     -
  COPY / -> /y               +      -           +     -
  COPY /x -> /protected/y    -      -           +     -
  COPY /protected/x -> /protected/y  -  +       +     -
  COPY /x -> /               -      -           -     -
`);
const MEMBERSHIPS: Readonly<Record<string, readonly string[]>> = {
  "/wlcg": ["/wlcg"],
  "/wlcg/test": ["/wlcg/test"],
  both: ["/wlcg/test", "/wlcg"],
  "/wlcg/other": ["/wlcg/other", "/WLCG"],
};

describe("rules for two groups", () => {
  it.each(IN_TWO_GROUPS)("%s is allowed to the groups that it says (S7)", async (request, cells) => {
    for (const [who, wanted] of cells) {
      const claims = { "wlcg.groups": MEMBERSHIPS[who] };
      const told = await ask({ ...requestOf(request), claims, options: { groups: TWO_GROUPS } });
      expect([who, sign(told)]).toEqual([who, wanted]);
    }
  });
});
