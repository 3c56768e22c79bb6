// What a request says, read without a server: its path, values in a template, header lines. Rules R2, R4, R6, H2.
import { describe, expect, it } from "vitest";
import { InvalidPathError } from "@scitokens/core";
import { nodeFacts, requestPath, scope } from "@scitokens/core/http";

describe("requestPath() (R2)", () => {
  it.each([
    ["/", "/"],
    ["/a/b", "/a/b"],
    ["/a/", "/a/"],
    ["//a///b", "/a/b"],
    ["/./a/./b/.", "/a/b/"],
    ["/a?b=/../c", "/a"],
    ["/my%20file", "/my file"],
    ["/caf%C3%A9", "/café"],
    ["/a+b;c=d", "/a+b;c=d"],
    ["/100%25", "/100%"],
    ["/...", "/..."],
    ["/..a", "/..a"],
    ["?x", undefined],
    ["", undefined],
    ["*", undefined],
    ["a/b", undefined],
    ["http://host/a", undefined],
    ["/a/../b", undefined],
    ["/%2e%2e/b", undefined],
    ["/.%2E", undefined],
    ["/%252e%252e/b", undefined],
    ["/%25252525252e%25252525252e/b", undefined],
    ["/a%2fb", undefined],
    ["/a%5Cb", undefined],
    ["/a\\b", undefined],
    ["/a%00b", undefined],
    ["/a\u0000b", undefined],
    ["/a\tb", undefined],
    ["/a%0ab", undefined],
    ["/a%7f", undefined],
    ["/a%", undefined],
    ["/a%2", undefined],
    ["/a%zz", undefined],
    ["/%ff", undefined],
    ["/%c0%af", undefined],
    ["/café", undefined],
    ["/a#b", undefined],
    ["/a b", undefined],
    ["/a b/c", undefined],
    ["/café/b", undefined],
  ])("%j means %j (R2)", (target, path) => {
    if (path === undefined) expect(() => requestPath(target)).toThrow(InvalidPathError);
    else expect(requestPath(target)).toBe(path);
  });
});

describe("scope`...` (R4, R6)", () => {
  it("encodes a value as one segment", () => {
    expect(scope`read:/frames/${"H1"}/${"a b%/".replace("/", "")}`).toBe("read:/frames/H1/a%20b%25");
    expect(scope`read:/run/${42}`).toBe("read:/run/42");
    expect(scope`read:/run-${"é:*"}/x`).toBe("read:/run-%C3%A9%3A%2A/x");
    expect(scope`read:/all`).toBe("read:/all");
  });

  it.each([
    "",
    ".",
    "..",
    "a/b",
    "a\\b",
    "a\0b",
    "\n",
    "%2e%2e",
    "%252e%252e",
    "%2f",
    "\ud800",
    undefined,
    null,
    {},
    ["a"],
    Number.NaN,
    true,
  ])("throws for %j, which is no segment (R6)", (value) => {
    expect(() => scope`read:/${value}`).toThrow(InvalidPathError);
  });
});

describe("scope`...` of several values (R6)", () => {
  it("throws for values that are harmless alone and a step upwards together (R6)", () => {
    expect(() => scope`read:/${"%2e"}${"%2e"}`).toThrow(InvalidPathError);
    expect(() => scope`read:/.${"%2e"}`).toThrow(InvalidPathError);
  });

  it("lets a request choose a path, and never the name of a capability (R4)", () => {
    expect(() => scope`${"read"}:/x`).toThrow(/values in the path only/);
    expect(() => scope`read${"x"}:/x`).toThrow(TypeError);
  });
});

describe("nodeFacts() (H2)", () => {
  it("finds every Authorization line, in whatever spelling", () => {
    const rawHeaders = ["Host", "x", "AUTHORIZATION", "Bearer a", "X-Authorization", "c", "authorization", "Bearer b"];
    const facts = nodeFacts({ method: "GET", url: "/x", rawHeaders, headers: { authorization: "Bearer a" } });
    expect(facts).toMatchObject({ method: "GET", target: "/x", authorization: ["Bearer a", "Bearer b"] });
  });

  it("reads the parsed headers where there are no raw ones", () => {
    expect(nodeFacts({ rawHeaders: [], headers: { authorization: "Bearer a" } }).authorization).toEqual(["Bearer a"]);
    expect(nodeFacts({ rawHeaders: [], headers: {} }).authorization).toEqual([]);
  });
});
