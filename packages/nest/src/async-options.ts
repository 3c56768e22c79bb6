// Options that other providers know: the three ways of Nest to come by them.
import type { FactoryProvider, InjectionToken, ModuleMetadata, Provider, Type } from "@nestjs/common";
import type { PlatformRequest } from "./platform.js";
import { createSettings, SCITOKENS } from "./settings.js";
import type { SciTokensOptions, Settings } from "./settings.js";

/** Written by a provider that knows the options. */
export interface SciTokensOptionsFactory<Req = PlatformRequest, C = {}> {
  createSciTokensOptions(): SciTokensOptions<Req, C> | Promise<SciTokensOptions<Req, C>>;
}

/** One of `useFactory`, `useClass` and `useExisting`. */
export interface SciTokensAsyncOptions<Req = PlatformRequest, C = {}> {
  /** Modules that export what is injected. */
  readonly imports?: ModuleMetadata["imports"];
  /** What the function is given. */
  readonly inject?: NonNullable<FactoryProvider["inject"]>;
  // oxlint-disable-next-line typescript/no-explicit-any -- as Nest types it: what `inject` names, in that order
  readonly useFactory?: (...injected: any[]) => SciTokensOptions<Req, C> | Promise<SciTokensOptions<Req, C>>;
  /** Made for this module alone. */
  readonly useClass?: Type<SciTokensOptionsFactory<Req, C>>;
  /** A provider there is already. */
  readonly useExisting?: InjectionToken;
}

const WAYS = ["useFactory", "useClass", "useExisting"] as const;

/** @throws {TypeError} */
export function provideOptions<Req, C>(options: SciTokensAsyncOptions<Req, C>): readonly Provider[] {
  const { inject = [], useFactory, useClass, useExisting } = options;
  if (WAYS.filter((way) => options[way] !== undefined).length !== 1) {
    throw new TypeError("SciTokensModule.forRootAsync: expected one of useFactory, useClass and useExisting");
  }
  if (useFactory !== undefined) {
    const create = async (...injected: unknown[]): Promise<Settings> => createSettings(await useFactory(...injected));
    return [{ provide: SCITOKENS, inject: [...inject], useFactory: create }];
  }
  const FACTORY = useClass ?? useExisting ?? "";
  const create = async (factory: SciTokensOptionsFactory<Req, C>): Promise<Settings> =>
    createSettings(await factory.createSciTokensOptions());
  const settings = { provide: SCITOKENS, inject: [FACTORY], useFactory: create };
  return useClass === undefined ? [settings] : [useClass, settings];
}
