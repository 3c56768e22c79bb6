// What may be asked about a token, as an authorisation and a path, and whom. Rules R1, R4, R5.
import { InvalidPathError } from "@scitokens/core";
import type { EnforcerOptions } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { enforcer } from "../support/granted.js";
import { enforcerWith, scoped } from "../support/static-issuer.js";
import { typeErrorOf, wrong } from "../support/wrong.js";

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
