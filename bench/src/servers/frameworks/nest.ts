// NestJS 12 on Express and on Fastify: the protection is a guard of the handler.
import "reflect-metadata";
import { Controller, Get, Module, UseGuards } from "@nestjs/common";
import type { CanActivate, DynamicModule, Type } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { AuthGuard, PassportStrategy } from "@nestjs/passport";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { Protect, SciTokensModule } from "@scitokens/nest";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ExtractJwt, Strategy } from "passport-jwt";
import { BODY, contender, ourOptions, ROUTE, SCOPE } from "../contender.js";
import type { Contender, Trust } from "../contender.js";

type Platform = "express" | "fastify";

/** How the handler is decorated, and what its module needs. */
interface Protection {
  readonly decorators: readonly MethodDecorator[];
  readonly module?: Pick<DynamicModule, "imports" | "providers">;
}

export const onExpress: readonly Contender[] = onPlatform("express");
export const onFastify: readonly Contender[] = onPlatform("fastify");

function onPlatform(platform: Platform): readonly Contender[] {
  return [
    contender(
      { name: "bare", role: "bare" },
      serve(platform, () => ({ decorators: [] })),
    ),
    contender(
      { name: "no-op", role: "noop" },
      serve(platform, () => ({ decorators: [UseGuards(Nothing)] })),
    ),
    contender(
      { name: "@scitokens/nest", role: "ours", remembers: true },
      serve(platform, (trust) => ({
        decorators: [Protect(SCOPE)],
        module: { imports: [SciTokensModule.forRoot(ourOptions(trust))] },
      })),
    ),
    contender(
      { name: "passport-jwt", role: "peer" },
      serve(platform, (trust) => ({
        decorators: [UseGuards(AuthGuard("jwt"))],
        module: { providers: [jwtStrategy(trust)] },
      })),
    ),
  ];
}

class Nothing implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

function jwtStrategy({ issuer, audience, pem }: Trust): Type {
  return class extends PassportStrategy(Strategy) {
    constructor() {
      super({
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        secretOrKey: pem,
        algorithms: ["RS256"],
        issuer,
        audience,
      });
    }
    validate(claims: unknown): unknown {
      return claims;
    }
  };
}

function serve(platform: Platform, protection: (trust: Trust) => Protection): Contender["start"] {
  return async (trust) => {
    const { decorators, module } = protection(trust);
    const root = { module: Root, controllers: [controller(decorators)], ...module };
    const adapter = platform === "express" ? new ExpressAdapter() : new FastifyAdapter();
    const app = await NestFactory.create(root, adapter, { logger: false, abortOnError: false });
    await app.listen(0, "127.0.0.1");
    return ((app.getHttpServer() as Server).address() as AddressInfo).port;
  };
}

// What a dynamic module hangs on; decorated, it would need a compiler's help.
// oxlint-disable-next-line typescript/no-extraneous-class
class Root {}
Module({})(Root);

/** Decorated by hand, which needs no compiler's help. */
function controller(decorators: readonly MethodDecorator[]): Type {
  class Store {
    read(): unknown {
      return BODY;
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(Store.prototype, "read") ?? {};
  for (const decorate of [Get(ROUTE), ...decorators]) decorate(Store.prototype, "read", descriptor);
  Controller()(Store);
  return Store;
}
