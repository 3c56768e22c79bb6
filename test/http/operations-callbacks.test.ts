// exists and kind, the server's own functions: when they are asked, for what, and what they may not say. Rules R3, R6, H3.
import { fromRequest, operationOf } from "@scitokens/core/http";
import { describe, expect, it } from "vitest";
import { typeErrorOf, wrong } from "../support/wrong.js";
import { ask } from "./storage-server.js";
import type { Asking, There } from "./storage-server.js";

const COPY = { request: "COPY /a%20b", lines: ["Destination", "/c/%64"] };
const PULL = { request: "COPY /c/d", lines: ["Source", "/a%20b"] };
const FROM_AFAR = { request: "COPY /c/d", lines: ["Source", "https://far.example.org/x"], thirdPartyCopy: true };

/** `asked`: in order; "e" exists, "k" kind. */
const ASKED: readonly (readonly [asking: Asking, scope: string, asked: readonly string[]])[] = [
  // whoever may modify may replace, and whoever may neither learns nothing
  [{ request: "PUT /a" }, "storage.modify:/", []],
  [{ request: "PUT /a" }, "storage.read:/", []],
  [{ request: "PUT /a" }, "storage.create:/b", []],
  [{ request: "PUT /a" }, "storage.create:/", ["e /a"]],
  [{ request: "PUT /a%20b//c/" }, "storage.create:/", ["e /a b/c"]],
  [{ request: "POST /a" }, "storage.create:/ storage.modify:/b", ["e /a"]],
  [{ request: "PUT /a" }, "storage.create:/ storage.modify:/a", []],
  [{ request: "GET /a" }, "storage.create:/", []],
  [{ request: "MKCOL /a" }, "storage.create:/", []],
  [{ request: "DELETE /a" }, "storage.create:/", []],
  // a slash at a scope's end
  [{ request: "GET /a" }, "storage.read:/a", []],
  [{ request: "GET /a" }, "storage.read:/", []],
  [{ request: "GET /a" }, "storage.read:/b/", []],
  [{ request: "GET /a" }, "storage.modify:/a/", []],
  [{ request: "GET /a" }, "storage.read:/a/", ["k /a"]],
  [{ request: "GET /a/" }, "storage.read:/a/", ["k /a"]],
  [{ request: "GET /a/b" }, "storage.read:/a/", []],
  [{ request: "GET /a" }, "storage.read:/a/ storage.read:/a", []],
  [{ request: "HEAD /a" }, "storage.stage:/a/", ["k /a"]],
  [{ request: "MKCOL /a" }, "storage.create:/a/", []],
  [{ request: "DELETE /a" }, "storage.modify:/a/", ["k /a"]],
  // a PUT makes a file, a MKCOL a directory, whatever is there
  [{ request: "PUT /a" }, "storage.modify:/a/", []],
  [{ request: "PUT /a/" }, "storage.create:/a/", []],
  [{ request: "PUT /a/" }, "storage.create:/a", ["e /a"]],
  // two ends
  [COPY, "storage.read:/ storage.modify:/", []],
  [COPY, "storage.read:/ storage.create:/", ["e /c/d"]],
  [COPY, "storage.create:/", []],
  [COPY, "storage.read:/", []],
  [COPY, "storage.read:/a%20b/ storage.modify:/", ["k /a b"]],
  [COPY, "storage.read:/ storage.modify:/c/d/", ["k /a b", "k /c/d"]],
  [COPY, "storage.read:/ storage.create:/c/d/", ["k /a b", "k /c/d", "e /c/d"]],
  [PULL, "storage.read:/ storage.create:/", ["e /c/d"]],
  [PULL, "storage.read:/ storage.modify:/c/d/", ["k /a b", "k /c/d"]],
  // what is pulled from another server is a file
  [FROM_AFAR, "storage.modify:/c/d/", []],
  [FROM_AFAR, "storage.create:/c/d", ["e /c/d"]],
  // no good token, no good path, no known method
  [{ request: "PUT /a" }, "storage.create:/ storage.read", []],
  [{ request: "PUT /a/%2e%2e/b" }, "storage.create:/", []],
  [{ request: "LOCK /a" }, "storage.create:/ storage.read:/a/", []],
  [
    { request: "MOVE /a", lines: ["Destination", "https://other.example.org/b"] },
    "storage.create:/ storage.modify:/a/",
    [],
  ],
  [{ request: "COPY /a" }, "storage.read:/a/ storage.create:/", []],
];

