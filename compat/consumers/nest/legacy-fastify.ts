// A Nest application on Fastify; the module made by a factory, the rule given in full at the handler.
import "reflect-metadata";
import { Controller, Get, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { Protect, SciTokensModule, Token } from "@scitokens/nest";
import { checkService, report } from "./check-answers.js";

report(
  checkService(async (trust) => {
    @Controller()
    class DataController {
      @Get("data")
      @Protect({ ...trust, scope: "read:/data" })
      list(@Token("sub") subject: string): object {
        return { subject };
      }
    }
    @Module({
      imports: [SciTokensModule.forRootAsync({ useFactory: () => trust })],
      controllers: [DataController],
    })
    class AppModule {}
    const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: false });
    await app.init();
    const instance = app.getHttpAdapter().getInstance();
    await instance.ready();
    return (request, response) => instance.routing(request, response);
  }),
);
