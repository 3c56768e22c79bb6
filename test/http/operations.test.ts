// What each capability lets do to a file: the tables of R3 and of the WLCG profile's 2.2.1, written out. Rules R2, R3, S2 to S5.
import { describe, expect, it } from "vitest";
import { matrix, table } from "../support/table.js";
import { sign } from "./storage-rows.js";
import { ask, enforcerOf } from "./storage-server.js";
import type { Asking } from "./storage-server.js";

/** On /foo/bar. "?": the server does not say whether something is there; "old": it is; "new": it is not. */
const OPERATIONS: Readonly<Record<string, Omit<Asking, "scope" | "profile">>> = {
  GET: { request: "GET /foo/bar" },
  HEAD: { request: "HEAD /foo/bar" },
  OPTIONS: { request: "OPTIONS /foo/bar" },
  FIND0: { request: "PROPFIND /foo/bar", lines: ["Depth", "0"] },
  FIND1: { request: "PROPFIND /foo/bar", lines: ["Depth", "1"] },
  FIND: { request: "PROPFIND /foo/bar" },
  "PUT?": { request: "PUT /foo/bar" },
  PUTold: { request: "PUT /foo/bar", exists: true },
  PUTnew: { request: "PUT /foo/bar", exists: false },
  "POST?": { request: "POST /foo/bar" },
  POSTnew: { request: "POST /foo/bar", exists: false },
  MKCOL: { request: "MKCOL /foo/bar" },
  DELETE: { request: "DELETE /foo/bar" },
  DELnew: { request: "DELETE /foo/bar", exists: false },
  PATCH: { request: "PATCH /foo/bar" },
  PATCHn: { request: "PATCH /foo/bar", exists: false },
  PROPP: { request: "PROPPATCH /foo/bar" },
  LOCK: { request: "LOCK /foo/bar" },
};

const ON_A_FILE = matrix(`
                                        GET  HEAD  OPTIONS  FIND0  FIND1  FIND  PUT?  PUTold  PUTnew  POST?  POSTnew  MKCOL  DELETE  DELnew  PATCH  PATCHn  PROPP  LOCK
  storage.read:/foo                     +    +     +        +      +      +     -     -       -       -      -        -      -       -       -      -       -      -
  read:/foo                             +    +     +        +      +      +     -     -       -       -      -        -      -       -       -      -       -      -
  storage.create:/foo                   -    +     +        +      -      -     -     -       +       -      +        +      -       -       -      -       -      -
  storage.modify:/foo                   -    +     +        +      -      -     +     +       +       +      +        +      +       +       +      +       +      -
  write:/foo                            -    +     +        +      -      -     +     +       +       +      +        +      +       +       +      +       +      -
  storage.stage:/foo                    -    +     +        +      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  storage.poll:/foo                     -    -     -        -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  storage.list:/foo                     -    -     -        -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  create:/foo                           -    -     -        -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  modify:/foo                           -    -     -        -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  condor:/foo                           -    -     -        -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  condor:/WRITE                         -    -     -        -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  compute.read                          -    -     -        -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  compute.read:/foo                     -    -     -        -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  compute.create compute.modify compute.cancel  -  -  -     -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  queue                                 -    -     -        -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  queue:/foo                            -    -     -        -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  Storage.Read:/foo                     -    -     -        -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  storage.read:/foo/ba                  -    -     -        -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  storage.modify:/foo/bargain           -    -     -        -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  ''                                    -    -     -        -      -      -     -     -       -       -      -        -      -       -       -      -       -      -
  storage.read:/foo storage.create:/foo  +   +     +        +      +      +     -     -       +       -      +        +      -       -       -      -       -      -
  read:/foo write:/foo                  +    +     +        +      +      +     +     +       +       +      +        +      +       +       +      +       +      -
`);

describe("an operation on /foo/bar", () => {
  const literal = enforcerOf({ equivalence: false });

  it.each(ON_A_FILE)("is allowed or not by %j, in every profile (R3, S5)", async (held, cells) => {
    for (const profile of ["wlcg", "scitokens-2", "at-jwt"] as const) {
      for (const [name, wanted] of cells) {
        const asking = { ...known(name), scope: held, profile };
        expect([profile, name, sign(await ask(asking))]).toEqual([profile, name, wanted]);
        // The names in R3's table are read as they stand, translated or not.
        expect([profile, name, sign(await ask({ ...asking, enforcer: literal }))]).toEqual([profile, name, wanted]);
      }
    }
  });

  it.each([
    "storage.read",
    "storage.modify:",
    "storage.create:foo",
    "storage.read:/foo write",
    "read:/foo/..",
    "write:/%2e%2e",
  ])("is refused as a whole, 401, with %j in a SciTokens or WLCG token (S2, S3, R6)", async (held) => {
    for (const profile of ["wlcg", "scitokens-2"] as const) {
      const verdicts = [];
      for (const name of Object.keys(OPERATIONS))
        verdicts.push((await ask({ ...known(name), scope: held, profile })).verdict);
      expect(new Set(verdicts)).toEqual(new Set(["401"]));
    }
  });

  it("is not allowed by a bare name in an at-jwt token, which means nothing about paths (S2)", async () => {
    for (const held of ["storage.read", "read write", "storage.modify storage.create storage.stage"]) {
      for (const name of Object.keys(OPERATIONS)) {
        expect((await ask({ ...known(name), scope: held, profile: "at-jwt" })).verdict).toBe("403");
      }
    }
  });

  it("does not depend on Overwrite, nor on any other header (R3)", async () => {
    for (const lines of [
      ["Overwrite", "F"],
      ["Overwrite", "T"],
      ["If-None-Match", "*"],
      ["X-HTTP-Method-Override", "GET"],
    ]) {
      const told = await ask({ request: "PUT /foo/bar", lines, scope: "storage.create:/foo storage.read:/foo" });
      expect(told.verdict).toBe("403");
    }
  });
});