describe("what is there", () => {
  it.each(ASKED)("is asked for $request, by a token with %j: %j (R3, R6)", async (asking, scope, asked) => {
    const seen: string[] = [];
    const exists = (path: string): boolean => (seen.push(`e ${path}`), false);
    const kind = (path: string): There => (seen.push(`k ${path}`), "directory");
    await ask({ ...asking, scope, exists, kind });
    expect(seen).toEqual(asked);
  });

  it("is not asked of a token that is not verified, and none is needed (R6)", async () => {
    const seen: string[] = [];
    const exists = (path: string): boolean => (seen.push(path), false);
    for (const raw of ["junk", "", "a.b.c"]) {
      expect((await ask({ request: "PUT /a", raw, exists })).verdict).toMatch(/^40[01]$/);
    }
    expect(seen).toEqual([]);
  });

  it("is not asked where it would matter to a new file alone, and exists is not given (R3)", async () => {
    const seen: string[] = [];
    const kind = (path: string): There => (seen.push(path), "directory");
    const scope = "storage.read:/ storage.create:/c/d/";
    expect((await ask({ ...COPY, scope, kind })).verdict).toBe("403");
    expect(seen).toEqual([]);
    expect((await ask({ ...COPY, scope, kind, exists: false })).verdict).toBe("+");
    expect(seen).toEqual(["/a b", "/c/d"]);
  });

  it("is asked with the request, which may say whose files are meant (R3)", async () => {
    const seen: unknown[] = [];
    const exists = (_: string, request: object): boolean => (seen.push(request), false);
    const kind = (_: string, request: object): There => (seen.push(request), "directory");
    const { operation } = await ask({
      ...COPY,
      scope: "storage.read:/ storage.create:/c/d/",
      rule: fromRequest({ exists, kind }),
    });
    expect(operation).toBeDefined();
    expect(seen.map(operationOf)).toEqual([operation, operation, operation]);
  });

  it("may be said later (R3)", async () => {
    const rule = fromRequest({
      exists: () => Promise.resolve(false),
      kind: () => Promise.resolve("directory" as const),
    });
    const scope = "storage.read:/a%20b/ storage.create:/c/d/";
    expect(await ask({ ...COPY, scope, rule })).toMatchObject({ verdict: "+", operation: { mayReplace: false } });
  });

  it.each([
    [undefined],
    [null],
    [0],
    [1],
    [""],
    ["no"],
    [{}],
    [Promise.resolve(undefined)],
    [Promise.resolve("false")],
  ])("must be true or false, and not %j, which would be a guess: the program's error (R3, H3)", async (value) => {
    const rule = fromRequest({ exists: () => wrong(value) });
    await expect(ask({ request: "PUT /a", scope: "storage.create:/", rule })).rejects.toThrow(
      /exists: expected true or false/,
    );
  });

  it.each([[null], [true], [""], ["dir"], ["File"], [{}], [Promise.resolve("dir")]])(
    "must be a file, a directory or nothing, and not %j (R3, H3)",
    async (value) => {
      const rule = fromRequest({ kind: () => wrong(value) });
      await expect(ask({ request: "GET /a", scope: "storage.read:/a/", rule })).rejects.toThrow(
        /kind: expected 'file'/,
      );
    },
  );

  it("that cannot be known is the program's error, and neither leave nor refusal (H3)", async () => {
    const fails = (): never => {
      throw Object.assign(new Error("the disk is gone"), { status: 401 });
    };
    const rejects = (): Promise<never> => Promise.reject(new Error("the disk is gone"));
    for (const broken of [fails, rejects]) {
      await expect(
        ask({ request: "PUT /a", scope: "storage.create:/", rule: fromRequest({ exists: broken }) }),
      ).rejects.toThrow(/the disk is gone/);
      await expect(
        ask({ request: "GET /a", scope: "storage.read:/a/", rule: fromRequest({ kind: broken }) }),
      ).rejects.toThrow(/the disk is gone/);
      expect(
        (await ask({ request: "PUT /a", scope: "storage.modify:/", rule: fromRequest({ exists: broken }) })).verdict,
      ).toBe("+");
    }
  });

  it.each([
    ["exists that is no function", { exists: true }, /exists: expected a function/],
    ["kind that is no function", { kind: "file" }, /kind: expected a function/],
    ["a misspelt option", { exits: () => true }, /'exits'; did you mean 'exists'/],
    ["thirdPartyCopy as a text", { thirdPartyCopy: "false" }, /thirdPartyCopy: expected true or false/],
    ["null", null, /fromRequest: expected/],
    ["a function alone", () => true, /fromRequest: expected/],
  ])("is asked by options that are looked at at start: %s (R3)", (_, options, sentence) => {
    expect(typeErrorOf(() => fromRequest(wrong(options)))).toMatch(sentence);
  });
});
