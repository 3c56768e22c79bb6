// What the scopes of a token grant, asked of a verified token. Rules S4 to S6, S8, S9.
import { describe, expect, it } from "vitest";
import { acls, enforcer, grants, literal } from "../support/granted.js";
import type { Verdict } from "../support/granted.js";
import { enforcerWith, scoped } from "../support/static-issuer.js";

describe("cover", () => {
  it.each([
    ["read:/foo", "/foo", true],
    ["read:/foo", "/foo/", true],
    ["read:/foo", "/foo/bar", true],
    ["read:/foo", "/foobar/x", false],
    ["read:/foo/bar", "/foo/barn/x/y", false],
    ["read:/foo", "/foo/bar/baz/", true],
    ["read:/foo", "/foobar", false],
    ["read:/foo", "/foo.bar", false],
    ["read:/foo", "/foo bar", false],
    ["read:/foo", "/fo", false],
    ["read:/foo", "/", false],
    ["read:/foo", "/x/foo", false],
    ["read:/foo/", "/foo", false],
    ["read:/foo/", "/foo/", true],
    ["read:/foo/", "/foo/x", true],
    ["read:/foo/", "/foo/x/y/", true],
    ["read:/foo/", "/foobar", false],
    ["read:/foo/.", "/foo", false],
    ["read:/foo/.", "/foo/x", true],
    ["read:/foo//", "/foo//x", true],
    ["read:/foo/bar", "/foo", false],
    ["read:/foo/bar", "/foo/", false],
    ["read:/foo/bar", "/foo/bar", true],
    ["read:/foo/bar", "/foo/barbaz", false],
    ["read:/", "/", true],
    ["read:/", "/a", true],
    ["read:/", "/a/b/c/", true],
    ["read:/", "//", true],
    ["read:/a%20b", "/a b/c", true],
    ["read:/a%20b", "/a", false],
    ["read:/100%25", "/100%/x", true],
    ["read:/a read:/b", "/b/x", true],
    ["read:/a read:/b", "/c", false],
    ["read:/a/b/c/d read:/a/b/c", "/a/b/c/e", true],
  ] as const)("of %s over %s is %j (S4)", async (scope, path, granted) => {
    expect(await grants(scope, ["read", path])).toBe(granted);
  });

  it("is of one name: read over a path grants no other name there (S4)", async () => {
    for (const authz of ["write", "reads", "rea", "queue", "storage.create"]) {
      expect(await grants("read:/", [authz, "/x"])).toBe(false);
    }
  });

  it(
    "is asked of a path as long as a request may have in time that grows with its length (S4)",
    { timeout: 1500 },
    async () => {
      const token = await enforcer.verify(scoped("read:/data"));
      for (let i = 0; i < 20; i++) {
        expect(enforcer.test(token, "storage.read", `/${i}${"/a".repeat(7000)}`)).toBe(false);
        expect(enforcer.test(token, "read", `/data/${i}${"/a".repeat(7000)}`)).toBe(true);
      }
    },
  );
});

