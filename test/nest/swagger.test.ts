// @scitokens/nest/swagger: what the OpenAPI document says of protected handlers. Rules H3, H8.
import { Controller, Get, Module } from "@nestjs/common";
import { ApiForbiddenResponse, DocumentBuilder } from "@nestjs/swagger";
import type { OpenAPIObject } from "@nestjs/swagger";
import { afterEach, expect, it } from "vitest";
import { anyOf, Protect, Public, SciTokensModule } from "@scitokens/nest";
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

async function documentOf(times = 1): Promise<OpenAPIObject> {
  const { app } = await start(App);
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
    description: "the token does not cover the request; needed: read:/data",
    content: { "application/problem+json": { schema: { type: "object" } } },
  });
  expect(paths["/data"]?.get).toMatchObject({ "x-scope": "read:/data" });
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
