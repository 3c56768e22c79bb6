// SciTokensModule: issuer and audience once, and a guard in front of every handler.
import { Inject, Module, Scope } from "@nestjs/common";
import type { DynamicModule, NestModule, OnModuleInit, Provider } from "@nestjs/common";
import { APP_GUARD, HttpAdapterHost, ModuleRef, ModulesContainer } from "@nestjs/core";
import { provideOptions } from "./async-options.js";
import type { SciTokensAsyncOptions } from "./async-options.js";
import { checkMarks } from "./check-marks.js";
import { checkReach } from "./check-reach.js";
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
  readonly #ref: ModuleRef;
  readonly #host: HttpAdapterHost;
  readonly #modules: ModulesContainer;

  constructor(
    // Not the settings: where these were made for each request, so would be the module, and Nest would call no hook of it.
    @Inject(ModuleRef) ref: ModuleRef,
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    this.#ref = ref;
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
    this.#checkImports();
    serveMetadata(this.#host.httpAdapter, this.#settings());
  }

  onModuleInit(): void {
    this.#checkImports();
    checkMarks(this.#modules, this.#settings());
    checkReach(this.#modules);
  }

  /** Of two modules with options, one would be asked, and nobody could tell which. */
  #checkImports(): void {
    if ([...this.#modules.values()].filter(({ metatype }) => metatype === SciTokensModule).length < 2) return;
    throw new TypeError(
      "SciTokensModule: imported twice with different options; @Protect({ issuer, audience }) has options of its own",
    );
  }

  #settings(): Settings {
    if (this.#ref.introspect(SCITOKENS).scope === Scope.DEFAULT) return this.#ref.get<Settings>(SCITOKENS);
    throw new TypeError("SciTokensModule.forRootAsync: expected options that are the same for every request");
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