describe("equivalence", () => {
  const WLCG: readonly Verdict[] = [
    ["storage.read:/a", ["read", "/a/b"], true],
    ["storage.read:/a", ["read", "/b"], false],
    ["storage.read:/a", ["storage.read", "/a"], true],
    ["storage.read:/a", ["write", "/a"], false],
    ["storage.modify:/a", ["write", "/a/b"], true],
    ["storage.modify:/a", ["modify", "/a/b"], true],
    ["storage.modify:/a", ["create", "/a/b"], true],
    ["storage.modify:/a", ["write", "/ab"], false],
    ["storage.modify:/a", ["read", "/a"], false],
    ["storage.modify:/a", ["storage.read", "/a"], false],
    ["storage.create:/a", ["create", "/a/b"], true],
    ["storage.create:/a", ["write", "/a/b"], false],
    ["storage.create:/a", ["modify", "/a/b"], false],
    ["storage.create:/a", ["storage.modify", "/a/b"], false],
    ["storage.create:/a", ["read", "/a/b"], false],
    ["storage.stage:/a", ["read", "/a"], false],
    ["storage.stage:/a", ["stage", "/a"], false],
    ["storage.poll:/a", ["storage.stage", "/a"], false],
    ["compute.read", ["condor", "/READ"], true],
    ["compute.read", ["condor", "/READ/x"], true],
    ["compute.read", ["condor", "/READER"], false],
    ["compute.read", ["condor", "/"], false],
    ["compute.read", ["condor", "/WRITE"], false],
    ["compute.create compute.modify compute.cancel", ["condor", "/WRITE"], true],
    ["compute.create compute.modify compute.cancel", ["condor", "/WRITE/x"], true],
    ["compute.create compute.modify compute.cancel", ["condor", "/READ"], false],
    ["compute.create compute.modify", ["condor", "/WRITE"], false],
    ["compute.create compute.cancel", ["condor", "/WRITE"], false],
    ["compute.modify compute.cancel", ["condor", "/WRITE"], false],
    ["compute.create:/x compute.modify compute.cancel", ["condor", "/WRITE"], false],
    // SciTokens' names in a WLCG token are names like any other.
    ["read:/a", ["read", "/a"], true],
    ["read:/a", ["storage.read", "/a"], false],
    ["write:/a", ["storage.modify", "/a"], false],
    ["write:/a", ["storage.create", "/a"], false],
    ["condor:/READ", ["compute.read"], false],
  ];

  it.each(WLCG)("a WLCG token with %s asked for %j: %j (S5)", async (scope, request, granted) => {
    expect(await grants(scope, request, "wlcg")).toBe(granted);
  });

  const SCITOKENS: readonly Verdict[] = [
    ["read:/a", ["storage.read", "/a/b"], true],
    ["read:/a", ["storage.read", "/ab"], false],
    ["read:/a", ["storage.modify", "/a"], false],
    ["write:/a", ["storage.modify", "/a/b"], true],
    ["write:/a", ["storage.create", "/a/b"], true],
    ["write:/a", ["create", "/a/b"], true],
    ["write:/a", ["modify", "/a/b"], true],
    ["write:/a", ["read", "/a"], false],
    ["write:/a", ["storage.read", "/a"], false],
    ["write:/a", ["storage.stage", "/a"], false],
    ["write:/a", ["storage.poll", "/a"], false],
    ["condor:/READ", ["compute.read"], true],
    ["condor:/", ["compute.read"], true],
    ["condor:/READER", ["compute.read"], false],
    ["condor:/READ/x", ["compute.read"], false],
    ["condor:/WRITE", ["compute.create"], true],
    ["condor:/WRITE", ["compute.modify"], true],
    ["condor:/WRITE", ["compute.cancel"], true],
    ["condor:/WRITE", ["compute.read"], false],
    ["condor:/WRITE", ["compute.other"], false],
    ["condor:/READ", ["compute.create"], false],
    // WLCG's names in a SciTokens token grant themselves only.
    ["storage.read:/a", ["storage.read", "/a"], true],
    ["storage.read:/a", ["read", "/a"], false],
    ["storage.modify:/a", ["write", "/a"], false],
    ["storage.modify:/a", ["storage.create", "/a"], false],
    ["storage.stage:/a", ["storage.poll", "/a"], false],
    ["compute.read", ["condor", "/READ"], false],
    ["compute.create compute.modify compute.cancel", ["condor", "/WRITE"], false],
  ];

  it.each(SCITOKENS)("a SciTokens token with %s asked for %j: %j (S5)", async (scope, request, granted) => {
    expect(await grants(scope, request, "scitokens-2")).toBe(granted);
    expect(await grants(scope, request, "scitokens-1")).toBe(granted);
  });

  it.each([
    ["storage.modify:/a", ["storage.create", "/a/b"], true],
    ["storage.modify:/a", ["storage.create", "/ab"], false],
    ["storage.stage:/a", ["storage.poll", "/a/b"], true],
    ["storage.modify:/a", ["storage.poll", "/a"], false],
    ["storage.stage:/a", ["storage.create", "/a"], false],
  ] as Verdict[])(
    "is not what makes %s include %j of a WLCG token: WLCG says so itself: %j (S5)",
    async (scope, request, granted) => {
      expect(await grants(scope, request, "wlcg")).toBe(granted);
      expect(await grants(scope, request, "wlcg", literal)).toBe(granted);
    },
  );

  const isTranslated = ([scope, [authz], granted]: Verdict): boolean => granted && !scope.split(/[ :]/).includes(authz);

  it.each(WLCG.filter(isTranslated))(
    "false keeps a WLCG token with %s from granting %j (S5)",
    async (scope, request) => {
      expect(await grants(scope, request, "wlcg", literal)).toBe(false);
    },
  );

  it.each(SCITOKENS.filter(isTranslated))(
    "false keeps a SciTokens token with %s from granting %j (S5)",
    async (scope, request) => {
      expect(await grants(scope, request, "scitokens-2", literal)).toBe(false);
    },
  );

  it.each([
    ["storage.read:/a", ["read", "/a"]],
    ["read:/a", ["storage.read", "/a"]],
    ["storage.modify:/a", ["write", "/a"]],
    ["storage.modify:/a", ["storage.create", "/a"]],
    ["storage.stage:/a", ["storage.poll", "/a"]],
    ["write:/a", ["storage.create", "/a"]],
    ["compute.read", ["condor", "/READ"]],
    ["condor:/READ", ["compute.read"]],
    ["condor:/", ["compute.create"]],
    ["storage.read", ["read"]],
  ] as const)("translates nothing of a plain OAuth token: %s does not grant %j (S5)", async (scope, request) => {
    expect(await grants(scope, request, "at-jwt")).toBe(false);
  });
});

