// Alternatives: one is enough, and after the first that is met nobody is asked any more. Rules R3, R4, R6.
import { allOf, anyOf, fromRequest } from "@scitokens/core/http";
import type { ScopeRule } from "@scitokens/core/http";
import { describe, expect, it } from "vitest";
import { ask } from "./storage-server.js";

/** Says who is asked, in order. */
function withSeen(): { readonly seen: string[]; readonly saying: (name: string, rule: ScopeRule) => ScopeRule } {
  const seen: string[] = [];
  return { seen, saying: (name, rule) => async () => (seen.push(name), rule) };
}

describe("alternatives", () => {
  it("are asked in their order, until one is met (R4)", async () => {
    const { seen, saying } = withSeen();
    const rule = anyOf(saying("first", "admin"), saying("second", "queue"), saying("third", "queue"));
    expect((await ask({ request: "GET /a", scope: "queue", rule })).verdict).toBe("+");
    expect(seen).toEqual(["first", "second"]);
  });

  it("are all asked where none is met, and the first is what the challenge asks for (R4, H3)", async () => {
    const { seen, saying } = withSeen();
    const rule = anyOf(saying("first", "admin"), saying("second", "queue"));
    expect(await ask({ request: "GET /a", scope: "other", rule })).toMatchObject({ verdict: "403", asks: "admin" });
    expect(seen).toEqual(["first", "second"]);
  });

  it("are not all asked within a list either, which needs all of its parts (R4)", async () => {
    const { seen, saying } = withSeen();
    const rule = allOf(anyOf("queue", saying("within", "admin")), saying("beside", "queue"));
    expect((await ask({ request: "GET /a", scope: "queue", rule })).verdict).toBe("+");
    expect(seen).toEqual(["beside"]);
  });

  it("leave the disk alone where one before is met (R3, R6)", async () => {
    const exists = (): never => {
      throw new Error("the disk is not there");
    };
    const rule = anyOf("queue", fromRequest({ exists }));
    expect((await ask({ request: "PUT /a", scope: "queue storage.create:/", rule })).verdict).toBe("+");
    await expect(ask({ request: "PUT /a", scope: "storage.create:/", rule })).rejects.toThrow("the disk is not there");
  });

  it.each([
    ["LOCK /a", "queue", "+"],
    ["LOCK /a", "storage.modify:/", "403"],
    ["GET /a/%2e%2e/b", "queue", "+"],
    ["GET /a/%2e%2e/b", "storage.read:/", "400"],
  ])("decide on %s with %j: %s (R2, R3)", async (request, scope, verdict) => {
    expect(await ask({ request, scope, rule: anyOf("queue", fromRequest()) })).toMatchObject({ verdict });
  });

  it.each([
    ["LOCK /a", "queue", "+", undefined],
    ["LOCK /a", "storage.modify:/", "403", "queue"],
    ["GET /a/%2e%2e/b", "queue", "400", undefined],
  ])("before which the request is read decide on %s with %j: %s (R2, R3)", async (request, scope, verdict, asks) => {
    expect(await ask({ request, scope, rule: anyOf(fromRequest(), "queue") })).toMatchObject({ verdict, asks });
  });

  it("that all say nothing of the method refuse it for that (R3, H6)", async () => {
    const { verdict, heard } = await ask({ request: "LOCK /a", rule: anyOf(fromRequest(), fromRequest()) });
    expect([verdict, heard[0]]).toEqual(["403", expect.objectContaining({ reason: "method" })]);
  });
});
