// What the scopes of a token grant, asked of a verified token. Rules S1 to S6, S8, S9, R1, R4, R5.
import { InvalidPathError } from "@scitokens/core";
import type { EnforcerOptions, ProfileName } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { encode } from "../support/sign.js";
import {
  CANARY,
  claimsOf,
  enforcerWith,
  GOOD_HEADER,
  scoped,
  signSegments,
  tokenOf,
  verdict,
} from "../support/static-issuer.js";
import { typeErrorOf, wrong } from "../support/wrong.js";

type Request = readonly [authz: string, path?: string];
type Verdict = readonly [scope: string, request: Request, granted: boolean];

const enforcer = enforcerWith();
const literal = enforcerWith({ equivalence: false });

async function grants(
  scope: string,
  [authz, path]: Request,
  profile: ProfileName = "scitokens-2",
  of = enforcer,
): Promise<boolean> {
  const token = await of.verify(tokenOf(profile, { scope }));
  return path === undefined ? of.test(token, authz) : of.test(token, authz, path);
}

const acls = async (scope: string, profile: ProfileName = "scitokens-2") =>
  enforcer.acls(await enforcer.verify(tokenOf(profile, { scope })));

describe("the scope claim", () => {
  it.each([
    ["read:/a write:/b", ["read:/a", "write:/b"]],
    ["  read:/a   write:/b ", ["read:/a", "write:/b"]],
    ["", []],
    ["    ", []],
    ["queue", ["queue"]],
  ])("is split at blanks: %j (S1)", async (scope, scopes) => {
    expect((await enforcer.verify(scoped(scope))).scopes).toEqual(scopes);
  });

  it.each([
    ["read:/a,write:/b", ["read", "/a"], false],
    ["read:/a,write:/b", ["read", "/a,write:/b"], true],
    ["read:/a,write:/b", ["write", "/b"], false],
    ["queue,execute", ["queue"], false],
    ["queue,execute", ["queue,execute"], true],
    ["queue;execute", ["execute"], false],
    ["read:/a\u00a0write:/b", ["write", "/b"], false],
    ["read:/a\u2003write:/b", ["write", "/b"], false],
    ["queue\u00a0execute", ["execute"], false],
  ] as Verdict[])("is split by nothing else: %j asked for %j is %j (S1)", async (scope, request, granted) => {
    expect(await grants(scope, request)).toBe(granted);
  });

  it.each(["\t", "\n", "\r", "\v", "\f", "\0", "\u001f", "\u007f"])(
    "is refused with the control character %j in it (S1)",
    async (control) => {
      for (const scope of [
        `read:/a${control}write:/b`,
        `queue${control}execute`,
        `wlcg:1${control}0`,
        `read:/a ${control}`,
        control,
      ]) {
        expect(await verdict(enforcer, scoped(scope))).toBe("scope_syntax");
      }
    },
  );

  it.each([
    ["Read:/a", ["read", "/a"]],
    ["READ:/a", ["read", "/a"]],
    ["read:/A", ["read", "/a"]],
    ["QUEUE", ["queue"]],
  ] as const)("keeps upper and lower case apart: %s is not %j (S1)", async (scope, request) => {
    expect(await grants(scope, request)).toBe(false);
  });

  it("grants nothing when it is empty (S1)", async () => {
    expect(await acls("")).toEqual([]);
    expect(await grants("", ["read", "/"])).toBe(false);
    expect(await grants("", ["queue"])).toBe(false);
  });
});

