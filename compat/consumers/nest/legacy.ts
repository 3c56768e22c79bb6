// A Nest application on Express as a user writes it: the module, a controller, and the token as a parameter.
import "reflect-metadata";
import { Controller, Get, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { Protect, Public, SciTokensModule, Token } from "@scitokens/nest";
import type { SciToken } from "@scitokens/nest";
import type { RequestListener } from "node:http";
import { checkService, report } from "./check-answers.js";
import { sameType } from "./same-type.js";

@Controller()
class DataController {
  @Get("data")
  @Protect("read:/data")
  list(@Token() token: SciToken): object {
    const { subject } = token;
    sameType<typeof subject, string | undefined>(true);
    return { subject };
  }

  @Get("open")
  @Public()
  open(): object {
    return {};
  }
}

report(
  checkService(async (trust) => {
    @Module({ imports: [SciTokensModule.forRoot(trust)], controllers: [DataController] })
    class AppModule {}
    const app = await NestFactory.create(AppModule, { logger: false });
    await app.init();
    return app.getHttpAdapter().getInstance() as RequestListener;
  }),
);
