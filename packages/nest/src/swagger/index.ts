// @scitokens/nest/swagger: what the guard asks for, in the OpenAPI document. Needs @nestjs/swagger.
import type { INestApplication } from "@nestjs/common";
import { ModulesContainer } from "@nestjs/core";
import { ApiBearerAuth, ApiExtension, ApiSecurity, SwaggerModule } from "@nestjs/swagger";
import type { OpenAPIObject, SwaggerDocumentOptions } from "@nestjs/swagger";
import { handlersOf } from "../handlers.js";
import type { Handler } from "../handlers.js";
import { SCITOKENS } from "../settings.js";
import type { Settings } from "../settings.js";
import { neededScope, ruleOf } from "./needed-scope.js";
import { describeRefusals, SCHEME, SCOPE } from "./refusals.js";

/**
 * `SwaggerModule.createDocument()`, and in its document: the bearer scheme; which handlers want a token, all but those with
 * `@Public()`; which scope, as `x-scope`; and their refusals.
 * @param app where `SciTokensModule` is imported
 * @example SwaggerModule.setup("api", app, createDocument(app, new DocumentBuilder().setTitle("Frames").build()));
 */
export function createDocument(
  app: INestApplication,
  config: Omit<OpenAPIObject, "paths">,
  options?: SwaggerDocumentOptions,
): OpenAPIObject {
  const settings = app.get<Settings>(SCITOKENS, { strict: false });
  const undo: (() => void)[] = [];
  try {
    for (const [type, handler] of protectedHandlers(app)) undo.push(describe(type, handler, settings));
    return describeRefusals(SwaggerModule.createDocument(app, config, options));
  } finally {
    for (const restore of undo) restore();
  }
}

/** All of them before the first is described: a controller may extend another. */
function protectedHandlers(app: INestApplication): readonly (readonly [type: Function, handler: Handler])[] {
  const modules = [...app.get(ModulesContainer, { strict: false }).values()];
  const types = modules.flatMap(({ controllers }) => [...controllers.values()].map(({ metatype }) => metatype));
  return [...new Set(types)]
    .filter((type) => typeof type === "function")
    .flatMap((type) => handlersOf(type).map((handler) => [type, handler] as const))
    .filter(([, { mark }]) => mark?.kind !== "public");
}

/**
 * A handler may be inherited by several classes, and serve several applications, each with a description of its own. So
 * a copy is described, which stands in the class only while the document is written.
 */
function describe(type: Function, { name, method, mark }: Handler, settings: Settings): () => void {
  const prototype = type.prototype as object;
  const before = Object.getOwnPropertyDescriptor(prototype, name);
  const descriptor = { value: copyOf(name, method), configurable: true, enumerable: false, writable: true };
  const { optional, challenge } = settings.protectionOf(mark);
  const scope = neededScope(ruleOf(mark, settings), challenge.scope);
  const decorators = [
    ApiBearerAuth(SCHEME),
    ...(optional ? [ApiSecurity({})] : []),
    ...(scope === undefined ? [] : [ApiExtension(SCOPE, scope)]),
  ];
  for (const decorate of decorators) decorate(prototype, name, descriptor);
  Object.defineProperty(prototype, name, descriptor);
  return () => {
    if (before === undefined) Reflect.deleteProperty(prototype, name);
    else Object.defineProperty(prototype, name, before);
  };
}

function copyOf(name: string, method: object): () => void {
  const copy = (): void => undefined;
  for (const key of Reflect.getMetadataKeys(method)) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, method), copy);
  }
  return Object.defineProperty(copy, "name", { value: "name" in method ? method.name : name });
}
