// What @Protect and @Public leave at a handler or its class, and which of them counts: the nearest.
import { Reflector } from "@nestjs/core";
import { SetMetadata } from "@nestjs/common";
import type { ExecutionContext } from "@nestjs/common";
import type { Protection, RouteOptions } from "@scitokens/core/http";

/** What a handler or a class asks for. */
export type Mark =
  | { readonly kind: "public" }
  /** Over the defaults of SciTokensModule. */
  | { readonly kind: "route"; readonly options: RouteOptions }
  /** With issuer and audience of its own. */
  | { readonly kind: "own"; readonly options: object; readonly protection: Protection };

export type MarkDecorator = MethodDecorator & ClassDecorator;

const KEY = "scitokens:mark";
/** What UseGuards leaves. */
const GUARDS = "__guards__";
const reflector = new Reflector();

/** Nest's own metadata, so that decorators that wrap a handler and copy its metadata keep the protection. */
export function createMarkDecorator(decorator: string, mark: Mark, ...others: readonly MarkDecorator[]): MarkDecorator {
  return (target: object, name?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const marked = checkPlace(decorator, [target, name, descriptor]);
    if (Reflect.hasOwnMetadata(KEY, marked)) {
      throw new TypeError(`@${decorator}: expected one @Protect or @Public here, and there is another`);
    }
    if (name !== undefined) remember(target, { name, decorator: `@${decorator}`, method: marked });
    const all = [SetMetadata(KEY, mark), ...others];
    for (const one of all) {
      if (name === undefined || descriptor === undefined) one(target as Parameters<ClassDecorator>[0]);
      else one(target, name, descriptor);
    }
  };
}

/** What stands at the handler; else at its class, or at the nearest class above that has something. */
export function markOf(context: Pick<ExecutionContext, "getHandler" | "getClass">): Mark | undefined {
  return reflector.getAllAndOverride<Mark | undefined>(KEY, [context.getHandler(), context.getClass()]);
}

/** What stands at a method or class itself. */
export function ownMark(target: object): Mark | undefined {
  return Reflect.getOwnMetadata(KEY, target) as Mark | undefined;
}

/** Whether nothing else stands at a method: no route, message, field, ... */
export function hasOnlyMark(method: object): boolean {
  return Reflect.getMetadataKeys(method).every((key) => key === KEY || key === GUARDS);
}

interface Marked {
  readonly name: string | symbol;
  readonly decorator: string;
  readonly method: object;
}

/** By the prototypes that they stand at. */
const markedMethods = new WeakMap<object, readonly Marked[]>();

function remember(prototype: object, marked: Marked): void {
  markedMethods.set(prototype, [...(markedMethods.get(prototype) ?? []), marked]);
}

/** The methods of a prototype that lost their mark: another function without one stands in their place. */
export function lostMarks(prototype: object): readonly Marked[] {
  return (markedMethods.get(prototype) ?? []).filter(({ name, method }) => {
    const now: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    return now !== method && !(typeof now === "function" && ownMark(now) !== undefined);
  });
}

type Place = readonly [target: object, name: unknown, descriptor: PropertyDescriptor | undefined];

/** The function or class to put the mark on. Handlers of Nest are methods of objects. */
function checkPlace(decorator: string, [target, name, descriptor]: Place): object {
  if (name === undefined && typeof target === "function") return target;
  if (typeof name === "object") {
    throw new TypeError(`@${decorator}: expected "experimentalDecorators" in tsconfig.json, which Nest itself needs`);
  }
  if (typeof target === "object" && typeof descriptor?.value === "function") return descriptor.value as object;
  throw new TypeError(
    `@${decorator}: expected at a method or a class; a field, an accessor or a static method is no handler`,
  );
}
