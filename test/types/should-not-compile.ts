// Compiled, never run: each line below a directive is a mistake that the types refuse, for the reason that stands there.
// That each is refused for that reason, and not for a typing error here, is looked at by should-not-compile.test.ts.
// One file for all: a mistake that one framework's types refuse and another's don't should be seen.
import type { Request, Response } from "express";
import Fastify from "fastify";
import type { FastifyRequest } from "fastify";
import type { Context } from "koa";
import { z } from "zod";
import { createEnforcer } from "@scitokens/core";
import type { Enforcer, ScopeReason, SciToken, TokenReason } from "@scitokens/core";
import { protectFetch } from "@scitokens/core/fetch";
import { authorizeRequest, createProtection, nodeFacts } from "@scitokens/core/http";
import type { Protection, RequestFacts } from "@scitokens/core/http";
import { createTokenVerifier } from "@scitokens/core/mcp";
import * as express from "@scitokens/express";
import * as fastify from "@scitokens/fastify";
import * as koa from "@scitokens/koa";
import * as nest from "@scitokens/nest";

const issuer = "https://issuer.example";
const audience = "https://data.example.org";

export function core(enforcer: Enforcer, token: SciToken): void {
  // @ts-expect-error TS2741 without an audience
  createEnforcer({ issuer });
  // @ts-expect-error TS2741 without an issuer
  createEnforcer({ audience });
  // @ts-expect-error TS2561 a misspelt option
  createEnforcer({ issuer, audience, audiance: audience });
  // @ts-expect-error TS2322 an audience of undefined, as from a variable that is not set
  createEnforcer({ issuer, audience: undefined });
  // @ts-expect-error TS2820 an algorithm with a shared secret
  createEnforcer({ issuer, audience, algorithms: ["HS256"] });
  // @ts-expect-error TS2820 a profile that there is not
  createEnforcer({ issuer, audience, profiles: ["scitokens-3"] });
  // @ts-expect-error TS2322 the cache switched on without a size
  createEnforcer({ issuer, audience, tokenCache: true });
  // @ts-expect-error TS2353 a misspelt option of an issuer
  createEnforcer({ issuer: { issuer, allowInsecure: true }, audience });
  // @ts-expect-error TS2322 a validator that answers in words
  createEnforcer({ issuer, audience, validators: { email: () => "fine" } });
  // @ts-expect-error TS2345 a capability as a list
  enforcer.test(token, ["read"], "/data");
  // @ts-expect-error TS2345 a token that was not verified
  enforcer.test("eyJ...", "read", "/data");
  // @ts-expect-error TS2540 a token's subject changed afterwards
  token.subject = "mallory";
  // @ts-expect-error TS2551 a misspelt method
  token.allow("read", "/data");
  // @ts-expect-error TS2322 a claim of unknown type taken for text
  const email: string = token.get("email");
  // @ts-expect-error TS2353 claims that are types in words, and no schema
  createEnforcer({ issuer, audience, claims: { email: "string" } });
  const typed = createEnforcer({ issuer, audience, claims: z.object({ email: z.string() }) });
  // @ts-expect-error TS2322 a claim of another type than its schema's
  const number: Promise<number> = typed.verify("eyJ...").then(({ claims }) => claims.email);
  // @ts-expect-error TS2322 a reason that there is not
  const reason: TokenReason | ScopeReason = "too_old";
  void [email, number, reason];
}

export function http(facts: RequestFacts<Request>, ofText: Protection<string>): void {
  // @ts-expect-error TS2322 a scope that is a number
  createProtection({ issuer, audience, scope: 7 });
  // @ts-expect-error TS2379 a scope of undefined, as from a variable that is not set
  createProtection({ issuer, audience, scope: undefined });
  // @ts-expect-error TS2322 groups as one text
  createProtection({ issuer, audience, groups: "/cms" });
  // @ts-expect-error TS2322 a function that gives no scope
  createProtection({ issuer, audience, scope: () => true });
  // @ts-expect-error TS2339 a function that asks the request for what it does not have
  createProtection<Request>({ issuer, audience, scope: (request) => request.nonsense });
  // @ts-expect-error TS2379 the protection of another kind of request
  void authorizeRequest(facts, ofText);
  // @ts-expect-error TS2739 a request without raw headers
  nodeFacts({ method: "GET", url: "/" });
}