describe("a scope value", () => {
  const PATH_NAMES = [
    "read",
    "write",
    "condor",
    "storage.read",
    "storage.modify",
    "storage.create",
    "storage.stage",
    "storage.poll",
    "storage.x",
  ];
  const LISTS = ["@", "@ read:/a", "read:/a @", "read:/a @ queue"];

  it.each(PATH_NAMES)("%s spoils the whole token without an absolute path, wherever it stands (S2)", async (name) => {
    for (const value of [
      name,
      `${name}:`,
      `${name}:a`,
      `${name}:a/b`,
      `${name}:./a`,
      `${name}:%2Fa`,
      `${name}::/a`,
      `${name}:\\a`,
    ]) {
      for (const list of LISTS) {
        const scope = list.replace("@", value);
        expect(await verdict(enforcer, scoped(scope))).toBe("scope_syntax");
        expect(await verdict(enforcer, tokenOf("wlcg", { scope }))).toBe("scope_syntax");
        expect(await verdict(enforcer, tokenOf("scitokens-1", { scope }))).toBe("scope_syntax");
      }
    }
    expect(await verdict(enforcer, scoped(`${name}:/a`))).toBe("good");
  });

  it.each([":", ":/a", "::", ":read:/a", ":a"])("%j has no name, and spoils the whole token (S2)", async (value) => {
    for (const list of LISTS) {
      expect(await verdict(enforcer, scoped(list.replace("@", value)))).toBe("scope_syntax");
      expect(await verdict(enforcer, tokenOf("at-jwt", { scope: list.replace("@", value) }))).toBe("scope_syntax");
    }
  });

  it.each([
    ["queue", ["queue"], true],
    ["reads", ["reads"], true],
    ["storage", ["storage"], true],
    ["readx:a", ["readx:a"], true],
    ["wlcg:1.0", ["wlcg:1.0"], true],
    ["wlcg:1.0", ["wlcg"], false],
    ["wlcg:1.0", ["wlcg", "/1.0"], false],
    ["wlcg:1.0", ["wlcg:1.0", "/"], false],
    ["wlcg:1.0", ["wlcg:1.00"], false],
    ["aud:https://x", ["aud:https://x"], true],
    ["aud:https://x", ["aud:https://x/"], false],
    ["aud:https://x", ["aud", "/x"], false],
    ["queue:", ["queue:"], true],
    ["queue:", ["queue"], false],
    ["queue", ["queue:"], false],
    ["openid profile offline_access", ["profile"], true],
    ["a:b:c", ["a:b:c"], true],
    ["a:b:c", ["a"], false],
    ["a:b:/c", ["a", "/c"], false],
    ["queue:/a:b", ["queue", "/a:b"], true],
    ["__proto__", ["__proto__"], true],
    ["__proto__:/x", ["__proto__", "/x/y"], true],
    ["constructor", ["toString"], false],
    ["queue", ["constructor"], false],
    ["queue", ["__proto__"], false],
    ["queue", ["hasOwnProperty", "/"], false],
  ] as Verdict[])(
    "%s asked for %j is %j: opaque values equal only themselves (S2)",
    async (scope, request, granted) => {
      expect(await grants(scope, request)).toBe(granted);
    },
  );

  it.each([
    ["read", ["read"], true],
    ["read", ["read", "/"], false],
    ["read", ["read", "/a"], false],
    ["write", ["write", "/a"], false],
    ["write", ["write"], true],
    ["storage.read", ["storage.read", "/a"], false],
    ["read:/a", ["read", "/a/b"], true],
    ["read:/a", ["read"], false],
    ["read:", ["read"], false],
    ["read:a", ["read"], false],
    ["read read:/a", ["read"], true],
    ["read read:/a", ["read", "/a"], true],
    ["read read:/a", ["read", "/b"], false],
  ] as Verdict[])(
    "of a plain OAuth token, %s asked for %j is %j: a bare name is no path (S2)",
    async (scope, request, granted) => {
      expect(await grants(scope, request, "at-jwt")).toBe(granted);
      const plain = enforcerWith({ profiles: ["oauth"] });
      expect(await grants(scope, request, "oauth", plain)).toBe(granted);
    },
  );

  it("of a plain OAuth token, a bad path still spoils the token (S2)", async () => {
    expect(await verdict(enforcer, tokenOf("at-jwt", { scope: "read read:/a/.." }))).toBe("scope_syntax");
  });

  it("is never repeated in what is said of it (S2)", async () => {
    // verdict() looks for the canary in the error.
    expect(await verdict(enforcer, scoped(`storage.${CANARY}`))).toBe("scope_syntax");
    expect(await verdict(enforcer, scoped(`read:${CANARY}`))).toBe("scope_syntax");
    expect(await verdict(enforcer, scoped(`read:/${CANARY}/..`))).toBe("scope_syntax");
    expect(await verdict(enforcer, scoped(`queue:/${CANARY}%`))).toBe("scope_syntax");
  });
});

