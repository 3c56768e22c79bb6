// What a server gives to groups: tokens without capabilities, judged by its own rules. Rule S7; WLCG profile 2.2.2, 2.2.3.
import type { SciTokenEvent } from "@scitokens/core";
import { authorizeRequest, createProtection } from "@scitokens/core/http";
import { describe, expect, it } from "vitest";
import { enforcerWith, ISSUER, tokenOf } from "../support/static-issuer.js";
import { matrix, table } from "../support/table.js";
import { listOf, profileOf, requestOf, sign } from "./storage-rows.js";
import { ask, TWO_GROUPS } from "./storage-server.js";
import type { Asking } from "./storage-server.js";

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

/** One rule, and what it gives: allow, except, and requests with their verdicts. */
const RULES = table(`
  allow                      except                   request                     verdict
  read:/                     -                        GET /a                      +
  read:/                     -                        PUT /a                      403
  storage.read:/             -                        GET /a                      +
  write:/                    -                        GET /a                      403
  write:/                    -                        HEAD /a                     +
  write:/                    -                        PUT /a                      +
  storage.modify:/           -                        DELETE /a                   +
  storage.create:/           -                        PUT /a                      403
  storage.create:/           -                        PUTnew /a                   +
  storage.create:/           -                        MKCOL /a                    +
  create:/                   -                        PUTnew /a                   +
  create:/                   -                        PUT /a                      403
  modify:/                   -                        PUT /a                      +
  storage.stage:/            -                        HEAD /a                     +
  storage.stage:/            -                        GET /a                      403
  storage.poll:/             -                        HEAD /a                     403
  read:/a write:/b           -                        GET /a/x                    +
  read:/a write:/b           -                        PUT /a/x                    403
  read:/a write:/b           -                        COPY /a/x -> /b/x           +
  read:/a write:/b           -                        MOVE /a/x -> /b/x           403
  read:/a/b                  -                        GET /a                      403
  read:/a/b                  -                        GET /a/bc                   403
  read:/a/                   -                        GET /a                      403
  read:/a/                   -                        GET /a/                     +
  read:/a%20b                -                        GET /a%20b/x                +
  write:/a/b/c               -                        MKCOL /a/b                  +
  write:/a/b/c               -                        MKCOL /a/c                  403
  // exceptions
  read:/                     read:/a                  GET /a                      403
  read:/                     read:/a                  GET /a/x                    403
  read:/                     read:/a                  GET /ab                     +
  read:/                     read:/a                  GET /                       +
  read:/                     read:/a                  PROPFIND0 /                 +
  read:/                     read:/a                  PROPFIND1 /                 +
  read:/                     read:/a                  PROPFIND /                  403
  read:/                     read:/a                  PROPFINDinfinity /          403
  read:/                     read:/a                  PROPFIND2 /                 403
  read:/                     read:/a/b/c              PROPFIND /a                 403
  read:/                     read:/a/b/c              PROPFIND /a/b/d             +
  read:/                     read:/a/b/c              PROPFIND /b                 +
  read:/                     read:/                   GET /a                      403
  read:/                     storage.read:/a          GET /a                      403
  storage.read:/             read:/a                  GET /a                      403
  read:/                     read:/a/                 GET /a                      403
  read:/                     read:/a/                 GET /ab                     +
  read:/                     read:/a/                 GET /a/                     403
  read:/                     read:/a/                 GET /a/x                    403
  read:/                     read:/a/                 PROPFIND /a                 403
  read:/                     read:/a read:/b/c        GET /b/c                    403
  read:/                     read:/a read:/b/c        GET /b/d                    +
  read:/ write:/             write:/a                 GET /a                      +
  read:/ write:/             write:/a                 HEAD /a                     +
  read:/ write:/             read:/a                  HEAD /a                     +
  read:/ write:/             read:/a                  GET /a                      403
  read:/ write:/             read:/a                  DELETE /a                   +
  read:/ write:/             read:/a/b                COPY /a -> /c               403
  read:/ write:/             read:/a/b                COPY /a/c -> /c             +
  read:/ write:/             read:/a/b                MOVE /a -> /c               +
  read:/ write:/             read:/a/b                DELETE /a                   +
  read:/ write:/             write:/a/b               DELETE /a                   403
  read:/ write:/             write:/a/b               DELETE /a/c                 +
  read:/ write:/             write:/a/b               MOVE /a -> /c               403
  read:/ write:/             write:/a/b               MOVE /c -> /a               403
  read:/ write:/             write:/a/b               MOVE /c -> /a/d             +
  read:/ write:/             write:/a/b               COPY /a -> /c               +
  read:/ write:/             write:/a/b               COPY /c -> /a               403
  read:/ write:/             write:/a/b               COPY /c -> /a/d             +
  read:/ write:/             write:/a/b               PUT /a                      +
  read:/ write:/             write:/a/b               MKCOL /a                    +
  read:/ write:/             write:/a/b               PATCH /a                    +
  read:/ write:/             storage.modify:/a        PUTnew /a/x                 403
  read:/ write:/             modify:/a                PUT /a/x                    403
  storage.create:/           write:/a                 PUTnew /a/x                 403
  storage.create:/           write:/a                 PUTnew /b                   +
  storage.create:/           write:/a                 HEAD /a                     403
  storage.create:/           storage.create:/a        PUTnew /a/x                 403
  storage.create:/           storage.create:/a        PUTnew /b                   +
  write:/a/b/c               write:/a/b/c             MKCOL /a/b                  +
  write:/a/b/c               write:/a                 MKCOL /a                    403
`);