export function fetching(request: globalThis.Request): void {
  // @ts-expect-error TS2769 without an audience
  protectFetch({ issuer, scope: "read:/data" });
  // @ts-expect-error TS2769 a misspelt option
  protectFetch({ issuer, audience, scopes: "read:/data" });
  // @ts-expect-error TS2551 a function that asks the request for what it does not have
  protectFetch({ issuer, audience, scope: (req) => req.hedaers.get("x") ?? [] });
  // @ts-expect-error TS2769 an error handler that gives no Response
  protectFetch({ issuer, audience, onError: () => "no" });
  // @ts-expect-error TS2339 an answer taken for the token
  void protectFetch({ issuer, audience })(request).then((token) => token.subject);
  // @ts-expect-error TS2554 a guard whose functions want a context, asked without one
  void protectFetch({ issuer, audience, scope: (ctx: { readonly run: string }) => ctx.run })(request);
}

export function mcp(): void {
  // @ts-expect-error TS2345 without the error that the SDK knows
  createTokenVerifier({ issuer, audience });
  // @ts-expect-error TS2322 a refusal that is no error
  createTokenVerifier({ issuer, audience, refuse: (message) => message });
}

export function inExpress(request: Request, response: Response): void {
  // @ts-expect-error TS2345 without an audience
  express.protect({ issuer, scope: "read:/data" });
  // @ts-expect-error TS2345 without an issuer
  express.protect({ audience, scope: "read:/data" });
  // @ts-expect-error TS2561 a misspelt option
  express.protect({ issuer, audience, scopes: "read:/data" });
  // @ts-expect-error TS2353 a scope that is an object of the user's own
  express.protect({ issuer, audience, scope: { read: "/data" } });
  // @ts-expect-error TS2379 a scope of undefined, as from a variable that is not set
  express.protect({ issuer, audience, scope: undefined });
  // @ts-expect-error TS2551 a function that asks the request for what it does not have
  express.protect({ issuer, audience, scope: (req) => req.parms.run });
  // @ts-expect-error TS2322 an error handler that is a status
  express.protect({ issuer, audience, onError: 403 });
  // @ts-expect-error TS2353 issuer and audience once, then again at a route
  express.scitokens({ issuer, audience }).protect({ scope: "read:/data", audience });
  // @ts-expect-error TS18048 the token of a route that may not be protected
  response.json(request.scitoken.subject);
  // @ts-expect-error TS2322 a claim of another type than was declared
  const email: number = express.scitokens<{ email: string }>({ issuer, audience }).token(request).claims.email;
  // @ts-expect-error TS2345 a decorator without an audience
  express.Protect({ issuer });
  class Misplaced {
    // @ts-expect-error TS1240 a field cannot be protected
    @express.Protect({ issuer, audience }) handler = (): void => {};
    // @ts-expect-error TS1241 nor is what is no parameter a place for a token
    @express.Token() list(): void {}
  }
  void [email, Misplaced];
}

