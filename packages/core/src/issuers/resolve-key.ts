// Which of its issuer's keys a token says it was signed with. RFC 7515 4.1.4, rules I7, I9, I10, I11.
import type { Algorithm } from "../base/algorithms.js";
import { InvalidTokenError } from "../base/errors.js";
import type { IssuerKey } from "./jwks.js";
import type { KeySet, KeySource } from "./key-source.js";

export interface WantedKey {
  readonly alg: Algorithm;
  readonly kid: string | undefined;
}

/**
 * The key, at once where keys are at hand; an unknown kid may be a new key, and is worth one refresh a cool-down.
 * @throws {InvalidTokenError} reason `unknown_key`
 * @throws {IssuerUnavailableError}
 */
export function resolveKey(source: KeySource, wanted: WantedKey, now: number): IssuerKey | Promise<IssuerKey> {
  const keys = source.peek(now);
  if (keys !== undefined) return chooseKey(keys, wanted) ?? askAgain();
  // What is loaded may come from a store, and be older than the key.
  return source.load(now).then((loaded) => chooseKey(loaded, wanted) ?? askAgain(loaded));

  async function askAgain(loaded?: KeySet): Promise<IssuerKey> {
    const fresh = await source.reload(now, loaded);
    return (fresh && chooseKey(fresh, wanted)) ?? refuse();
  }
}

/**
 * The key that has taken the place of one whose signature it was not: an issuer may have new keys under old kids, or no
 * kids at all. Worth the same refresh as an unknown kid (I7). Undefined when there is no other.
 */
export async function resolveReplacement(
  source: KeySource,
  wanted: WantedKey,
  replaced: IssuerKey,
  now: number,
): Promise<IssuerKey | undefined> {
  const keys = await source.reload(now);
  const key = keys && chooseKey(keys, wanted);
  return key === replaced ? undefined : key;
}

/** @throws {InvalidTokenError} where no refresh could help; undefined where the kid is not known (yet) */
function chooseKey(keys: KeySet, { alg, kid }: WantedKey): IssuerKey | undefined {
  if (kid === undefined && keys.size !== 1) {
    throw new InvalidTokenError("unknown_key", "kid: expected, since the issuer has more than one key, or none");
  }
  let isKnown = false;
  let chosen: IssuerKey | undefined;
  for (const key of keys) {
    if (kid !== undefined && key.kid !== kid && key.anyKid !== true) continue;
    isKnown = true;
    if (!key.algorithms.includes(alg)) continue;
    if (chosen !== undefined) throw new InvalidTokenError("unknown_key", "kid: two keys of the issuer have this one");
    chosen = key;
  }
  return isKnown ? (chosen ?? refuse()) : undefined;
}

function refuse(): never {
  throw new InvalidTokenError("unknown_key", "kid: expected a key of the issuer that fits alg");
}