const CONDOR_RULES = matrix(`
                   compute.read  compute.create  compute.modify  compute.cancel  condor:/READ  condor:/WRITE
  condor:/READ     +             -               -               -               +             -
  condor:/WRITE    -             +               +               +               -             +
  condor:/         +             +               +               +               +             +
  condor:/READ/    -             -               -               -               -             -
  condor:/READS    -             -               -               -               -             -
`);

describe("one rule for a group", () => {
  it.each(RULES)(
    "allow $allow, except $except: $request, $verdict (S7, S4, S10)",
    async ({ allow, except, request, verdict }) => {
      const rule = { allow: listOf(allow), ...(except === "-" ? {} : { except: listOf(except) }) };
      const groups = [{ group: "/wlcg", ...rule }];
      const claims = { "wlcg.groups": ["/wlcg"] };
      expect((await ask({ ...requestOf(request), claims, options: { groups } })).verdict).toBe(verdict);
      // The same for a host, and not for a group beside it.
      const hosts = [{ issuer: ISSUER, subject: "host:x.example.org", ...rule }];
      const host = { scope: "host.auth", claims: { sub: "host:x.example.org" } };
      expect((await ask({ ...requestOf(request), ...host, options: { hosts } })).verdict).toBe(verdict);
      const other = [{ group: "/wlcg2", ...rule }];
      expect((await ask({ ...requestOf("GET /a"), claims, options: { groups: other } })).verdict).toBe("403");
    },
  );

  it("takes away from itself, and not from another (S7)", async () => {
    const claims = { "wlcg.groups": ["/wlcg"] };
    const options = {
      groups: [
        { group: "/wlcg", allow: ["read:/"], except: ["read:/a"] },
        { group: "/wlcg", allow: ["read:/a/b"] },
      ],
    };
    expect((await ask({ request: "GET /a/b", claims, options })).verdict).toBe("+");
    expect((await ask({ request: "GET /a/c", claims, options })).verdict).toBe("403");
    expect((await ask({ request: "PROPFIND /a", claims, options })).verdict).toBe("403");
    const plainToo = { groups: [...options.groups, "/wlcg"] };
    expect((await ask({ request: "DELETE /a/c", claims, options: plainToo })).verdict).toBe("+");
  });

  it("judges a directory as one, where the server says what is there (S4)", async () => {
    const claims = { "wlcg.groups": ["/wlcg"] };
    const options = { groups: [{ group: "/wlcg", allow: ["read:/a/"] }] };
    const verdict = async (kind: "file" | "directory"): Promise<string> =>
      (await ask({ request: "GET /a", claims, options, kind })).verdict;
    expect(await verdict("file")).toBe("403");
    expect(await verdict("directory")).toBe("+");
  });

  it("is for whatever the route asks, also where that is no request's path (S7, R4)", async () => {
    const options = { groups: [{ group: "/wlcg", allow: ["read:/data", "compute.read"], except: ["read:/data/raw"] }] };
    const verdict = async (rule: NonNullable<Asking["rule"]>): Promise<string> =>
      (await ask({ request: "GET /y", claims: { "wlcg.groups": ["/wlcg"] }, options, rule })).verdict;
    expect(await verdict("storage.read:/data/x")).toBe("+");
    expect(await verdict("read:/data/x")).toBe("+");
    expect(await verdict("read:/data/raw/x")).toBe("403");
    expect(await verdict("read:/other")).toBe("403");
    expect(await verdict("compute.read")).toBe("+");
    expect(await verdict(["read:/data/x", "compute.create"])).toBe("403");
  });

  it.each(CONDOR_RULES)(
    "that allows %s allows what a SciToken with that scope may do (S5, S7)",
    async (scope, cells) => {
      const options = { groups: [{ group: "/wlcg", allow: [scope] }] };
      for (const [rule, wanted] of cells) {
        const member = await ask({ request: "GET /", claims: { "wlcg.groups": ["/wlcg"] }, options, rule });
        const holder = await ask({ request: "GET /", profile: "scitokens-2", scope, rule });
        expect([rule, sign(member), sign(holder)]).toEqual([rule, wanted, wanted]);
      }
    },
  );
});

