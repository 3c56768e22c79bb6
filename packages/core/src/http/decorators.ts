// @Protect and @Token for class-based handlers, in legacy and in TC39 mode; the adapters say what a handler is.

/**
 * Runs in place of a decorated method: decides, and calls `proceed` with the token, or answers in its framework's way.
 * @param args what the framework called the method with
 */
export type Guard = (args: readonly unknown[], proceed: (token: unknown) => unknown) => unknown;

type Method = (...args: never[]) => unknown;
type Class = new (...args: unknown[]) => object;

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

  const protectClass = (target: Class): Class => {
    for (const owner of [target, target.prototype]) {
      for (const [name, method, declaredBy] of methodsOf(owner)) {
        if (protectedMethods.has(method)) continue;
        const value = protect(method, tokenParameters.get(declaredBy)?.get(name) ?? []);
        Object.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable: false });
      }
    }
    return refusingFields(target);
  };

  const decorator = (target: object, second: unknown, descriptor?: PropertyDescriptor): unknown => {
    const kind = typeof second === "object" && second !== null && "kind" in second ? second.kind : undefined;
    if (kind === "method") return protect(target as Method, []);
    if (typeof target === "function" && (kind === "class" || (kind === undefined && second === undefined))) {
      return protectClass(target as Class);
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

/** The methods of a class or a prototype, inherited ones included. */
function methodsOf(owner: object): readonly (readonly [string | symbol, Method, declaredBy: object])[] {
  const found = new Map<string | symbol, readonly [string | symbol, Method, object]>();
  const isEnd = (at: object): boolean => at === Object.prototype || at === Function.prototype;
  for (let at: object | null = owner; at !== null && !isEnd(at); at = Object.getPrototypeOf(at)) {
    for (const name of Reflect.ownKeys(at)) {
      const value: unknown = Object.getOwnPropertyDescriptor(at, name)?.value;
      const isMethod = typeof value === "function" && name !== "constructor" && !found.has(name);
      if (isMethod) found.set(name, [name, value as Method, at]);
    }
  }
  return [...found.values()];
}

/**
 * A function in a field is made anew with each object, where no decorator of a class can guard it: a class that is meant
 * to be protected as a whole must not have one.
 */
function refusingFields(target: Class): Class {
  const Protected = class extends target {
    constructor(...args: unknown[]) {
      super(...args);
      for (const name of Reflect.ownKeys(this)) {
        if (typeof Object.getOwnPropertyDescriptor(this, name)?.value !== "function") continue;
        throw new TypeError(
          `@Protect: '${target.name}.${String(name)}' is a field with a function, which the class's @Protect cannot guard; ` +
            "make it a method, or #private, or protect the methods one by one",
        );
      }
    }
  };
  return Object.defineProperty(Protected, "name", { value: target.name });
}
