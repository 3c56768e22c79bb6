// SciTokensModule: issuer and audience once, and a guard in front of every handler.
import { Inject, Module } from "@nestjs/common";
import type { DynamicModule, NestModule, OnModuleInit, Provider } from "@nestjs/common";
import { APP_GUARD, HttpAdapterHost, ModulesContainer } from "@nestjs/core";
import { provideOptions } from "./async-options.js";
import type { SciTokensAsyncOptions } from "./async-options.js";
import { checkMarks } from "./check-marks.js";
import { createJudge, JUDGE, SciTokensGuard } from "./guard.js";
import type { PlatformRequest } from "./platform.js";
import { serveMetadata } from "./serve-metadata.js";
import { createSettings, SCITOKENS } from "./settings.js";
import type { SciTokensOptions, Settings } from "./settings.js";

/**
 * Protects every handler of an application: without `@Public()` there must be a good token, and with `@Protect(...)` one
 * that covers what that says. Imported once, in the root module; it is global.
 */
@Module({})
export class SciTokensModule implements NestModule, OnModuleInit {
  readonly #settings: Settings;
  readonly #host: HttpAdapterHost;
  readonly #modules: ModulesContainer;

  constructor(
    @Inject(SCITOKENS) settings: Settings,
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    this.#settings = settings;
    this.#host = host;
    this.#modules = modules;
  }

  /**
   * @throws {TypeError} for a wrong option, which it names
   * @example SciTokensModule.forRoot({ issuer: "https://cilogon.org/igwn", audience: "https://data.example.org" })
   */
  static forRoot<Req = PlatformRequest, C = {}>(options: SciTokensOptions<Req, C>): DynamicModule {
    const settings = createSettings(options);
    return dynamicModule([{ provide: SCITOKENS, useValue: settings }]);
  }

  /**
   * For options that other providers know. A wrong option ends the start of the application with a TypeError.
   * @throws {TypeError} for anything but one of useFactory, useClass and useExisting
   * @example SciTokensModule.forRootAsync({ inject: [Config], useFactory: (config: Config) => config.get("scitokens") })
   */
  static forRootAsync<Req = PlatformRequest, C = {}>(options: SciTokensAsyncOptions<Req, C>): DynamicModule {
    return { ...dynamicModule(provideOptions(options)), imports: [...(options.imports ?? [])] };
  }

  /** Nest asks for middleware before it makes the routes, and after the application has set its server up. */
  configure(): void {
    serveMetadata(this.#host.httpAdapter, this.#settings);
  }

  onModuleInit(): void {
    checkMarks(this.#modules, this.#settings);
  }
}

function dynamicModule(providers: readonly Provider[]): DynamicModule {
  return {
    module: SciTokensModule,
    global: true,
    providers: [
      ...providers,
      { provide: JUDGE, inject: [SCITOKENS], useFactory: createJudge },
      SciTokensGuard,
      { provide: APP_GUARD, useExisting: SciTokensGuard },
    ],
    exports: [SCITOKENS, JUDGE, SciTokensGuard],
  };
}
