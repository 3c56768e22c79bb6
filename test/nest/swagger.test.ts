// @scitokens/nest/swagger: what the OpenAPI document says of protected handlers. Rules H3, H8.
import { Controller, Get, Module } from "@nestjs/common";
import type { Type } from "@nestjs/common";
import { ApiForbiddenResponse, DocumentBuilder } from "@nestjs/swagger";
import type { OpenAPIObject } from "@nestjs/swagger";
import { afterEach, expect, it } from "vitest";
import { anyOf, fromRequest, Protect, Public, SciTokensModule } from "@scitokens/nest";
import type { SciTokensOptions } from "@scitokens/nest";
import { createDocument } from "@scitokens/nest/swagger";
import { closeAll, start, trust } from "./fixture.js";

afterEach(closeAll);

@Controller()
class Frames {
  @Get("plain") plain(): string {
    return "";
  }
  @Public() @Get("open") open(): string {
    return "";
  }
  @Protect({ scope: anyOf("read:/data", "admin"), optional: true }) @Get("data") data(): string {
    return "";
  }
  @Protect({ ...trust, scope: "queue" }) @Get("own") own(): string {
    return "";
  }
}

@Protect("admin")
@Controller("admin")
class Admin {
  @ApiForbiddenResponse({ description: "my own words" }) @Get() read(): string {
    return "";
  }
}

@Module({ imports: [SciTokensModule.forRoot(trust)], controllers: [Frames, Admin] })
class App {}

async function documentOf(times = 1, module: Type = App): Promise<OpenAPIObject> {
  const { app } = await start(module);
  for (let i = 1; i < times; i++) createDocument(app, new DocumentBuilder().build());
  return createDocument(app, new DocumentBuilder().build());
}

it("describes the bearer scheme, and which handlers want it", async () => {
  const { components, paths } = await documentOf();
  expect(components?.securitySchemes).toMatchObject({
    scitokens: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
  });
  expect(paths["/plain"]?.get?.security).toEqual([{ scitokens: [] }]);
  expect(paths["/open"]?.get?.security).toBeUndefined();
});

it("describes the refusals as problem documents, with the scope that is needed (H3)", async () => {
  const { paths } = await documentOf();
  const responses = paths["/data"]?.get?.responses ?? {};
  expect(Object.keys(responses)).toEqual(["200", "401", "403"]);
  expect(responses["403"]).toMatchObject({
    description: "the token does not cover the request; needed: one of: read:/data, admin",
    content: { "application/problem+json": { schema: { type: "object" } } },
  });
  expect(paths["/data"]?.get).toMatchObject({ "x-scope": "one of: read:/data, admin" });
  expect(paths["/own"]?.get).toMatchObject({ "x-scope": "queue" });
  expect(paths["/plain"]?.get?.responses["403"]).toMatchObject({ description: "the token does not cover the request" });
  expect(paths["/admin"]?.get?.responses["403"]).toMatchObject({ description: "my own words" });
  expect(paths["/admin"]?.get).toMatchObject({ "x-scope": "admin", security: [{ scitokens: [] }] });
  expect(Object.keys(paths["/open"]?.get?.responses ?? {})).toEqual(["200"]);
});

it("says where a token is optional (H8), and everything once however often it is asked", async () => {
  const { paths } = await documentOf(3);
  expect(paths["/data"]?.get?.security).toHaveLength(2);
  expect(paths["/data"]?.get?.security).toEqual(expect.arrayContaining([{ scitokens: [] }, {}]));
});

const appOf = (controllers: readonly Type[], more: Partial<SciTokensOptions> = {}): Type => {
  @Module({ imports: [SciTokensModule.forRoot({ ...trust, ...more })], controllers: [...controllers] })
  class Made {}
  return Made;
};

it("describes an inherited handler for each class by itself, and leaves the classes as they were", async () => {
  class Base {
    @Get("x") x(): string {
      return "";
    }
  }
  @Protect("admin")
  @Controller("a")
  class A extends Base {}
  @Protect("queue")
  @Controller("b")
  class B extends Base {}
  @Public()
  @Controller("c")
  class C extends Base {}
  @Protect("read:/data")
  @Controller("d")
  class D extends B {}
  const before = [A, B, C, D, Base].map(({ prototype }) => Object.getOwnPropertyDescriptors(prototype));
  const metadata = Reflect.getMetadataKeys(Base.prototype.x);
  const { paths } = await documentOf(2, appOf([A, B, C, D]));
  expect(paths["/a/x"]?.get).toMatchObject({ "x-scope": "admin", security: [{ scitokens: [] }] });
  expect(paths["/b/x"]?.get).toMatchObject({ "x-scope": "queue", security: [{ scitokens: [] }] });
  expect(paths["/d/x"]?.get).toMatchObject({ "x-scope": "read:/data", security: [{ scitokens: [] }] });
  expect(paths["/c/x"]?.get?.security).toBeUndefined();
  expect(paths["/a/x"]?.get?.operationId).toBe("A_x");
  expect([A, B, C, D, Base].map(({ prototype }) => Object.getOwnPropertyDescriptors(prototype))).toEqual(before);
  expect(Reflect.getMetadataKeys(Base.prototype.x)).toEqual(metadata);
});

it("describes the same controllers in each application by its own options (H8)", async () => {
  @Controller("same")
  class Same {
    @Get() get(): string {
      return "";
    }
  }
  const one = await documentOf(1, appOf([Same], { scope: "admin" }));
  const two = await documentOf(1, appOf([Same], { scope: "queue", optional: true }));
  const three = await documentOf(1, appOf([Same]));
  const found = [one, two, three].map(({ paths }) => paths["/same"]?.get as object | undefined);
  expect(found).toMatchObject([
    { "x-scope": "admin", security: [{ scitokens: [] }] },
    { "x-scope": "queue", security: expect.arrayContaining([{}, { scitokens: [] }]) as unknown },
    { security: [{ scitokens: [] }] },
  ]);
  expect(found[2]).not.toHaveProperty("x-scope");
});

it("says alternatives in full or not at all, never the first alone (R4)", async () => {
  @Controller("needs")
  class Needs {
    @Protect(anyOf("admin", ["queue", "read:/data"])) @Get("nested") nested(): void {}
    @Protect(["admin", anyOf("queue", "read:/data")]) @Get("inside") inside(): void {}
    @Protect(anyOf("admin", fromRequest())) @Get("request") request(): void {}
    @Protect(["admin", "queue"]) @Get("all") all(): void {}
    @Protect(anyOf("admin", "queue")) @Get("own") own(): void {}
    @Get("default") default(): void {}
    @Protect({ ...trust }) @Get("none") none(): void {}
  }
  const { paths } = await documentOf(1, appOf([Needs], { scope: anyOf("write:/data", "admin") }));
  const scopeOf = (name: string): unknown =>
    (paths[`/needs/${name}`]?.get as { readonly "x-scope"?: string } | undefined)?.["x-scope"];
  expect(["nested", "inside", "request", "none"].map(scopeOf)).toEqual([undefined, undefined, undefined, undefined]);
  expect(["all", "own", "default"].map(scopeOf)).toEqual([
    "admin queue",
    "one of: admin, queue",
    "one of: write:/data, admin",
  ]);
});

it("keeps the security schemes of the application", async () => {
  const { app } = await start(App);
  const mine = { type: "oauth2", flows: {} } as const;
  const config = new DocumentBuilder().addSecurity("mine", mine).addSecurity("scitokens", mine).build();
  expect(createDocument(app, config).components?.securitySchemes).toEqual({ mine, scitokens: mine });
});
