// What one rule gives to a group or a host, and what its exceptions take away. Rules S4, S7, S10.
import { describe, expect, it } from "vitest";
import { ISSUER } from "../support/static-issuer.js";
import { table } from "../support/table.js";
import { listOf, requestOf } from "./storage-rows.js";
import { ask } from "./storage-server.js";
import type { Asking } from "./storage-server.js";

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
