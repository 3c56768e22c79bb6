// What may be narrowed to what: the table of ADR 0015, and the core's own enforcer as a judge of it.
import { createEnforcer } from "@scitokens/core";
import { createTestIssuer } from "@scitokens/issuer";
import { describe, expect, it } from "vitest";
import { coveredBy } from "../../packages/issuer/src/oauth/scopes/narrowing.js";
import type { ScopeLanguage } from "../../packages/issuer/src/oauth/scopes/narrowing.js";
import { parseScopeValue } from "../../packages/issuer/src/oauth/scopes/scope-value.js";
import { commonTo, permits } from "../../packages/issuer/src/oauth/scopes/translation.js";
import { byClient, byDevice, refresh, startOAuth } from "./oauth-running.js";

const may = (held: string, asked: string, language: ScopeLanguage = "scitokens"): boolean =>
  coveredBy(held.split(" ").map(parseScopeValue), parseScopeValue(asked), language);

describe("a path is narrowed segment by segment (S4)", () => {
  it.each([
    ["read:/", "read:/x"],
    ["read:/", "read:/"],
    ["read:/a", "read:/a"],
    ["read:/a", "read:/a/b"],
    ["read:/a", "read:/a/"],
    ["read:/a/", "read:/a/b"],
    ["storage.read:/", "storage.read:/a/b"],
    ["read:/a%20b", "read:/a%20b/c"],
    ["read:/%C3%A4", "read:/%c3%a4/b"],
    ["write:/w read:/r", "read:/r/x"],
    ["queue", "queue:/short"],
    ["gwdatafind.read", "gwdatafind.read"],
  ])("%s may become %s", (held, asked) => expect(may(held, asked)).toBe(true));

  it.each([
    ["read:/a", "read:/ab"],
    ["read:/a", "read:/"],
    ["read:/a/", "read:/a"],
    ["read:/a/b", "read:/a"],
    ["read:/a", "read:/b"],
    ["read:/a", "read:/A"],
    ["read:/a", "write:/a"],
    ["read:/a", "readx:/a"],
    ["queue:/short", "queue"],
    ["queue:/short", "queue:/shorter"],
    ["queue", "queue2:/x"],
    ["compute.read", "compute.create"],
    ["x:1", "x:1:/a"],
    ["offline_access", "offline_access:/x"],
    ["openid", "profile"],
  ])("%s may not become %s", (held, asked) => expect(may(held, asked)).toBe(false));

  const unclear =
    "read storage.modify read: read:x condor:READ compute.read:/x :/x read:/../x read:/a/.. read:/%2e%2e/x read:/a%2Fb read:/%61 read:/%7eada read:/%41 read:/%2d read:/%5F read:/%39 " +
    'read:/a%5cb read:/%2500 read:/%zz read:/%ff read:/a//b read:/./a read:/a/. read:// read:/%00 read:/" read:/\\ read:/ä';
  it.each(unclear.split(" "))("nothing may become %s (S2, S3)", (asked) => {
    expect(() => parseScopeValue(asked)).toThrow(expect.objectContaining({ code: "invalid_scope" }));
  });
});

describe("a name is narrowed to what it includes (S5)", () => {
  it.each([
    ["scitokens", "read:/a", "storage.read:/a/b"],
    ["scitokens", "write:/a", "storage.modify:/a"],
    ["scitokens", "write:/a", "storage.create:/a/b"],
    ["wlcg", "storage.read:/a", "read:/a/b"],
    ["wlcg", "storage.modify:/a", "storage.create:/a/b"],
    ["wlcg", "storage.modify:/a", "write:/a"],
    ["wlcg", "storage.stage:/a", "storage.poll:/a"],
  ] as const)("of a %s grant, %s may become %s", (language, held, asked) => {
    expect(may(held, asked, language)).toBe(true);
    expect(may(asked, held, language)).toBe(false);
  });

  it.each([
    ["wlcg", "read:/a", "storage.read:/a"], // a WLCG token's read is less than its storage.read
    ["scitokens", "storage.read:/a", "read:/a"],
    ["scitokens", "storage.modify:/a", "storage.create:/a"],
    ["wlcg", "storage.create:/a", "storage.modify:/a"],
    ["wlcg", "storage.stage:/a", "storage.read:/a"],
    ["wlcg", "storage.modify:/a", "storage.read:/a"],
    ["scitokens", "read:/a", "storage.read:/ab"],
  ] as const)("of a %s grant, %s may not become %s", (language, held, asked) => {
    expect(may(held, asked, language)).toBe(false);
  });
});

describe("groups are names, not paths (S7)", () => {
  it.each([
    ["wlcg.groups", "wlcg.groups:/cms", true],
    ["wlcg.groups:/cms", "wlcg.groups:/cms", true],
    ["wlcg.groups:/cms", "wlcg.groups:/cms/uscms", false],
    ["wlcg.groups:/cms", "wlcg.groups", false],
    ["wlcg.groups:/", "wlcg.groups:/cms", false],
  ])("%s, asked for %s: %s", (held, asked, expected) => expect(may(held, asked, "wlcg")).toBe(expected));
});

