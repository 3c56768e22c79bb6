// The handler of examples/storage on each framework, protected by its adapter: Fastify as the example has it, and the others.
import "reflect-metadata";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { All, Controller, Module, Req, Res } from "@nestjs/common";
import type { DynamicModule, INestApplication, Type } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { fromRequest, operationOf } from "@scitokens/core/http";
import type { GroupRule } from "@scitokens/core/http";
import type { EnforcerOptions } from "@scitokens/core";
import * as onExpress from "@scitokens/express";
import * as onKoa from "@scitokens/koa";
import * as onNest from "@scitokens/nest";
import express from "express";
import Koa from "koa";
import { createApp } from "../../examples/storage/src/app.js";
import { createHandler } from "../../examples/storage/src/handler.js";
import type { Storage } from "../../examples/storage/src/storage.js";

export interface Mounted {
  readonly trust: EnforcerOptions;
  readonly groups: readonly GroupRule[];
  readonly storage: Storage;
}

/** A server that is not listening yet, and how to end it. */
export interface Unstarted {
  readonly server: Server;
  close(): Promise<unknown>;
}

export const MOUNTS: Readonly<Record<string, (mounted: Mounted) => Promise<Unstarted>>> = {
  "Fastify, as the example": async ({ trust, groups, storage }) => {
    const app = await createApp({ trust, policy: { groups }, storage });
    await app.ready();
    return { server: app.server, close: () => app.close() };
  },
  Express: async (mounted) => {
    const app = express().set("env", "test");
    const serve = handlerOf(mounted);
    app.use(onExpress.protect(optionsOf(mounted)), (request, response) => serve(request, response, request));
    app.use(onExpress.problemDetails());
    return bare((request, response) => void app(request, response));
  },
  Koa: async (mounted) => {
    const app = new Koa();
    const serve = handlerOf(mounted);
    app.use(onKoa.problemDetails());
    app.use(onKoa.protect(optionsOf(mounted)));
    app.use((ctx) => {
      ctx.respond = false;
      return serve(ctx.req, ctx.res, ctx);
    });
    const callback = app.callback();
    return bare((request, response) => void callback(request, response));
  },
  "Nest on Express": (mounted) =>
    nest(NestFactory.create(moduleOf(mounted, "*path"), new ExpressAdapter(), { logger: false, bodyParser: false })),
  "Nest on Fastify": (mounted) => {
    const adapter = new FastifyAdapter();
    const fastify = adapter.getInstance();
    for (const method of ["PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE"]) fastify.addHttpMethod(method);
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser("*", (_request: unknown, _body: unknown, done: (error: null) => void) => done(null));
    return nest(NestFactory.create(moduleOf(mounted, "*"), adapter, { logger: false, bodyParser: false }));
  },
};

const optionsOf = ({ trust, groups, storage }: Mounted) =>
  ({ ...trust, groups, scope: fromRequest({ exists: storage.exists, kind: storage.kind }) }) as const;

type Serve = (request: IncomingMessage, response: ServerResponse, judged: object) => Promise<void>;

/** @throws {Error} where the adapter has not kept what was judged */
function handlerOf({ storage }: Mounted): Serve {
  const faults: unknown[] = [];
  const serve = createHandler({ storage, onError: (error) => faults.push(error) });
  return async (request, response, judged) => {
    const operation = operationOf(judged);
    if (operation === undefined) throw new Error("expected an operation");
    await serve(request, response, operation);
    if (faults.length > 0) throw new AggregateError(faults);
  };
}

function bare(listener: (request: IncomingMessage, response: ServerResponse) => void): Unstarted {
  const server = createServer(listener).on("checkContinue", listener);
  return { server, close: () => new Promise((resolve) => server.close(resolve)) };
}

interface NestRequest extends IncomingMessage {
  readonly raw?: IncomingMessage;
}

interface NestReply extends ServerResponse {
  readonly raw?: ServerResponse;
  hijack?(): unknown;
}

/** @param wildcard how the platform writes "all" */
function moduleOf(mounted: Mounted, wildcard: string): DynamicModule {
  const serve = handlerOf(mounted);
  class Files {
    async handle(request: NestRequest, response: NestReply): Promise<void> {
      response.hijack?.();
      await serve(request.raw ?? request, response.raw ?? response, request);
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(Files.prototype, "handle") as PropertyDescriptor;
  All(wildcard)(Files.prototype, "handle", descriptor);
  onNest.Protect(optionsOf(mounted))(Files.prototype, "handle", descriptor);
  Req()(Files.prototype, "handle", 0);
  Res()(Files.prototype, "handle", 1);
  Controller()(Files);
  return moduleWith(Files, mounted);
}

function moduleWith(controller: Type, { trust }: Mounted): DynamicModule {
  class Root {
    readonly of = "storage";
  }
  Module({})(Root);
  return { module: Root, imports: [onNest.SciTokensModule.forRoot(trust)], controllers: [controller] };
}

async function nest(created: Promise<INestApplication>): Promise<Unstarted> {
  const app = await created;
  app.useGlobalFilters(onNest.problemDetails());
  await app.init();
  const server = app.getHttpServer() as Server;
  const [listener] = server.listeners("request") as ((request: IncomingMessage, response: ServerResponse) => void)[];
  if (listener !== undefined) server.on("checkContinue", listener);
  const adapter = app.getHttpAdapter().getInstance() as { ready?: () => Promise<unknown> };
  await adapter.ready?.();
  return { server, close: () => app.close() };
}
