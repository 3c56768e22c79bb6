// What the types of @scitokens/nest say, and what must not compile.
import type { ExecutionContext } from "@nestjs/common";
import type { Request } from "express";
import type { FastifyRequest } from "fastify";
import { expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import { allOf, anyOf, fromRequest, getToken, Protect, scope, SciTokensModule, Token } from "@scitokens/nest";
import type { PlatformRequest, SciToken, SciTokens, SciTokensOptions, TokenCarrier } from "@scitokens/nest";
import { trust } from "./fixture.js";

it("gives scope functions the platform's request unless they say otherwise", () => {
  Protect((request) => {
    expectTypeOf(request).toEqualTypeOf<PlatformRequest>();
    return "admin";
  });
  Protect((request: Request) => scope`read:/runs/${request.params["run"]}`);
  Protect((request: FastifyRequest<{ Params: { run: string } }>) => scope`read:/runs/${request.params.run}`);
  Protect({ ...trust, scope: (context: ExecutionContext) => scope`read:/runs/${context.getHandler().name}` });
  SciTokensModule.forRoot({
    ...trust,
    scope: (request) => scope`read:/${request.method}`,
  });
  expectTypeOf<Request>().toExtend<PlatformRequest>();
  expectTypeOf<FastifyRequest>().toExtend<Omit<PlatformRequest, "params" | "query">>();
});

it("gives functions within a rule the same request, however deep they are", () => {
  const rules = [
    Protect(fromRequest({ exists: (_path, { url, headers }) => url === headers["x-known"] })),
    Protect({
      ...trust,
      scope: [
        "admin",
        anyOf(
          "x",
          allOf(({ params }) => scope`read:/${String(params["run"])}`),
        ),
      ],
    }),
    Protect({ scope: fromRequest({ kind: (_path, request: Request) => (request.secure ? "file" : undefined) }) }),
    Protect(anyOf("x", (context: ExecutionContext) => scope`read:/${context.getType()}`)),
  ];
  expectTypeOf(rules).items.toBeFunction();
});

it("types the claims of an application's own", () => {
  type Mail = { readonly email: string };
  expectTypeOf(getToken<Mail>).returns.toEqualTypeOf<SciToken<Mail>>();
  Token<Mail>(({ claims }) => expectTypeOf(claims.email).toEqualTypeOf<string>());
  expectTypeOf<SciTokens<Mail>["enforcer"]["verify"]>().returns.resolves.toEqualTypeOf<SciToken<Mail>>();
  SciTokensModule.forRoot({ ...trust, claims: z.object({ email: z.string() }) });
  expectTypeOf<TokenCarrier["scitoken"]>().toEqualTypeOf<SciToken | undefined>();
});

it("reads the token from the platforms' own requests", () => {
  expectTypeOf(getToken<{}>).toBeCallableWith({} as Request);
  expectTypeOf(getToken<{}>).toBeCallableWith({} as FastifyRequest);
  expectTypeOf(getToken<{}>).toBeCallableWith({} as ExecutionContext);
  expectTypeOf<Request["scitoken"]>().toEqualTypeOf<SciToken | undefined>();
});

it("lets nothing compile that would be refused at start", () => {
  const wrong: readonly (() => unknown)[] = [
    // @ts-expect-error -- an issuer without the server's name
    () => SciTokensModule.forRoot({ issuer: "https://issuer.example.org" }),
    // @ts-expect-error -- a misspelt option
    () => SciTokensModule.forRoot({ ...trust, scops: "read:/" } satisfies SciTokensOptions),
    // @ts-expect-error -- a scope that may not be there
    () => Protect({ scope: undefined }),
    // @ts-expect-error -- no scope at all
    () => Protect(7),
    // @ts-expect-error -- credentials that are no function
    () => SciTokensModule.forRoot({ ...trust, credentials: "Bearer x" }),
    // @ts-expect-error -- three ways to come by options, of which there is none
    () => SciTokensModule.forRootAsync({ useValue: trust }),
  ];
  for (const attempt of wrong) expect(attempt).toThrow(TypeError);
});