// Every pair of a small world: where narrowing is allowed, the new token opens nothing that the old one does not.
it.each([
  ["scitokens", "scitokens", 240],
  ["wlcg", "wlcg", 250],
  ["scitokens", "wlcg", 150],
  ["wlcg", "scitokens", 150],
] as const)(
  "rights in the words of %s, asked for in those of %s, open nothing new in the core's judgement (S4, S5)",
  async (rightsOf, askedIn, least) => {
    const names = [
      "read",
      "write",
      "storage.read",
      "storage.create",
      "storage.modify",
      "storage.stage",
      "storage.poll",
    ];
    const jobs = ["compute.read", "compute.create", "compute.modify", "compute.cancel", "condor"];
    const all = [...names, ...jobs, "create", "modify", "queue"];
    const paths = ["/", "/a", "/a/", "/ab", "/a/b", "/a%20b", "/READ", "/WRITE"];
    const values = all
      .flatMap((name) => [name, ...paths.map((path) => `${name}:${path}`)])
      .filter((text) => isValue(text));
    const places = ["/", "/a", "/a/", "/a/x", "/ab", "/a/b", "/b", "/READ", "/WRITE"];
    const probes = all.flatMap((name) => places.map((path) => [name, path] as const));

    const issuer = await createTestIssuer();
    const enforcer = createEnforcer({
      issuer: issuer.issuer,
      audience: "https://service.test",
      keys: { fetch: issuer.fetch },
    });
    const opens = async (scope: string, language: ScopeLanguage): Promise<ReadonlySet<string>> => {
      const profile = language === "wlcg" ? "wlcg" : "scitokens-2";
      const token = await enforcer.verify(await issuer.token({ scope }, { profile }));
      return new Set(probes.filter(([name, path]) => token.allows(name, path)).map((probe) => probe.join(":")));
    };
    const openedIn = async (language: ScopeLanguage): Promise<ReadonlyMap<string, ReadonlySet<string>>> =>
      new Map(await Promise.all(values.map(async (value) => [value, await opens(value, language)] as const)));
    const [before, after] = [await openedIn(rightsOf), await openedIn(askedIn)];
    const more = (held: string, asked: string): string[] =>
      [...(after.get(asked) ?? [])].filter((probe) => before.get(held)?.has(probe) !== true);

    let allowed = 0;
    for (const held of values) {
      const rights = { values: [parseScopeValue(held)], language: rightsOf };
      for (const asked of values) {
        const value = parseScopeValue(asked);
        const given = permits(rights, value, askedIn) ? [asked] : commonTo(rights, value, askedIn);
        allowed += given.length;
        for (const text of given) {
          expect([held, asked, text, more(held, text)]).toEqual([held, asked, text, []]);
          expect(may(asked, text, askedIn)).toBe(true);
        }
      }
    }
    expect(allowed).toBeGreaterThan(least);
    enforcer.close();
  },
);

function isValue(text: string): boolean {
  try {
    parseScopeValue(text);
    return true;
  } catch {
    return false;
  }
}

describe("at the token endpoint", () => {
  it("a path goes into the token in one spelling only, so that no verifier takes it for another (S3)", async () => {
    const issuer = await startOAuth();
    const { body } = await byClient(issuer, { scope: "read:/a%62" });
    expect(body).toEqual({
      error: "invalid_scope",
      error_description: "'read:/a%62' has a path that escapes what needs no escape",
    });
    expect((await byClient(issuer, { scope: "read:/a%20b" })).body["scope"]).toBe("read:/a%20b");
  });

  it("a refresh narrows the scope, and refuses each value that is more, in words (S4)", async () => {
    const issuer = await startOAuth();
    let last = await byDevice(issuer, { scope: "offline_access read:/a storage.stage:/" });
    for (const [scope, status] of [
      ["read:/a/b", 200],
      ["read:/ab", 400],
      ["read:/a/b read:/ab", 400],
      ["storage.read:/a", 200],
      ["write:/a", 400],
      ["read:/a/../../b", 400],
    ] as const) {
      const reply = await refresh(issuer, last, { scope });
      expect([scope, reply.status]).toEqual([scope, status]);
      if (status === 200) expect(reply.body).toMatchObject({ scope });
      else expect(reply.body).toMatchObject({ error: "invalid_scope" });
      if (status === 200) last = reply;
    }
    expect((await refresh(issuer, last, { scope: "read:/ab" })).body).toEqual({
      error: "invalid_scope",
      error_description: "'read:/ab' is more than may be asked for",
    });
  });

  it("a user's rights cut what a client is given to what both may have (S4)", async () => {
    const users = [{ sub: "ada", scope: "read:/home/ada storage.modify:/scratch queue" }];
    const issuer = await startOAuth({ users });
    const scope = "read:/ write:/ storage.read:/home/ada/x storage.modify:/scratch/y offline_access";
    const reply = await byDevice(issuer, { scope });
    expect(reply.body["scope"]).toBe(
      "read:/home/ada storage.modify:/scratch storage.read:/home/ada/x storage.modify:/scratch/y offline_access",
    );
    const none = await byDevice(issuer, { scope: "storage.stage:/" });
    expect(none.body).toMatchObject({ error: "access_denied" });
  });
});
