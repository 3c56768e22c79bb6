// A class that is protected as a whole: its methods are guarded, and what cannot be guarded is refused (ADR 0013).

export type Method = (...args: never[]) => unknown;
export type Class = new (...args: unknown[]) => object;

/** How methods are guarded. */
export interface ClassProtection {
  readonly protect: (method: Method, declaredBy: object, name: string | symbol) => Method;
  readonly isProtected: (value: object) => boolean;
}

/** Guards all methods of a class, inherited ones included. @returns the class to put in its place */
export function protectClass(target: Class, protection: ClassProtection): Class {
  for (const owner of [target, target.prototype as object]) {
    protectMethods(owner, protection);
    guardAccessors(target, owner, protection);
  }
  return refusingUnguarded(target, protection);
}

/** Guards what is not guarded yet: what stands at a method wins over what stands at its class. */
export function protectMethods(owner: object, { protect, isProtected }: ClassProtection): void {
  for (const [name, method, declaredBy] of methodsOf(owner)) {
    if (isProtected(method)) continue;
    const value = protect(method, declaredBy, name);
    Object.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable: false });
  }
}

/** The methods of a class or a prototype, inherited ones included. */
function methodsOf(owner: object): readonly (readonly [string | symbol, Method, declaredBy: object])[] {
  return membersOf(owner).flatMap(([name, { value }, declaredBy]) =>
    typeof value === "function" && name !== "constructor" ? [[name, value as Method, declaredBy] as const] : [],
  );
}

interface Member {
  readonly value?: unknown;
  readonly get?: (() => unknown) | undefined;
}

/** The nearest member of each name. */
function membersOf(owner: object): readonly (readonly [string | symbol, Member, declaredBy: object])[] {
  const found = new Map<string | symbol, readonly [string | symbol, Member, object]>();
  const isEnd = (at: object): boolean => at === Object.prototype || at === Function.prototype;
  for (let at: object | null = owner; at !== null && !isEnd(at); at = Object.getPrototypeOf(at)) {
    for (const name of Reflect.ownKeys(at)) {
      const member: Member | undefined = Object.getOwnPropertyDescriptor(at, name);
      if (member !== undefined && !found.has(name)) found.set(name, [name, member, at]);
    }
  }
  return [...found.values()];
}

/** What an accessor gives out is not known before it is asked. */
function guardAccessors(target: Class, owner: object, { isProtected }: ClassProtection): void {
  for (const [name, accessor] of membersOf(owner)) {
    const { get: read } = accessor;
    if (read === undefined) continue;
    const get = function (this: unknown): unknown {
      const value: unknown = Reflect.apply(read, this, []);
      if (typeof value === "function" && !isProtected(value)) throw unguarded(target, name, "a field with a function");
      return value;
    };
    Object.defineProperty(owner, name, { ...accessor, get, configurable: true });
  }
}

/** Functions in fields are made anew with each object, and the methods of a subclass after its base was decorated. */
function refusingUnguarded(target: Class, { isProtected }: ClassProtection): Class {
  const Protected = class extends target {
    constructor(...args: unknown[]) {
      super(...args);
      for (const name of Reflect.ownKeys(this)) {
        const value: unknown = Object.getOwnPropertyDescriptor(this, name)?.value;
        if (typeof value === "function") throw unguarded(target, name, "a field with a function");
      }
      const added = methodsOf(new.target.prototype).find(([, method]) => !isProtected(method));
      if (added !== undefined)
        throw unguarded(new.target, added[0], "a method of a subclass, which has no @Protect of its own");
    }
  };
  return Object.defineProperty(Protected, "name", { value: target.name });
}

function unguarded({ name }: Class, member: string | symbol, what: string): TypeError {
  return new TypeError(
    `@Protect: '${name}.${String(member)}' is ${what}, and the class's @Protect cannot guard it; protect it by itself, ` +
      "make it a method of the class (bound where it is used, not in the constructor), or #private",
  );
}
