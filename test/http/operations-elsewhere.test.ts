// operation(): what a request does to paths that are not its target, as a tape's REST API names them in bodies. Rules R1, R3, R4, S5.
import { InvalidPathError } from "@scitokens/core";
import { operation, scope } from "@scitokens/core/http";
import { describe, expect, it } from "vitest";
import { matrix } from "../support/table.js";
import { typeErrorOf, wrong } from "../support/wrong.js";
import { sign } from "./storage-rows.js";
import { ask } from "./storage-server.js";

/** operation() on /tape/x. */
const ELSEWHERE = matrix(`
                              read  list  stat  create  mkdir  modify  stage  poll
  storage.read:/tape          +     +     +     -       -      -       -      -
  read:/tape                  +     +     +     -       -      -       -      -
  storage.create:/tape        -     -     +     +       +      -       -      -
  storage.modify:/tape        -     -     +     +       +      +       -      -
  write:/tape                 -     -     +     +       +      +       -      -
  storage.stage:/tape         -     -     +     -       -      -       +      +
  storage.poll:/tape          -     -     -     -       -      -       -      +
  storage.stage:/tape/x/y     -     -     -     -       -      -       -      -
  storage.create:/tape/x/y/z  -     -     -     -       +      -       -      -
  queue                       -     -     -     -       -      -       -      -
`);

describe("an operation on a path that is not the target", () => {
  it.each(ELSEWHERE)("is allowed or not by %j (R3, S5)", async (held, cells) => {
    for (const profile of ["wlcg", "scitokens-2", "at-jwt"] as const) {
      for (const [name, wanted] of cells) {
        const rule = operation(wrong(name), "/tape/x");
        const told = await ask({ request: "POST /api/stage", scope: held, profile, rule });
        expect([profile, name, sign(told)]).toEqual([profile, name, wanted]);
      }
    }
  });

  it("is on a decoded path, which is its own in a challenge (R1, H4)", async () => {
    const rule = operation("stage", "/tape/a b%41");
    expect(await ask({ request: "POST /", scope: "storage.read:/", rule })).toMatchObject({
      verdict: "403",
      asks: "storage.stage:/tape/a%20b%2541",
    });
    expect((await ask({ request: "POST /", scope: "storage.stage:/tape/a%20b%2541", rule })).verdict).toBe("+");
    expect((await ask({ request: "POST /", scope: "storage.stage:/tape/a%20bA", rule })).verdict).toBe("403");
  });

  it("may touch all below its path, if it lists or modifies, and no more than the path if it reads (R3, S7)", async () => {
    const groups = [{ group: "/wlcg", allow: ["read:/", "write:/"], except: ["read:/a/b", "write:/a/b"] }];
    const verdictOf = async (name: "read" | "list" | "modify" | "create", path: string): Promise<string> => {
      const rule = operation(name, path);
      return (await ask({ request: "POST /", claims: { "wlcg.groups": ["/wlcg"] }, options: { groups }, rule }))
        .verdict;
    };
    for (const name of ["list", "modify"] as const) expect([name, await verdictOf(name, "/a")]).toEqual([name, "403"]);
    for (const name of ["read", "create"] as const) expect([name, await verdictOf(name, "/a")]).toEqual([name, "+"]);
    for (const name of ["list", "modify"] as const) expect([name, await verdictOf(name, "/c")]).toEqual([name, "+"]);
  });

  it("may be one of several, all of which must be allowed (R4)", async () => {
    const rule = (): readonly ReturnType<typeof operation>[] => ["/a", "/b"].map((path) => operation("stage", path));
    expect((await ask({ request: "POST /", scope: "storage.stage:/a storage.stage:/b", rule })).verdict).toBe("+");
    expect((await ask({ request: "POST /", scope: "storage.stage:/a", rule })).verdict).toBe("403");
    const mixed = [operation("poll", "/a"), scope`storage.read:/${"b"}`];
    expect((await ask({ request: "POST /", scope: "storage.poll:/a storage.read:/b", rule: mixed })).verdict).toBe("+");
  });

  it.each(["", "a", "/a/..", "/a/../b", "/a\\b", "/\0", "/%2e%2e/b"])("is on no path like %j (R1)", async (path) => {
    expect(() => operation("stage", path)).toThrow(InvalidPathError);
    const told = await ask({ request: "POST /", scope: "storage.stage:/", rule: () => operation("stage", path) });
    expect(told.verdict).toBe("400");
  });

  it.each([undefined, null, 7, ["/a"]])("is on no path like %j, which is no text: the program's error (R1)", (path) => {
    expect(typeErrorOf(() => operation("stage", wrong(path)))).toMatch(/^operation: expected a path, decoded/);
  });

  it.each(["", "write", "rename", "Stage", "__proto__", undefined])("is not %j (R3)", (name) => {
    expect(typeErrorOf(() => operation(wrong(name), "/a"))).toMatch(
      /^operation: unknown '.*'; (known are read, list|did you mean 'stage')/,
    );
  });
});
