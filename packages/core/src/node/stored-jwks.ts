// A key set made ready for a store by hand: for nodes that cannot reach the issuer, and for `scitokens keys add`. Rule I13.
import { isJsonObject } from "../base/json.js";
import { checkOptionNames } from "../base/option-names.js";
import { parseJwks } from "../issuers/jwks.js";
import { storeKey } from "../issuers/key-store.js";
import type { KeyPlace } from "../issuers/key-store.js";
import { encodeKeySet } from "../issuers/stored-keys.js";
import { checkUrl } from "../issuers/trusted-issuers.js";

export interface JwksToStore {
  /** As the enforcers that are to find it have it, to the letter. */
  readonly issuer: string;
  readonly jwksUri?: string | undefined;
  readonly jwks: { readonly keys: readonly unknown[] };
  /** As the enforcers have it: an https issuer's entry is another one then, since its metadata may lead to http. Default false. */
  readonly allowInsecureIssuer?: boolean | undefined;
  /** Seconds since the epoch: from here the keys' age counts. Default: now. */
  readonly fetchedAt?: number | undefined;
}

export interface JwksForStore {
  /** What to hand to a store's `set`. */
  readonly key: string;
  readonly value: string;
  readonly keyIds: readonly (string | undefined)[];
  /** How many of the set cannot verify a signature, and are left out. */
  readonly ignored: number;
}

/**
 * Makes a store's name and text of a key set.
 * @throws {TypeError} when it is no key set, has private members, or nothing that can be used; for a wrong option, which it names
 * @example
 * const { key, value } = storedJwks({ issuer: "https://issuer.example.org", jwks });
 * await directoryKeyStore().set(key, value);
 */
export function storedJwks(options: JwksToStore): JwksForStore {
  checkOptionNames("storedJwks", options, ["issuer", "jwksUri", "jwks", "allowInsecureIssuer", "fetchedAt"]);
  const { jwks, fetchedAt = Date.now() / 1000 } = options;
  const place = readPlace(options);
  // Later than any year that a clock shows: milliseconds, by mistake.
  if (typeof fetchedAt !== "number" || !(fetchedAt >= 0 && fetchedAt < 1e11)) {
    throw new TypeError("fetchedAt: expected seconds since the epoch");
  }
  if (!isJsonObject(jwks) || !Array.isArray(jwks.keys))
    throw new TypeError("jwks: expected a JWK set: { keys: [...] }");
  const { keys, privateKeyIds } = parseJwks({ keys: jwks.keys });
  if (privateKeyIds.length > 0) throw new TypeError("jwks: expected public keys; private members do not belong here");
  if (keys.length === 0) throw new TypeError("jwks: expected at least one usable key, for signatures");
  return {
    key: storeKey(place),
    value: encodeKeySet(place, keys, { fetchedAt, maxAge: undefined }),
    keyIds: keys.map(({ kid }) => kid),
    ignored: jwks.keys.length - keys.length,
  };
}

/** With http, too: nothing is fetched here, and whoever does not trust such an issuer never looks its keys up (I2). */
function readPlace({ issuer, jwksUri, allowInsecureIssuer = false }: JwksToStore): KeyPlace {
  if (typeof issuer !== "string" || !URL.canParse(issuer)) throw new TypeError("issuer: expected a URL");
  if (typeof allowInsecureIssuer !== "boolean") throw new TypeError("allowInsecureIssuer: expected true or false");
  return {
    issuer: checkUrl("issuer", issuer, true),
    jwksUri: jwksUri === undefined ? undefined : checkUrl("jwksUri", jwksUri, true),
    allowInsecure: allowInsecureIssuer,
  };
}
