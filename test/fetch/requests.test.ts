// What protectFetch() takes from a web-standard Request: its header lines, which are joined, and its URL, which is tidy.
import { describe, expect, it } from "vitest";
import { fromRequest, protectFetch } from "@scitokens/core/fetch";
import { request, statusOf, token, trust } from "./fixture.js";

const T = token("read:/data");
const OTHER = token("read:/other");

describe("the Authorization header, whose lines are joined by commas", () => {
  const guard = protectFetch({ ...trust, scope: "read:/data" });

  it.each([
    ["one line", [`Bearer ${T}`], 200],
    ["equal lines", [`Bearer ${T}`, `Bearer ${T}`, `Bearer ${T}`], 200],
    ["different tokens", [`Bearer ${T}`, `Bearer ${OTHER}`], 400],
    ["the same token in another spelling of the scheme", [`Bearer ${T}`, `bearer ${T}`], 400],
    ["another scheme first", ["Basic eDp5", `Bearer ${T}`], 400],
    ["another scheme last", [`Bearer ${T}`, "Basic eDp5"], 400],
    ["an empty line last", [`Bearer ${T}`, ""], 400],
    ["an empty line first", ["", `Bearer ${T}`], 400],
    ["a scheme without token", [`Bearer ${T}`, "Bearer"], 400],
    ["another scheme, and a scheme without token", ["Basic eDp5", "Bearer"], 400],
    ["equal lines in small letters", [`bearer ${T}`, `bearer ${T}`], 200],
    ["joined without a blank", [`Bearer ${T},Bearer ${T}`], 200],
    ["another scheme's parameters", ['Digest username="a", realm="b", uri="/data"'], 401],
    ["another scheme, twice", ["Basic eDp5", "Basic eDp5"], 401],
    ["a scheme that begins alike", [`Bearers ${T}, Bearers ${T}`], 401],
    ["different lines, none of them of ours", [`Bearers ${T}`, "Basic eDp5"], 401],
    ["no line", [], 401],
  ])("%s (H2)", async (_, lines, status) => {
    expect(await statusOf(guard(request("/data", lines)))).toBe(status);
  });
});

describe("the URL", () => {
  const guard = protectFetch({ ...trust, scope: fromRequest() });
  const status = (target: string, scopes: string): Promise<number> =>
    statusOf(guard(request(target, [`Bearer ${token(scopes)}`])));

  it("is judged by its path alone: no part of its origin, its query or its fragment (R2)", async () => {
    expect(await status("/files/a?x=/secret", "read:/files/a")).toBe(200);
    expect(await status("/files/a?x=/../../secret#y", "read:/files/a")).toBe(200);
    expect(await status("", "read:/")).toBe(200);
    expect(await status("?x=/files/a", "read:/files/a")).toBe(403);
    expect(await status("/files/a#/../b", "read:/")).toBe(400);
  });

  it("is decoded once, by us (R2)", async () => {
    expect(await status("/files/%61%20b", "read:/files/a%20b")).toBe(200);
    expect(await status("/files/%2561", "read:/files/%2561")).toBe(200);
    expect(await status("/files/%2561", "read:/files/a")).toBe(403);
    for (const bad of [
      "/files/a%2fb",
      "/files/a%5cb",
      "/files/%252e%252e/b",
      "/files/a%00",
      "/files/a%zz",
      "/files/%ff",
    ]) {
      expect([bad, await status(bad, "read:/")]).toEqual([bad, 400]);
    }
  });

  it("has its dot segments resolved by whoever made the request: what handlers see is what is judged (R2)", async () => {
    const sent = request("/files/a/%2e%2e/b", [`Bearer ${token("read:/files/a")}`]);
    expect(new URL(sent.url).pathname).toBe("/files/b");
    expect(await statusOf(guard(sent))).toBe(403);
    expect(await status("/files/a/%2e%2e/b", "read:/files/b")).toBe(200);
  });

  it("is refused where a runtime leaves dot segments in it (R2)", async () => {
    const headers = new Headers({ Authorization: `Bearer ${token("read:/")}` });
    for (const url of [
      "http://h/files/a/../b",
      "http://h/files/%2e%2e/b",
      "http://h",
      "http://h?x=/files/a",
      "files/a",
    ]) {
      const untidy = { method: "GET", url, headers } as Request;
      expect([url, await statusOf(guard(untidy))]).toEqual([url, 400]);
    }
  });
});
