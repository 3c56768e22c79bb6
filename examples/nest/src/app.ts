// An event database like GraceDB, which collects candidates of gravitational waves and what people say of them.
import { Module } from "@nestjs/common";
import type { DynamicModule, INestApplication } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { problemDetails, SciTokensModule } from "@scitokens/nest";
import type { SciTokensOptions } from "@scitokens/nest";
import { EventsController } from "./events.controller.js";
import { Permissions } from "./permissions.js";

@Module({})
class EventsModule {
  static with(trust: SciTokensOptions): DynamicModule {
    return {
      module: EventsModule,
      imports: [SciTokensModule.forRoot(trust)],
      controllers: [EventsController],
      providers: [Permissions],
    };
  }
}

/** Who is trusted, and who this service is; handlers say what they ask for. */
export async function createApp(trust: SciTokensOptions): Promise<INestApplication> {
  const app = await NestFactory.create(EventsModule.with(trust), { logger: ["error", "warn"] });
  app.useGlobalFilters(problemDetails());
  return app;
}