describe("capabilities without a path", () => {
  it.each([
    ["queue", ["queue"], true],
    ["queue", ["queue", "/"], true],
    ["queue", ["queue", "/short/x"], true],
    ["queue", ["execute"], false],
    ["gwdatafind.read", ["gwdatafind.read"], true],
    ["gwdatafind.read", ["gwdatafind.read", "/O4"], true],
    ["gwdatafind.read", ["gwdatafind"], false],
    ["queue:/short", ["queue", "/short"], true],
    ["queue:/short", ["queue", "/short/x"], true],
    ["queue:/short", ["queue", "/shorter"], false],
    ["queue:/short", ["queue"], false],
    ["queue:/", ["queue", "/x"], true],
    ["queue:/", ["queue"], false],
    ["compute.read", ["compute.read"], true],
    ["compute.read", ["compute.create"], false],
    ["compute.read:/", ["compute.read"], false],
    ["compute.read:/", ["compute.read", "/"], false],
    ["compute.read:/x", ["compute.read", "/x"], false],
    ["compute.read:/x", ["compute.read"], false],
    ["compute.read:/x compute.read", ["compute.read"], true],
  ] as Verdict[])("%s asked for %j: %j (S6)", async (scope, request, granted) => {
    for (const profile of ["scitokens-2", "wlcg", "at-jwt"] as const) {
      expect(await grants(scope, request, profile)).toBe(granted);
    }
  });
});

