// The WLCG system cache of key sets, for nodes that reach no issuer: looked up before the network. Rule I14.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { systemClock } from "../base/clock.js";
import type { Clock } from "../base/clock.js";
import { isJsonObject } from "../base/json.js";
import type { JsonObject } from "../base/json.js";
import { checkOptionNames } from "../base/option-names.js";
import type { KeyStore } from "../issuers/key-store.js";
import { encodeJwks } from "../issuers/stored-keys.js";
import type { Environment } from "./default-folders.js";
import { parseJsonObjects } from "./json-objects.js";
import { readSystemFile } from "./read-system-file.js";
import { takeTurn } from "./take-turn.js";

export interface SystemKeysOptions {
  /** Where `JWKS_CACHE_DIR` and `JWKS_CACHE_FILE` are looked up. Default `process.env`. */
  readonly env?: Environment | undefined;
  /** What stands before `/etc` and `/var`, for tests and for images that are being built. Default none. */
  readonly root?: string | undefined;
  /** Seconds since the epoch. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

interface SystemEntry {
  readonly jwks: JsonObject;
  readonly expiresAt: number;
  /** When the file was last written: no better is known of when the issuer said so. */
  readonly fetchedAt: number;
}

/** All of its places, for those that wait for one another. */
const CACHE = "the WLCG system cache";

/**
 * The WLCG system cache as a store that is only read: the first file with an entry of the issuer that has not expired,
 * among `$JWKS_CACHE_DIR/<sha256 of iss>`, `$JWKS_CACHE_FILE`, `/etc/jwks/<sha256 of iss>`, `/etc/jwks/cache.json`, and the
 * same two below `/var/cache/jwks`. Its keys are used until they expire, and the issuer is not asked meanwhile, but for a
 * key id that is not known.
 *
 * A file that everybody can write to is refused, and so is one of another user (but root) where everybody can put one.
 * @throws {TypeError} for a wrong option, which it names
 * @example
 * createEnforcer({ issuer, audience, keys: { store: wlcgSystemKeys() } });
 */
export function wlcgSystemKeys(options: SystemKeysOptions = {}): Required<Pick<KeyStore, "get">> {
  checkOptionNames("wlcgSystemKeys", options, ["env", "root", "clock"]);
  const { env = process.env, root = "", clock = systemClock } = options;
  return Object.freeze({
    async get(key: string): Promise<string | undefined> {
      const [issuer, jwksUri, http] = JSON.parse(key) as readonly unknown[]; // our own, by storeKey()
      if (typeof issuer !== "string") return undefined;
      const found = await takeTurn(CACHE, () => findEntry(places(issuer, env, root), issuer, clock()));
      if (found === undefined) return undefined;
      const { jwks, ...times } = found;
      const uri = typeof jwksUri === "string" ? jwksUri : undefined;
      return encodeJwks({ issuer, jwksUri: uri, allowInsecure: http !== undefined }, jwks, {
        ...times,
        maxAge: undefined,
      });
    },
  });
}

function places(issuer: string, env: Environment, root: string): readonly string[] {
  const name = createHash("sha256").update(issuer).digest("hex");
  const { JWKS_CACHE_DIR: folder, JWKS_CACHE_FILE: file } = env;
  return [
    ...(isSet(folder) ? [join(folder, name)] : []),
    ...(isSet(file) ? [file] : []),
    ...["/etc/jwks", "/var/cache/jwks"].flatMap((dir) => [join(root, dir, name), join(root, dir, "cache.json")]),
  ];
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== "";

/** @throws {Error} when no place has one, and one of them could not be read */
async function findEntry(paths: readonly string[], issuer: string, now: number): Promise<SystemEntry | undefined> {
  let fault: Error | undefined;
  for (const path of paths) {
    try {
      const entry = await readEntry(path, issuer, now);
      if (entry !== undefined) return entry;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      fault ??= error;
    }
  }
  if (fault !== undefined) throw fault;
  return undefined;
}

async function readEntry(path: string, issuer: string, now: number): Promise<SystemEntry | undefined> {
  const file = await readSystemFile(path);
  if (file === undefined) return undefined;
  const { objects, clean } = parseJsonObjects(file.text);
  for (const object of objects) {
    const entry = Object.hasOwn(object, issuer) ? object[issuer] : undefined;
    if (!isJsonObject(entry)) continue;
    const { expiration, jwks } = entry;
    if (typeof expiration !== "number" || now >= expiration || !isKeySet(jwks)) continue;
    return { jwks, expiresAt: expiration, fetchedAt: Math.min(file.writtenAt, now) };
  }
  if (!clean) throw new Error(`${path}: expected JSON objects, one after the other`);
  return undefined;
}

function isKeySet(jwks: unknown): jwks is JsonObject {
  return isJsonObject(jwks) && Array.isArray(jwks["keys"]);
}
