// Equal options share an enforcer, and equal issuers their keys: fifty routes, one fetch. Rule I15. The one piece of state
// that no create function made.
import { createKeyCache } from "../issuers/key-cache.js";
import type { KeyCacheOptions } from "../issuers/key-cache.js";
import type { KeySource } from "../issuers/key-source.js";
import { createSharingEnforcer } from "./enforcer.js";
import type { Enforcer } from "./enforcer-type.js";
import type { EnforcerOptions } from "./option-types.js";

const enforcers = createRegistry<Enforcer>();
const keySources = createRegistry<KeySource>();

/**
 * The enforcer of these options, made when there is none yet.
 * @throws {TypeError} for a wrong option, which it names
 */
export function sharedEnforcer(options: EnforcerOptions): Enforcer {
  const key = canonical({
    ...options,
    issuer: issuerList(options.issuer),
    audience: list(options.audience),
    claims: identityOf(options.claims), // plain object or not
    keys: keyOptions(options.keys),
  });
  return enforcers.get(key, () => {
    const made: Enforcer = createSharingEnforcer(options, sharedKeySource, () => enforcers.forget(key, made));
    return made;
  });
}

/** Shared only where everything that decides is equal; what hears of it (clock, listener) must be the same as well. */
function sharedKeySource(options: KeyCacheOptions): KeySource {
  const { events, stores, ...deciding } = options;
  const key = canonical({ ...deciding, stores: storeIdentities(stores), onEvent: events.listener });
  return keySources.get(key, () => createKeyCache(options));
}

interface Registry<T extends object> {
  get(key: string, make: () => T): T;
  /** Forgets this very value; what has taken its place since stays. */
  forget(key: string, value: T): void;
}

/** Remembers what is still in use somewhere, and nothing else. */
function createRegistry<T extends object>(): Registry<T> {
  const known = new Map<string, WeakRef<T>>();
  const forgetUnused = new FinalizationRegistry<string>((key) => {
    if (known.get(key)?.deref() === undefined) known.delete(key);
  });
  return {
    forget(key, value) {
      if (known.get(key)?.deref() === value) known.delete(key);
    },
    get(key, make) {
      const found = known.get(key)?.deref();
      if (found !== undefined) return found;
      const made = make();
      known.set(key, new WeakRef(made));
      forgetUnused.register(made, key);
      return made;
    },
  };
}

const list = (value: unknown): unknown => (typeof value === "string" ? [value] : value);

function issuerList(issuer: unknown): unknown {
  const all: unknown[] = Array.isArray(issuer) ? issuer : [issuer];
  return all.map((one) => (typeof one === "string" ? { issuer: one } : one));
}

function keyOptions(keys: unknown): unknown {
  if (!isPlain(keys) || keys["store"] === undefined) return keys;
  return { ...keys, store: storeIdentities(keys["store"]) };
}

/** Two stores are two, however alike they look: what is wrong with one is told at start. */
function storeIdentities(store: unknown): unknown {
  const all: readonly unknown[] = Array.isArray(store) ? store : [store];
  return all.map(identityOf);
}

const identityOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null ? byIdentity(value) : value;

const byIdentity = (value: object): object => ({ "\u0000identity": identity(value) });

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

function identity(value: object): number {
  const known = identities.get(value);
  if (known !== undefined) return known;
  identities.set(value, ++lastIdentity);
  return lastIdentity;
}

/** One text for equal values: names in order, functions and instances of classes by identity. */
function canonical(value: unknown): string {
  // Not the value that JSON.stringify hands over: a URL, say, would be text already, and equal to what is not.
  return JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, name) {
    const member = this[name];
    // What JSON leaves out or throws for is wrong, if it is, in the words of the option's own check.
    if (member === undefined || typeof member === "symbol" || typeof member === "bigint") {
      return `\u0000${String(member)}`;
    }
    if (typeof member === "number" && !Number.isFinite(member)) return `\u0000${member}`; // JSON would say null
    if (typeof member === "function") return byIdentity(member);
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    if (!isPlain(member)) return byIdentity(member);
    return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Whether its enumerable members are all that it has: what else decides would be missing in the text. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.getOwnPropertyNames(value).length === Object.keys(value).length;
}