describe("a scope's path", () => {
  it.each([
    ["read:/a%20b", "/a b"],
    ["read:/a%2Bb", "/a+b"],
    ["read:/a+b", "/a+b"],
    ["read:/%C3%BC", "/ü"],
    ["read:/ü", "/ü"],
    ["read:/%F0%9F%98%80", "/😀"],
    ["read:/%", undefined],
    ["read:/100%25", "/100%"],
    ["read:/%25", "/%"],
    ["read:/%2541", "/%41"],
    ["read:/%61", "/a"],
    ["read:///a//b/./c/", "/a/b/c/"],
    ["read:/a/.", "/a/"],
    ["read:/./", "/"],
    ["read:/.", "/"],
    ["read:/%2E/a", "/a"],
    ["read:/a/%2e", "/a/"],
    ["read:/", "/"],
    ["read://", "/"],
    ["read:////", "/"],
    ["read:/...", "/..."],
    ["read:/..a", "/..a"],
    ["read:/a..", "/a.."],
    ["read:/%2e%2e%2e", "/..."],
    ["read:/.a/b.", "/.a/b."],
    ["read:/a?b#c", "/a?b#c"],
    ["read:/a;b=c,d", "/a;b=c,d"],
    ["read:/a*", "/a*"],
    ["read:/~user", "/~user"],
    ["read:/a:/b", "/a:/b"],
    ["read:/C:/x", "/C:/x"],
  ] as const)("of %s is %j, decoded once (S3)", async (scope, path) => {
    if (path === undefined) expect(await verdict(enforcer, scoped(scope))).toBe("scope_syntax");
    else expect(await acls(scope)).toEqual([["read", path]]);
  });

  const HIDDEN = [
    "..",
    "%2e%2e",
    "%2E%2E",
    ".%2e",
    "%2e.",
    "%252e%252e",
    "%252e.",
    "%25252e%2e",
    "%c0%ae%c0%ae",
    "%c0%ae",
    "%e0%80%ae",
    "a%2Fb",
    "a%2fb",
    "%2F",
    "a%252Fb",
    "a%25252fb",
    "a%5Cb",
    "a%5cb",
    "a\\b",
    "\\",
    "a%255Cb",
    "a%00b",
    "%00",
    "a%2500b",
    "%0a",
    "%0D",
    "%09",
    "%1f",
    "%7f",
    "%250a",
    "%257F",
    "%",
    "%2",
    "a%",
    "%zz",
    "%2g",
    "%u002e",
    "%-1",
    "% 20",
    "%80",
    "%ff",
    "%C3",
    "%C3%28",
    "%ED%A0%80",
    "%F4%90%80%80",
    "%F5%80%80%80",
    "%fe",
    "%c1%9c",
    "%2e%2",
    "..%2f",
    "..%00",
    "%252e%252e%252f",
  ];

  it.each(HIDDEN)("with the segment %j spoils the whole token (S3)", async (segment) => {
    for (const path of [`/${segment}`, `/a/${segment}`, `/a/${segment}/b`, `/${segment}/`]) {
      if (segment.includes(" ")) continue;
      expect(await verdict(enforcer, scoped(`read:${path}`))).toBe("scope_syntax");
      expect(await verdict(enforcer, scoped(`queue:${path} read:/a`))).toBe("scope_syntax");
      expect(await verdict(enforcer, tokenOf("at-jwt", { scope: `read:/a read:${path}` }))).toBe("scope_syntax");
    }
  });

  const folded = (text: string, times: number): string =>
    Array.from({ length: times }).reduce<string>((inner) => inner.replaceAll("%", "%25"), text);

  it.each([1, 2, 3, 5, 7, 8, 9, 10, 50])(
    "with '..' encoded %d times over spoils the whole token (S3)",
    async (times) => {
      expect(await verdict(enforcer, scoped(`read:/a/${folded("%2e%2e", times - 1)}/b`))).toBe("scope_syntax");
      expect(await verdict(enforcer, scoped(`read:/a${folded("%2F", times - 1)}b`))).toBe("scope_syntax");
      expect(await verdict(enforcer, scoped(`read:/a${folded("%00", times - 1)}b`))).toBe("scope_syntax");
    },
  );

  it.each([1, 2, 3])("with a percent sign encoded %d times over is decoded once (S3)", async (times) => {
    const decoded = folded("%", times - 1);
    expect(await acls(`read:/${folded("%", times)}`)).toEqual([["read", `/${decoded}`]]);
  });

  // No UTF-8 says an unpaired surrogate: written as an escape of percent signs it is refused, and so it is as itself.
  it.each(["\\ud800", "\\udc00", "a\\udfff", "\\ude00\\ud83d"])(
    "with the unpaired surrogate %s spoils the whole token (S3)",
    async (escape) => {
      const payload = JSON.stringify(claimsOf("scitokens-2", { scope: "@" })).replace("@", `read:/${escape}`);
      expect(await verdict(enforcer, signSegments(GOOD_HEADER, encode(payload)))).toBe("scope_syntax");
    },
  );

  it("is compared code point by code point: no normalisation makes two names one (S3)", async () => {
    expect(await grants("read:/e%CC%81", ["read", "/\u0065\u0301"])).toBe(true);
    expect(await grants("read:/e%CC%81", ["read", "/\u00e9"])).toBe(false);
  });

  it("is read in time that grows with its length (S3)", { timeout: 2000 }, async () => {
    expect(await acls(`read:/${"/".repeat(11_000)}a`)).toEqual([["read", "/a"]]);
    expect(await acls(`read:${"/.".repeat(5500)}`)).toEqual([["read", "/"]]);
    expect(await verdict(enforcer, scoped(`read:/${"%25".repeat(3600)}`))).toBe("good");
    expect(await verdict(enforcer, scoped(`read:/${"%2525".repeat(2200)}2e2e`))).toBe("good");
  });
});