export function inKoa(context: Context): void {
  // @ts-expect-error TS2345 without an audience
  koa.protect({ issuer, scope: "read:/data" });
  // @ts-expect-error TS2345 without an issuer
  koa.protect({ audience, scope: "read:/data" });
  // @ts-expect-error TS2561 a misspelt option
  koa.protect({ issuer, audience, scopes: "read:/data" });
  // @ts-expect-error TS2353 a scope that is an object of the user's own
  koa.protect({ issuer, audience, scope: { read: "/data" } });
  // @ts-expect-error TS2379 a scope of undefined, as from a variable that is not set
  koa.protect({ issuer, audience, scope: undefined });
  // @ts-expect-error TS2322 a function that gives no scope
  koa.protect({ issuer, audience, scope: (ctx) => ctx.method.length });
  // @ts-expect-error TS2322 an error handler that is a status
  koa.protect({ issuer, audience, onError: 403 });
  // @ts-expect-error TS2353 issuer and audience once, then again at a route
  koa.scitokens({ issuer, audience }).protect({ scope: "read:/data", audience });
  // @ts-expect-error TS2322 a claim of another type than was declared
  const email: number = koa.scitokens<{ email: string }>({ issuer, audience }).token(context).claims.email;
  // @ts-expect-error TS2345 a decorator without an audience
  koa.Protect({ issuer });
  class Misplaced {
    // @ts-expect-error TS1240 a field cannot be protected
    @koa.Protect({ issuer, audience }) handler = (): void => {};
  }
  void [email, Misplaced];
}

export function inFastify(request: FastifyRequest): void {
  // @ts-expect-error TS2345 without an audience
  fastify.protect({ issuer, scope: "read:/data" });
  // @ts-expect-error TS2345 without an issuer
  fastify.protect({ audience, scope: "read:/data" });
  // @ts-expect-error TS2561 a misspelt option
  fastify.protect({ issuer, audience, scopes: "read:/data" });
  // @ts-expect-error TS2353 a scope that is an object of the user's own
  fastify.protect({ issuer, audience, scope: { read: "/data" } });
  // @ts-expect-error TS2379 a scope of undefined, as from a variable that is not set
  fastify.protect({ issuer, audience, scope: undefined });
  // @ts-expect-error TS2551 a function that asks the request for what it does not have
  fastify.protect({ issuer, audience, scope: (req) => req.parms.run });
  // @ts-expect-error TS2769 the plugin without an audience
  Fastify().register(fastify.scitokens, { issuer });
  // @ts-expect-error TS2322 a scope that is a number, in a route's configuration
  Fastify().get("/", { config: { scitokens: { scope: 7 } } }, () => "");
  // @ts-expect-error TS18048 the token of a route that may not be protected
  void request.scitoken.subject;
  // @ts-expect-error TS2322 an error handler that is a status
  fastify.protect({ issuer, audience, onError: 403 });
  // @ts-expect-error TS2345 a decorator without an audience
  fastify.Protect({ issuer });
  class Misplaced {
    // @ts-expect-error TS1240 a field cannot be protected
    @fastify.Protect({ issuer, audience }) handler = (): void => {};
  }
  void Misplaced;
}

export function inNest(): void {
  // @ts-expect-error TS2345 without an audience
  nest.SciTokensModule.forRoot({ issuer });
  // @ts-expect-error TS2345 without an issuer
  nest.SciTokensModule.forRoot({ audience });
  // @ts-expect-error TS2561 a misspelt option
  nest.SciTokensModule.forRoot({ issuer, audience, scopes: "read:/data" });
  // @ts-expect-error TS2322 a factory of options without an audience
  nest.SciTokensModule.forRootAsync({ useFactory: () => ({ issuer }) });
  // @ts-expect-error TS2322 credentials that are no function
  nest.SciTokensModule.forRoot({ issuer, audience, credentials: "header" });
  // @ts-expect-error TS2769 a rule that is a number
  nest.Protect(7);
  // @ts-expect-error TS2769 a rule that is an object of the user's own
  nest.Protect({ read: "/data" });
  // @ts-expect-error TS2554 two rules beside each other
  nest.Protect("read:/data", "write:/data");
  // @ts-expect-error TS2554 a rule at what is open to all
  nest.Public("read:/data");
  // @ts-expect-error TS2345 a token chosen by number
  nest.Token(1);
  class Misplaced {
    // @ts-expect-error TS1240 a field cannot be protected
    @nest.Protect("read:/data") handler = (): void => {};
  }
  void Misplaced;
}
