// What an application's functions throw: an error of the program, and only made on purpose an answer. Rule H3.
import { InvalidTokenError } from "@scitokens/core";
import { anyOf, asError, authorizeRequest, callProgram, createProtection } from "@scitokens/core/http";
import type { ProtectOptions, ScopeFunction } from "@scitokens/core/http";
import { describe, expect, it } from "vitest";
import { AUDIENCE, ISSUER, key, NOW, tokenOf } from "../support/static-issuer.js";

const trust: ProtectOptions = {
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
  audience: AUDIENCE,
  clock: () => NOW,
};

async function thrownBy(options: object): Promise<unknown> {
  const facts = {
    method: "GET",
    target: "/",
    authorization: [`Bearer ${tokenOf("scitokens-2", { email: "a" })}`],
    request: {},
  };
  try {
    return await authorizeRequest(facts, createProtection({ ...trust, ...options }));
  } catch (error) {
    return error;
  }
}

const failing = (more: object): Error => Object.assign(new Error("of another request"), more);

describe("a scope function that gives itself (R4, H3)", () => {
  it.each([
    ["alone", (own: ScopeFunction<unknown>) => own],
    ["twice in a list", (own: ScopeFunction<unknown>) => [own, own]],
    ["twice, later", (own: ScopeFunction<unknown>) => Promise.resolve(anyOf("queue", own, own))],
  ])("is called a hundred times, and no more: %s (R4, H3)", async (_, give) => {
    let calls = 0;
    const own: ScopeFunction<unknown> = () => (++calls > 1000 ? "queue" : give(own));
    expect(await thrownBy({ scope: own })).toMatchObject({
      message: expect.stringContaining("always another function"),
    });
    expect(calls).toBe(100);
  });
});

describe("what a function of a route throws (H3)", () => {
  it.each([[{ status: 401 }], [{ statusCode: 404 }], [{ headers: { "set-cookie": "a=b" } }], [{ code: "ENOENT" }]])(
    "is no answer to this request, though it looks like one: %j (H3)",
    async (more) => {
      const cause = failing(more);
      const error = await thrownBy({ isRevoked: () => Promise.reject(cause) });
      expect(error).toMatchObject({ message: "a function of the route failed: of another request", cause });
      for (const name of Object.keys(more)) expect(error).not.toHaveProperty(name);
    },
  );

  it.each([
    ["http-errors", { status: 404, expose: true }],
    ["Nest", { status: 404, getStatus: () => 404 }],
    ["Hono", { status: 404, getResponse: () => new Response() }],
    ["nobody in particular", {}],
  ])("is passed on as it is, made to be an answer by %s (H3)", async (_, more) => {
    const error = failing(more);
    expect(await thrownBy({ scope: () => Promise.reject(error) })).toBe(error);
  });

  it.each([
    ["a scope function", (error: Error) => ({ scope: () => fail(error) })],
    ["isRevoked", (error: Error) => ({ isRevoked: () => fail(error) })],
    ["a validator", (error: Error) => ({ validators: { email: () => fail(error) } })],
    [
      "a schema",
      (error: Error) => ({ claims: { "~standard": { version: 1, vendor: "", validate: () => fail(error) } } }),
    ],
  ])("is no refusal of this token, when it is an error of ours that %s met (H3)", async (_, options) => {
    const cause = new InvalidTokenError("signature", "of another token");
    expect(await thrownBy(options(cause))).toMatchObject({ message: "a function of the application failed", cause });
  });

  it("is an Error in any case (H3)", async () => {
    for (const thrown of [undefined, null, 0, "route"]) {
      expect(asError(thrown)).toMatchObject({ message: expect.stringContaining("no Error"), cause: thrown });
      await expect(callProgram(() => fail(thrown))).rejects.toThrow(Error);
    }
    const error = new Error("as it is");
    expect(asError(error)).toBe(error);
    expect(await callProgram(() => 1)).toBe(1);
  });
});

function fail(thrown: unknown): never {
  throw thrown;
}
