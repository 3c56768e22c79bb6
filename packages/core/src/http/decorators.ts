// @Protect and @Token for class-based handlers, in legacy and in TC39 mode; the adapters say what a handler is.

import { protectClass, protectMethods } from "./protected-class.js";
import type { Class, ClassProtection, Method } from "./protected-class.js";

/**
 * Runs in place of a decorated method: decides, and calls `proceed` with the token, or answers in its framework's way.
 * @param args what the framework called the method with
 */
export type Guard = (args: readonly unknown[], proceed: (token: unknown) => unknown) => unknown;

/** A decorator for methods and classes, in both modes. */
export interface ProtectDecorator {
  <M extends Method>(method: M, context: ClassMethodDecoratorContext): M | void;
  (target: object, name: string | symbol, descriptor: PropertyDescriptor): void;
  <C extends abstract new (...args: never[]) => unknown>(target: C, context?: ClassDecoratorContext): C | void;
}

/** A decorator for parameters; TypeScript has them in legacy mode only. */
export type TokenDecorator = (target: object, name: string | symbol | undefined, index: number) => void;

/** Methods that are already protected: what stands at a method wins over what stands at its class. */
const protectedMethods = new WeakSet<object>();
const tokenParameters = new WeakMap<object, Map<string | symbol, number[]>>();

/** Puts the verified token in the place of this parameter of a protected method. */
export function Token(): TokenDecorator {
  return (target, name, index) => {
    if (name === undefined) throw new TypeError("@Token: expected at a parameter of a method, not of a constructor");
    const ofTarget = tokenParameters.get(target) ?? new Map<string | symbol, number[]>();
    ofTarget.set(name, [...(ofTarget.get(name) ?? []), index]);
    tokenParameters.set(target, ofTarget);
  };
}

/** Makes an adapter's @Protect. @throws {TypeError} where the decorator stands at what is neither method nor class */
export function createProtectDecorator(guard: Guard): ProtectDecorator {
  const protect = (method: Method, parameters: readonly number[]): Method => {
    const guarded = function (this: unknown, ...args: never[]): unknown {
      return guard(args, (token) => {
        const passed: unknown[] = [...args];
        for (const index of parameters) passed[index] = token;
        return Reflect.apply(method, this, passed);
      });
    };
    protectedMethods.add(guarded);
    return Object.defineProperty(guarded, "name", { value: method.name });
  };

  const decorator = (target: object, second: unknown, descriptor?: PropertyDescriptor): unknown => {
    const kind = typeof second === "object" && second !== null && "kind" in second ? second.kind : undefined;
    if (kind === "method") return protect(target as Method, []);
    if (typeof target === "function" && (kind === "class" || (kind === undefined && second === undefined))) {
      const protection: ClassProtection = {
        protect: (method, declaredBy, methodName) =>
          protect(method, tokenParameters.get(declaredBy)?.get(methodName) ?? []),
        isProtected: (value) => protectedMethods.has(value),
      };
      // In TC39 mode static fields are made after this: looked at once the class is there.
      if (kind === "class") {
        (second as ClassDecoratorContext).addInitializer(function (this: object) {
          protectMethods(this, protection);
        });
      }
      return protectClass(target as Class, protection);
    }
    const name = second as string | symbol;
    if (kind === undefined && typeof descriptor?.value === "function") {
      descriptor.value = protect(descriptor.value as Method, tokenParameters.get(target)?.get(name) ?? []);
      return undefined;
    }
    throw new TypeError("@Protect: expected at a method or a class; a field or an accessor cannot be protected");
  };
  return decorator as ProtectDecorator;
}
