// What may be narrowed to what: the table of ADR 0015, and the core's own enforcer as a judge of it.
import { createEnforcer } from "@scitokens/core";
import { createTestIssuer } from "@scitokens/issuer";
import { describe, expect, it } from "vitest";
import { coveredBy } from "../../packages/issuer/src/oauth/scopes/narrowing.js";
import type { ScopeLanguage } from "../../packages/issuer/src/oauth/scopes/narrowing.js";
import { parseScopeValue } from "../../packages/issuer/src/oauth/scopes/scope-value.js";
import { byDevice, refresh, startOAuth } from "./oauth-running.js";

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
    ["read:/%61", "read:/a/b"],
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
    "read storage.modify read: read:x condor:READ compute.read:/x :/x read:/../x read:/a/.. read:/%2e%2e/x read:/a%2Fb " +
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
it.each(["scitokens", "wlcg"] as const)(
  "a narrowed %s token opens nothing new, in the core's judgement (S4, S5)",
  async (language) => {
    const names = [
      "read",
      "write",
      "storage.read",
      "storage.create",
      "storage.modify",
      "storage.stage",
      "storage.poll",
    ];
    const others = ["create", "modify", "queue", "compute.read", "condor"];
    const paths = ["/", "/a", "/a/", "/ab", "/a/b", "/a%62"];
    const values = [...names, ...others]
      .flatMap((name) => [name, ...paths.map((path) => `${name}:${path}`)])
      .filter((text) => isValue(text));
    const probes = [...names, ...others].flatMap((name) =>
      ["/", "/a", "/a/", "/a/x", "/ab", "/a/b", "/b"].map((path) => [name, path] as const),
    );

    const issuer = await createTestIssuer();
    const enforcer = createEnforcer({
      issuer: issuer.issuer,
      audience: "https://service.test",
      keys: { fetch: issuer.fetch },
    });
    const opens = async (scope: string): Promise<ReadonlySet<string>> => {
      const profile = language === "wlcg" ? "wlcg" : "scitokens-2";
      const token = await enforcer.verify(await issuer.token({ scope }, { profile }));
      return new Set(probes.filter(([name, path]) => token.allows(name, path)).map((probe) => probe.join(":")));
    };
    const opened = new Map(await Promise.all(values.map(async (value) => [value, await opens(value)] as const)));

    let allowed = 0;
    for (const held of values) {
      for (const asked of values) {
        if (!may(held, asked, language)) continue;
        allowed++;
        const more = [...(opened.get(asked) ?? [])].filter((probe) => opened.get(held)?.has(probe) !== true);
        expect([held, asked, more]).toEqual([held, asked, []]);
      }
    }
    expect(allowed).toBeGreaterThan(250);
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
