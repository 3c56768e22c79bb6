// Where keys can be kept outside the process: what a store can do, and the name of an issuer's keys in it. Rules I11, I13.

/**
 * A store of texts, in the shape of Keyv: a `Map`, `new Keyv()`, a Redis or Valkey behind it, `directoryKeyStore()`.
 *
 * Whoever can write to it can sign tokens in the name of every issuer that is looked up in it.
 */
export interface KeyStore {
  /** The text kept under a name, or a promise of it; undefined or null where there is none. */
  get(key: string): unknown;
  /** Keeps a text for so many milliseconds. A store without it is only read. */
  set?(key: string, value: string, ttlMilliseconds?: number): unknown;
  delete?(key: string): unknown;
}

/** Whose keys they are, and how they are found. */
export interface KeyPlace {
  readonly issuer: string;
  /** Where the configuration says that they are; undefined: the issuer's metadata says it. */
  readonly jwksUri: string | undefined;
  readonly allowInsecure: boolean;
}

/** The name of an issuer's keys in a store: JSON, so that no issuer's name can look like another's (I11). */
export function storeKey(place: KeyPlace): string {
  const name = [place.issuer, place.jwksUri ?? null];
  return JSON.stringify(mayComeByHttp(place) ? [...name, "http"] : name);
}

/**
 * Whether the name alone does not say that the keys come by https: metadata of an https issuer may name an http address
 * where the configuration allows it, and a configuration that does not must never find those keys (I2).
 */
export function mayComeByHttp({ issuer, jwksUri, allowInsecure }: KeyPlace): boolean {
  return allowInsecure && jwksUri === undefined && issuer.startsWith("https:");
}
