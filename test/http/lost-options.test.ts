// Options that could be lost between where they are written and where they are checked: what an object has from its class is
// on no copy of it, and what is undefined may look like left out. A lost scope opens a door. Rules R4, S7, S8, V2, I15.
import { createProtection, createProtections } from "@scitokens/core/http";
import * as web from "@scitokens/core/fetch";
import { createTokenVerifier } from "@scitokens/core/mcp";
import * as express from "@scitokens/express";
import * as fastify from "@scitokens/fastify";
import * as koa from "@scitokens/koa";
import { Protect, SciTokensModule } from "@scitokens/nest";
import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { AUDIENCE, ISSUER, key, NOW, tokenOf } from "../support/static-issuer.js";
import { typeErrorOf, wrong } from "../support/wrong.js";

const trust = { issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } }, audience: AUDIENCE };
const clock = (): number => NOW; // one function: what decides must be equal for enforcers to be shared

class Getter {
  readonly issuer = trust.issuer;
  readonly audience = AUDIENCE;
  get scope(): string {
    return "read:/data";
  }
}

class Method {
  readonly issuer = trust.issuer;
  readonly audience = AUDIENCE;
  isRevoked(): boolean {
    return true;
  }
}

class Route {
  get scope(): string {
    return "read:/data";
  }
}

const hidden = Object.defineProperty({ ...trust }, "groups", { value: ["/cms"], enumerable: false });

const TAKERS: readonly (readonly [name: string, take: (options: never) => unknown])[] = [
  ["createProtection()", createProtection],
  ["createProtections()", createProtections],
  ["protectFetch()", web.protectFetch],
  ["scitokens() of fetch", web.scitokens],
  ["protect() of Express", express.protect],
  ["scitokens() of Express", express.scitokens],
  ["protect() of Koa", koa.protect],
  ["scitokens() of Koa", koa.scitokens],
  ["protect() of Fastify", fastify.protect],
  ["@Protect of Nest", (options) => Protect(options)],
];

const OF_ROUTES: readonly (readonly [name: string, take: (options: never) => unknown])[] = [
  ["createProtections().route()", createProtections(trust).route],
  ["scitokens().protect() of fetch", web.scitokens(trust).protect],
  ["scitokens().protect() of Express", express.scitokens(trust).protect],
  ["scitokens().protect() of Koa", koa.scitokens(trust).protect],
  ["@Protect of Nest", (options) => Protect(options)],
];

describe("options that a copy would not have are errors at start", () => {
  it.each(TAKERS)("of %s (R4, S7, V2)", (_, take) => {
    expect(typeErrorOf(() => take(wrong(new Getter())))).toMatch(/^protect: scope: expected in the object itself/);
    expect(typeErrorOf(() => take(wrong(new Method())))).toMatch(/^protect: isRevoked: expected in the object itself/);
    expect(typeErrorOf(() => take(wrong(hidden)))).toMatch(/^protect: groups: expected in the object itself/);
    expect(typeErrorOf(() => take(wrong(Object.create(trust))))).toMatch(/^protect: issuer: /);
  });

  it.each(OF_ROUTES)("of %s (R4)", (_, take) => {
    expect(typeErrorOf(() => take(wrong(new Route())))).toMatch(/^protect: scope: expected in the object itself/);
  });

  it("of Fastify's plugin, of Nest's module, of a verifier for MCP (R4, V2)", async () => {
    await expect(Fastify().register(fastify.scitokens, wrong(new Method()))).rejects.toThrow(/isRevoked: expected in/);
    expect(typeErrorOf(() => SciTokensModule.forRoot(wrong(new Getter())))).toMatch(/scope: expected in/);
    const verifier = Object.assign(new Method(), { refuse: (message: string) => new Error(message) });
    expect(typeErrorOf(() => createTokenVerifier(verifier))).toMatch(/isRevoked: expected in/);
  });

  it("and members of an object that a class made are as good as others (R4)", () => {
    class Fields {
      readonly issuer = trust.issuer;
      readonly audience = AUDIENCE;
      readonly scope = "read:/data";
    }
    expect(createProtection(new Fields()).challenge.scope).toBe("read:/data");
  });
});

it("an area that is undefined is one, too, beside routes whose issuer has the whole server (S8, I15)", () => {
  expect(createProtection(trust).challenge.realm).toBe("scitokens");
  const lost = { ...trust, issuer: { ...trust.issuer, basePath: undefined } };
  expect(typeErrorOf(() => createProtection(wrong(lost)))).toMatch(/^basePath: .*leave it out for the whole server/);
});

it("an area that is hidden in its object is kept, beside routes whose issuer has the whole server (S8, I15)", async () => {
  const area = Object.defineProperty({ ...trust.issuer }, "basePath", { value: "/area" });
  const allows = async (issuer: typeof trust.issuer): Promise<boolean> => {
    const { enforcer } = createProtection({ ...trust, issuer, clock });
    return (await enforcer.verify(tokenOf("wlcg", { scope: "storage.read:/" }))).allows("read", "/data");
  };
  expect([await allows(trust.issuer), await allows(area)]).toEqual([true, false]);
});

it.each([Symbol("yes"), BigInt(60)])("%o is told by name, beside equal options without it (I15)", (value) => {
  createProtection(trust);
  for (const name of ["equivalence", "tokenCache", "clockTolerance"]) {
    expect(typeErrorOf(() => createProtection(wrong({ ...trust, [name]: value })))).toMatch(`${name}: expected`);
  }
});

it.each(["zod", true, 1])("claims: %j is no schema, and told by name (I15)", (claims) => {
  expect(typeErrorOf(() => createProtection(wrong({ ...trust, claims })))).toMatch(/^claims: expected/);
});
