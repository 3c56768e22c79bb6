// How a token's scopes are read, and which make the token bad. Rules S1 to S3.
import { describe, expect, it } from "vitest";
import { acls, enforcer, grants } from "../support/granted.js";
import type { Verdict } from "../support/granted.js";
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
