// @scitokens/nest/swagger: what the guard asks for, in the OpenAPI document. Needs @nestjs/swagger.
import type { INestApplication } from "@nestjs/common";
import { ModulesContainer } from "@nestjs/core";
import { ApiBearerAuth, ApiExtension, ApiSecurity, SwaggerModule } from "@nestjs/swagger";
import type { OpenAPIObject, SwaggerDocumentOptions } from "@nestjs/swagger";
import type { Protection } from "@scitokens/core/http";
import { handlersOf } from "../handlers.js";
import type { Handler } from "../handlers.js";
import { SCITOKENS } from "../settings.js";
import type { Settings } from "../settings.js";
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
  for (const { controllers } of app.get(ModulesContainer, { strict: false }).values()) {
    for (const { metatype } of controllers.values()) {
      for (const handler of handlersOf(metatype)) {
        if (handler.mark?.kind !== "public") describe(handler, settings.protectionOf(handler.mark));
      }
    }
  }
  return describeRefusals(SwaggerModule.createDocument(app, config, options));
}

/** Methods that have their description: documents may be made more than once. */
const described = new WeakSet<object>();

function describe({ name, method, prototype }: Handler, { optional, challenge }: Protection): void {
  if (described.has(method)) return;
  described.add(method);
  const decorators = [
    ApiBearerAuth(SCHEME),
    ...(optional ? [ApiSecurity({})] : []),
    ...(challenge.scope === undefined ? [] : [ApiExtension(SCOPE, challenge.scope)]),
  ];
  for (const decorate of decorators) decorate(prototype, name, { value: method } as PropertyDescriptor);
}