/** What a rule of a compute element gives, by the name that a route asks for. */
const COMPUTE = matrix(`
                                                compute.read  compute.create  compute.modify  compute.cancel  condor:/READ  condor:/WRITE  condor:/x
  condor:/READ                                  +             -               -               -               +             -              -
  condor:/WRITE                                 -             +               +               +               -             +              -
  condor:/x                                     -             -               -               -               -             -              +
  condor:/                                      +             +               +               +               +             +              +
  compute.read                                  +             -               -               -               +             -              -
  compute.create compute.cancel                 -             +               -               +               -             -              -
  compute.create compute.modify compute.cancel  -             +               +               +               -             +              -
`);

describe("a rule for jobs", () => {
  it.each(COMPUTE)("that allows %s holds for either language's name of it (S5, S7)", async (allow, cells) => {
    const options = { groups: [{ group: "/wlcg", allow: allow.split(" ") }] };
    for (const [rule, wanted] of cells) {
      const told = await ask({ request: "POST /jobs", claims: { "wlcg.groups": ["/wlcg"] }, options, rule });
      expect([rule, sign(told)]).toEqual([rule, wanted]);
    }
  });
});

describe("an exception", () => {
  it("holds where the route's scope is written: that stands for all below its path (S7, S4)", async () => {
    const rule = { group: "/cms/uscms", allow: ["write:/"], except: ["write:/data/protected"] };
    const verdictOf = async (scope: string): Promise<string> => {
      const asking = { request: "DELETE /x", rule: scope, options: { groups: [rule] } };
      return (await ask({ ...asking, claims: { "wlcg.groups": ["/cms/uscms"] } })).verdict;
    };
    expect(await verdictOf("write:/other")).toBe("+");
    expect(await verdictOf("write:/data")).toBe("403");
    expect(await verdictOf("write:/data/protected/x")).toBe("403");
  });

  it("holds however many there are, and one of everything among them (S7)", async () => {
    const except = Array.from({ length: 40 }, (_, i) => `read:/a/${i}/x`);
    const verdictOf = async (request: string, more: readonly string[] = []): Promise<string> => {
      const groups = [{ group: "/wlcg", allow: ["read:/"], except: [...except, ...more] }];
      return (await ask({ request, options: { groups }, claims: { "wlcg.groups": ["/wlcg"] } })).verdict;
    };
    for (const request of ["GET /a/39/x/y", "PROPFIND /a/7", "PROPFIND /"])
      expect([request, await verdictOf(request)]).toEqual([request, "403"]);
    for (const request of ["GET /a/39/y", "GET /a/7", "PROPFIND /b"]) {
      expect([request, await verdictOf(request)]).toEqual([request, "+"]);
      expect([request, await verdictOf(request, ["read:/"])]).toEqual([request, "403"]);
    }
  });

  it("takes nothing from what touches the directory above it alone: GET, HEAD, PATCH, and not DELETE (S7, R3)", async () => {
    const rule = { group: "/cms/uscms", allow: ["read:/", "write:/"], except: ["read:/a/b", "write:/a/b"] };
    const verdictOf = async (request: string): Promise<string> =>
      (await ask({ request, options: { groups: [rule] }, claims: { "wlcg.groups": ["/cms/uscms"] } })).verdict;
    for (const request of ["GET /a", "HEAD /a", "PATCH /a", "PUT /a"])
      expect([request, await verdictOf(request)]).toEqual([request, "+"]);
    for (const request of ["DELETE /a", "GET /a/b", "PATCH /a/b/c"])
      expect([request, await verdictOf(request)]).toEqual([request, "403"]);
  });
});
