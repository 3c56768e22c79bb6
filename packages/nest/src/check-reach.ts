// Where Nest asks no guard: a mark would not hold there, and what has none would be open. It ends the start. Rule H3.
import type { ModulesContainer } from "@nestjs/core";
import { chain, handlersOf, typesOf } from "./handlers.js";
import type { Handler } from "./handlers.js";
import { hasOnlyMark, lostMarks } from "./mark.js";

/** @throws {TypeError} that names class and method */
export function checkReach(modules: ModulesContainer): void {
  const fieldsGuarded = fieldsAreGuarded(modules);
  for (const type of typesOf(modules)) {
    checkPlaces(type);
    for (const handler of handlersOf(type)) {
      const where = `${type.name}.${handler.name}`;
      checkMessage(where, handler);
      checkKind(where, handler);
      if (!fieldsGuarded) checkField(where, type, handler);
    }
  }
}

function checkPlaces(type: Function): void {
  const [lost] = chain(type.prototype as object | undefined).flatMap(lostMarks);
  if (lost === undefined) return;
  throw new TypeError(
    `${lost.decorator} for ${type.name}.${String(lost.name)}: a decorator above ${lost.decorator} put another function in its ` +
      `place; put ${lost.decorator} above it, or have it copy the handler's metadata`,
  );
}

/** What Nest's decorators leave at methods. */
const MESSAGE = "websockets:message_mapping";
const FIELD = "graphql:resolve_property";
const REFERENCE = "graphql:resolve_reference";
const RESOLVED_TYPE = "graphql:resolver_type";

/** The same on all majors, so that a gateway that moves to an older one stays closed. */
function checkMessage(where: string, { method, mark }: Handler): void {
  if (mark !== undefined || !Reflect.hasMetadata(MESSAGE, method)) return;
  throw new TypeError(
    `@SubscribeMessage for ${where}: Nest before 12 asks no global guard for gateways; put @Protect() or @Public() at it`,
  );
}

/** Other packages have handlers of their own kinds: whatever leaves metadata of its own at a method may be one. */
function checkKind(where: string, { method, ownMark }: Handler): void {
  if (ownMark === undefined || ownMark.kind === "public" || !hasOnlyMark(method)) return;
  throw new TypeError(`@Protect for ${where}: it is no handler, and Nest asks no guard where the program calls it`);
}

function checkField(where: string, type: Function, { method, mark }: Handler): void {
  if (mark?.kind === "public") return;
  const isReference = Reflect.hasMetadata(REFERENCE, method);
  const isField = mark !== undefined && Reflect.hasMetadata(FIELD, method) && !isOfRoot(type, method);
  if (!isReference && !isField) return;
  const what = isReference ? "@ResolveReference" : "@Protect";
  const called = isReference ? "references to GraphQL types" : "the fields of GraphQL types";
  throw new TypeError(
    `${what} for ${where}: Nest asks no guard for ${called}, so that ${isReference ? "it would be open" : "it would not hold"}; ` +
      `give GraphQLModule fieldResolverEnhancers: ["guards"], or put @Public() at it`,
  );
}

/** Fields of these types are queries and the like, and guarded as such. */
function isOfRoot(type: Function, method: object): boolean {
  const resolved: unknown = Reflect.getMetadata(RESOLVED_TYPE, method) ?? Reflect.getMetadata(RESOLVED_TYPE, type);
  return resolved === "Query" || resolved === "Mutation" || resolved === "Subscription";
}

/** Whether each GraphQLModule asks guards for fields too. */
function fieldsAreGuarded(modules: ModulesContainer): boolean {
  const options = [...modules.values()].flatMap(({ providers }) => {
    const provider = providers.get("GqlModuleOptions");
    return provider === undefined ? [] : [provider.instance];
  });
  return options.length > 0 && options.every(asksGuards);
}

function asksGuards(options: unknown): boolean {
  if (typeof options !== "object" || options === null || !("fieldResolverEnhancers" in options)) return false;
  const { fieldResolverEnhancers: enhancers } = options;
  return Array.isArray(enhancers) && enhancers.includes("guards");
}
