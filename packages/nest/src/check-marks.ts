// Every @Protect of an application, looked at once when it starts: a wrong one ends the start, and not a request. Rule R4.
import type { ModulesContainer } from "@nestjs/core";
import { handlersOf } from "./handlers.js";
import type { Handler } from "./handlers.js";
import type { Settings } from "./settings.js";

/** @throws {TypeError} that names class and method */
export function checkMarks(modules: ModulesContainer, settings: Settings): void {
  const guarded = fieldsAreGuarded(modules);
  for (const { controllers, providers } of modules.values()) {
    for (const { metatype } of [...controllers.values(), ...providers.values()]) {
      for (const handler of handlersOf(metatype)) {
        check(`${metatype?.name}.${handler.name}`, handler, settings);
        if (!guarded) checkField(`${metatype?.name}.${handler.name}`, handler);
      }
    }
  }
}

function check(where: string, { mark }: Handler, settings: Settings): void {
  try {
    settings.protectionOf(mark);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new TypeError(`@Protect for ${where}: ${cause.message}`, { cause });
  }
}

/** What @nestjs/graphql leaves at a method with @ResolveField. */
const FIELD = "graphql:resolve_property";

function checkField(where: string, { method, mark }: Handler): void {
  if (mark === undefined || mark.kind === "public" || !Reflect.hasMetadata(FIELD, method)) return;
  throw new TypeError(
    `@Protect for ${where}: Nest asks no guard for the fields of GraphQL types, so that it would not hold; ` +
      `give GraphQLModule fieldResolverEnhancers: ["guards"], or put @Public() at the field`,
  );
}

/** Whether GraphQLModule, where there is one, asks guards for fields too. */
function fieldsAreGuarded(modules: ModulesContainer): boolean {
  for (const { providers } of modules.values()) {
    const options: unknown = providers.get("GqlModuleOptions")?.instance;
    if (typeof options === "object" && options !== null && "fieldResolverEnhancers" in options) {
      const { fieldResolverEnhancers: enhancers } = options;
      if (Array.isArray(enhancers) && enhancers.includes("guards")) return true;
    }
  }
  return false;
}