describe("cover", () => {
  it.each([
    ["read:/foo", "/foo", true],
    ["read:/foo", "/foo/", true],
    ["read:/foo", "/foo/bar", true],
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

describe("what is asked", () => {
  const token = enforcer.verify(scoped("read:/ queue a:b"));

  it.each(
    [
      "a",
      "",
      "./a",
      "../a",
      "a/b",
      "..",
      "/..",
      "/a/..",
      "/a/../b",
      "/../a",
      "/a/%2e%2e/b",
      "/a/.%2E",
      "/%252e%252e",
      "/a/%2e%2e%2fb",
      "/a%2f..%2fb",
      "/a%5c..",
      "/%25252525252e.",
      "/a\\b",
      "\\",
      "/a\0b",
      "/a\nb",
      "/\t",
      "/\u001f",
      "/\u007f",
      "https://x/a",
      "%2Fa",
      "~/a",
    ].filter((path) => path !== ""),
  )("must not be the path %j (R1)", async (path) => {
    const verified = await token;
    expect(() => enforcer.test(verified, "read", path)).toThrow(InvalidPathError);
    await expect(enforcer.explain(verified, "read", path)).rejects.toMatchObject({
      code: "invalid_path",
      status: 400,
      reason: "invalid_path",
    });
    try {
      verified.allows("queue", path);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidPathError);
      expect(error).toMatchObject({ name: "InvalidPathError", code: "invalid_path", status: 400 });
    }
  });

  it.each([
    "/",
    "//",
    "/a",
    "/a/",
    "/a/./b",
    "/a//b",
    "/...",
    "/..a",
    "/a%2Fb",
    "/%",
    "/100%",
    "/%2e",
    "/a b",
    "/ü",
    "/%41",
    "/a%zz",
  ])("may be the path %j (R1)", async (path) => {
    expect(enforcer.test(await token, "read", path)).toBe(true);
  });

  it("is taken as it is, and not decoded (R1)", async () => {
    const exact = await enforcer.verify(scoped("read:/a%2541 read:/b"));
    expect(enforcer.test(exact, "read", "/a%41")).toBe(true);
    expect(enforcer.test(exact, "read", "/aA")).toBe(false);
    expect(enforcer.test(exact, "read", "/%62")).toBe(false);
  });

  it.each(["read", "write", "condor", "storage.read", "storage.anything"])(
    "must have a path for %s (R1)",
    async (authz) => {
      const verified = await token;
      expect(typeErrorOf(() => enforcer.test(verified, authz))).toMatch(/^path: expected/);
      expect(typeErrorOf(() => enforcer.test(verified, authz, ""))).toMatch(/^path: expected/);
      expect(enforcer.test(verified, authz, "/x")).toBe(authz === "read" || authz === "storage.read");
    },
  );

  it.each([[""], [undefined], [null], [42], [["queue"]], [{}]])("must have a name, and not %j (R1)", async (authz) => {
    const verified = await token;
    expect(typeErrorOf(() => enforcer.test(verified, wrong(authz)))).toMatch(/^authz: expected/);
    expect(typeErrorOf(() => enforcer.test(verified, wrong(authz), "/x"))).toMatch(/^authz: expected/);
    await expect(enforcer.explain(verified, wrong(authz), "/x")).rejects.toThrow(/^authz: expected/);
  });

  it.each([[null], [42], [["/a"]], [{ toString: () => "/a" }], [true]])(
    "must have a path that is a text, and not %j (R1)",
    async (path) => {
      const verified = await token;
      expect(typeErrorOf(() => enforcer.test(verified, "read", wrong(path)))).toMatch(/^path: expected/);
    },
  );

  it("is the capability itself without a path, or with '' (R1)", async () => {
    expect(enforcer.test(await token, "queue")).toBe(true);
    expect(enforcer.test(await token, "queue", "")).toBe(true);
    expect(enforcer.test(await token, "execute")).toBe(false);
    expect(enforcer.test(await token, "execute", "")).toBe(false);
  });

  it("asks for the capability with a bare name, and for the path with a path (R4)", async () => {
    const limited = await enforcer.verify(scoped("queue:/short"));
    expect(enforcer.test(limited, "queue", "/short")).toBe(true);
    expect(enforcer.test(limited, "queue")).toBe(false);
  });

  it.each(["read:/x", "queue:/x", "read:/", "a:/b/c"])(
    "is a name and a path, not the scope %j in one (R4)",
    async (authz) => {
      const verified = await token;
      expect(typeErrorOf(() => enforcer.test(verified, authz))).toMatch(/^authz: .*argument of its own/);
      expect(enforcer.test(verified, "a:b")).toBe(true); // an opaque value is one name
    },
  );
});

describe("a token's own enforcer", () => {
  it("looks at exp again at every test (R5)", async () => {
    let now = 1_790_000_000;
    const options: Partial<EnforcerOptions> = { clock: () => now };
    const ageing = enforcerWith(options);
    const token = await ageing.verify(scoped("read:/ queue"));
    now = token.expiresAt - 2 ** -20;
    expect(ageing.test(token, "read", "/x")).toBe(true);
    expect(token.allows("queue")).toBe(true);
    now = token.expiresAt;
    expect(ageing.test(token, "read", "/x")).toBe(false);
    expect(ageing.test(token, "queue")).toBe(false);
    expect(token.allows("queue")).toBe(false);
  });

  it("is the only one that answers for it (R5)", async () => {
    const other = enforcerWith();
    const token = await enforcer.verify(scoped("read:/"));
    expect(enforcer.test(token, "read", "/x")).toBe(true);
    expect(typeErrorOf(() => other.test(token, "read", "/x"))).toMatch(
      /^token: expected one that this enforcer verified/,
    );
    expect(typeErrorOf(() => other.acls(token))).toMatch(/^token: /);
    await expect(other.explain(token, "read", "/x")).rejects.toThrow(TypeError);
    // The token itself asks the one that verified it.
    expect(token.allows("read", "/x")).toBe(true);
  });

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a text", "x"],
    ["an object", {}],
    ["a list", []],
  ])("answers for no token that is %s (R5)", async (_, token) => {
    expect(typeErrorOf(() => enforcer.test(wrong(token), "read", "/x"))).toMatch(/^token: /);
    expect(typeErrorOf(() => enforcer.acls(wrong(token)))).toMatch(/^token: /);
    if (typeof token !== "string")
      await expect(enforcer.explain(wrong(token), "read", "/x")).rejects.toThrow(TypeError);
  });

  it("answers for no object that only looks like its token (R5)", async () => {
    const token = await enforcer.verify(scoped("read:/"));
    const prototype: unknown = Object.getPrototypeOf(token);
    const fields: object = Object.fromEntries(Object.entries(token));
    const lookalikes = [
      fields,
      Object.create(token) as unknown,
      Object.assign(Object.create(prototype as object) as object, fields),
      structuredClone(fields),
      JSON.parse(JSON.stringify(token)) as unknown,
      new Proxy(token, {}),
    ];
    for (const fake of lookalikes) {
      expect(typeErrorOf(() => enforcer.test(wrong(fake), "read", "/x"))).toMatch(/^token: /);
      expect(typeErrorOf(() => enforcer.acls(wrong(fake)))).toMatch(/^token: /);
      await expect(enforcer.explain(wrong(fake), "read", "/x")).rejects.toThrow(TypeError);
    }
  });
});