function known(name: string): Omit<Asking, "scope" | "profile"> {
  const found = OPERATIONS[name];
  if (found === undefined) throw new Error(`expected an operation: ${name}`);
  return found;
}

const DEPTHS: readonly (readonly [depths: readonly string[], name: "stat" | "list"])[] = [
  [[], "list"],
  [["0"], "stat"],
  [["0", "0"], "list"],
  [["1"], "list"],
  [["infinity"], "list"],
  [["0", "1"], "list"],
  [["1", "0"], "list"],
  [["0, 0"], "list"],
  [["00"], "list"],
  [["-0"], "list"],
  [["0.0"], "list"],
  [["0 "], "list"],
  [["0", ""], "list"],
  [[""], "list"],
];

describe("PROPFIND", () => {
  it.each(DEPTHS)("with the Depth lines %j is %s (R3)", async (depths, name) => {
    const asking = { request: "PROPFIND /foo", lines: depths.flatMap((depth) => ["dEpTh", depth]) };
    expect((await ask({ ...asking, scope: "storage.create:/" })).verdict).toBe(name === "stat" ? "+" : "403");
    expect((await ask({ ...asking, scope: "storage.read:/" })).operation?.name).toBe(name);
  });
});

/** What operationOf() says, and what a challenge asks for where nothing is held. */
const SAID = table(`
  request                name    path      asks
  GET /a%20b//x/?y       read    /a b/x/   storage.read:/a%20b/x/
  HEAD /a                stat    /a        storage.read:/a
  OPTIONS /              stat    /         storage.read:/
  PROPFIND /a/           list    /a/       storage.read:/a/
  PUT /a                 write   /a        storage.modify:/a
  PUT /a/                write   /a/       storage.modify:/a
  POST /%C3%A9           write   /é        storage.modify:/%C3%A9
  MKCOL /a               mkdir   /a        storage.create:/a/
  MKCOL /a/              mkdir   /a/       storage.create:/a/
  DELETE /a/             modify  /a/       storage.modify:/a/
  PATCH /100%25          modify  /100%     storage.modify:/100%25
  PROPPATCH /a           modify  /a        storage.modify:/a
`);

describe("the operation of a request", () => {
  it.each(SAID)("$request is $name on $path, and asks for $asks (R3)", async ({ request = "", name, path, asks }) => {
    const { operation } = await ask({ request, scope: "storage.read:/ storage.modify:/" });
    expect(operation).toMatchObject({ name, path });
    expect(operation?.source ?? operation?.destination ?? operation?.remote).toBeUndefined();
    const refused = await ask({ request, scope: "storage.poll:/" });
    expect(refused).toMatchObject({ verdict: "403", asks, operation: undefined });
  });

  it("does not let a token replace that may not: whatever is made, read or looked at by it (R3)", async () => {
    const seen: unknown[] = [];
    for (const method of ["MKCOL", "HEAD", "OPTIONS", "PROPFIND", "GET"]) {
      const scope = method === "PROPFIND" || method === "GET" ? "storage.read:/" : "storage.create:/";
      const { operation } = await ask({ request: `${method} /a`, scope });
      if (operation?.mayReplace !== false) seen.push(operation);
    }
    expect(seen).toEqual([]);
  });

  it("says whether what is there may be replaced: by whoever may modify, whatever is there (R3)", async () => {
    const seen = async (scope: string, exists: boolean): Promise<unknown> =>
      (await ask({ request: "PUT /a", scope, exists })).operation?.mayReplace;
    expect(await seen("storage.modify:/", false)).toBe(true);
    expect(await seen("storage.modify:/", true)).toBe(true);
    expect(await seen("storage.create:/", false)).toBe(false);
    expect(await seen("storage.create:/", true)).toBeUndefined();
    expect(await seen("storage.create:/ storage.modify:/b", false)).toBe(false);
  });

  it("asks for the same whatever is there, and in whatever form (R3, H4)", async () => {
    const asks = async (more: Partial<Asking>): Promise<unknown> =>
      (await ask({ request: "PUT /a", scope: "storage.create:/b/", ...more })).asks;
    const seen = [];
    for (const exists of [undefined, true, false]) {
      for (const kind of [undefined, "file", "directory", "nothing"] as const) {
        seen.push(await asks({ ...(exists === undefined ? {} : { exists }), ...(kind === undefined ? {} : { kind }) }));
        seen.push(await asks({ scope: "storage.create:/a", exists: true, ...(kind === undefined ? {} : { kind }) }));
        seen.push(await asks({ scope: "storage.create:/a/", exists: true, ...(kind === undefined ? {} : { kind }) }));
      }
    }
    expect(new Set(seen)).toEqual(new Set(["storage.modify:/a"]));
  });
});
