// The keys of one issuer: the newest sign, all are published, old ones go or stay at a rotation. RFC 7517 5, rule I8.
import { checkNames, OptionError } from "../options.js";
import { parseAlgorithm } from "./algorithms.js";
import type { SigningAlgorithm } from "./algorithms.js";
import { createSigningKey } from "./signing-key.js";
import type { PublicJwk, SigningKey } from "./signing-key.js";

/** A public key set (RFC 7517 5). */
export interface PublicJwks {
  keys: PublicJwk[];
}

/** Options of `rotate`. */
export interface RotateOptions {
  /** Whether the old keys stay in the published set. Default: false, they are gone. */
  readonly keep?: boolean | undefined;
}

/** The keys of an issuer and their rotation. */
export interface KeyRing {
  /** The public set now; a new object every time. */
  readonly jwks: () => PublicJwks;
  /** The algorithms the newest keys sign with. */
  readonly algorithms: () => readonly SigningAlgorithm[];
  /** The newest key for `alg`, or the first of the newest. */
  readonly choose: (alg: SigningAlgorithm | undefined) => SigningKey;
  /** New keys with the same algorithms. */
  readonly rotate: (options?: RotateOptions) => Promise<void>;
}

/** Makes one new key for each algorithm. */
export function createKeys(algs: readonly SigningAlgorithm[]): Promise<SigningKey[]> {
  if (!Array.isArray(algs) || algs.length === 0) throw new OptionError("algs must be a list of at least one algorithm");
  return Promise.all(algs.map((alg) => createSigningKey({ alg: parseAlgorithm(alg) })));
}

/** Makes the ring of keys that exist already. */
export function createKeyRing(keys: readonly SigningKey[]): KeyRing {
  let newest = keys;
  let older: readonly SigningKey[] = [];
  return {
    jwks: () => ({ keys: [...newest, ...older].map((key) => key.publicJwk) }),
    algorithms: () => [...new Set(newest.map((key) => key.alg))],
    choose: (alg) => {
      const found = newest.find((key) => alg === undefined || key.alg === alg);
      if (found !== undefined) return found;
      const has = newest.map((key) => key.alg).join(", ");
      throw new OptionError(`the issuer has no key for alg '${String(alg)}'; it has ${has}`);
    },
    rotate: async (options = {}) => {
      checkNames(options, ["keep"], "option");
      const fresh = await createKeys(newest.map((key) => key.alg));
      older = options.keep === true ? [...newest, ...older] : [];
      newest = fresh;
    },
  };
}