describe("base path", () => {
  const below = (basePath: string | readonly string[]) => enforcerWith({}, { basePath });

  it.each([
    ["/vo", "read:/", "/vo", true],
    ["/vo", "read:/", "/vo/", true],
    ["/vo", "read:/", "/vo/x", true],
    ["/vo", "read:/", "//vo//x", true],
    ["/vo", "read:/", "/voodoo", false],
    ["/vo", "read:/", "/", false],
    ["/vo", "read:/", "/other/vo", false],
    ["/vo", "read:/", "/VO/x", false],
    ["/vo", "read:/x", "/vo/x", true],
    ["/vo", "read:/x", "/vo/x/y", true],
    ["/vo", "read:/x", "/vo/xy", false],
    ["/vo", "read:/x", "/vo", false],
    ["/vo", "read:/x", "/x", false],
    ["/vo", "read:/vo/x", "/vo/x", false],
    ["/vo", "read:/vo/x", "/vo/vo/x", true],
    ["/vo/", "read:/x", "/vo/x", true],
    ["/vo/", "read:/", "/vo", true],
    ["//vo/./", "read:/x", "/vo/x", true],
    ["/a/b", "read:/", "/a", false],
    ["/a/b", "read:/c", "/a/b/c", true],
    ["/a b", "read:/c%20d", "/a b/c d", true],
    ["/", "read:/x", "/x", true],
  ] as const)("%s with %s asked for %s: %j (S8)", async (basePath, scope, path, granted) => {
    expect(await grants(scope, ["read", path], "scitokens-2", below(basePath))).toBe(granted);
  });

  it("can be one of several (S8)", async () => {
    const two = below(["/a", "/b/c"]);
    expect(await grants("read:/x", ["read", "/a/x"], "scitokens-2", two)).toBe(true);
    expect(await grants("read:/x", ["read", "/b/c/x"], "scitokens-2", two)).toBe(true);
    expect(await grants("read:/x", ["read", "/b/x"], "scitokens-2", two)).toBe(false);
    expect(await grants("read:/x", ["read", "/x"], "scitokens-2", two)).toBe(false);
  });

  it("holds for a capability that covers every path (S8)", async () => {
    expect(await grants("queue", ["queue", "/vo/x"], "scitokens-2", below("/vo"))).toBe(true);
    expect(await grants("queue", ["queue", "/x"], "scitokens-2", below("/vo"))).toBe(false);
    expect(await grants("queue", ["queue"], "scitokens-2", below("/vo"))).toBe(true);
  });
});

describe("acls()", () => {
  it.each([
    [
      "read:/a write:/b",
      [
        ["read", "/a"],
        ["write", "/b"],
      ],
    ],
    ["read:/a read:/a read:/%61 read:///a read:/./a", [["read", "/a"]]],
    [
      "read:/a read:/a/",
      [
        ["read", "/a"],
        ["read", "/a/"],
      ],
    ],
    ["queue", [["queue", "/"]]],
    ["queue queue", [["queue", "/"]]],
    ["queue queue:/", [["queue", "/"]]],
    ["queue:/ queue", [["queue", "/"]]],
    [
      "queue queue:/short",
      [
        ["queue", "/"],
        ["queue", "/short"],
      ],
    ],
    ["wlcg:1.0 wlcg:1.0", [["wlcg:1.0", "/"]]],
    ["compute.read:/x compute.read", [["compute.read", "/"]]],
    [
      "__proto__ constructor:/a",
      [
        ["__proto__", "/"],
        ["constructor", "/a"],
      ],
    ],
    ["", []],
  ])("of %j is %j (S9)", async (scope, expected) => {
    expect(await acls(scope)).toEqual(expected);
    expect(await acls(scope, "wlcg")).toEqual(expected);
  });

  it("lists a token's own names, and nothing that is only equivalent (S9)", async () => {
    expect(await acls("storage.modify:/a storage.stage:/b compute.read", "wlcg")).toEqual([
      ["storage.modify", "/a"],
      ["storage.stage", "/b"],
      ["compute.read", "/"],
    ]);
    expect(await acls("write:/a condor:/")).toEqual([
      ["write", "/a"],
      ["condor", "/"],
    ]);
  });

  it("lists paths as the token says them, whatever the base path (S9)", async () => {
    const below = enforcerWith({}, { basePath: "/vo" });
    expect(below.acls(await below.verify(scoped("read:/a")))).toEqual([["read", "/a"]]);
  });

  it("is the token's own acls, too (S9)", async () => {
    const token = await enforcer.verify(scoped("read:/a queue"));
    expect(enforcer.acls(token)).toEqual(token.acls);
  });
});
