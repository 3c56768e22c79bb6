// Which entries of a key set can verify what: I10 as a list of conditions. RFC 7517 4, RFC 7518 6.

const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];
const RSA = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
const CURVES: Readonly<Record<string, readonly string[]>> = {
  "EC P-256": ["ES256"],
  "EC P-384": ["ES384"],
  "EC P-521": ["ES512"],
  "OKP Ed25519": ["EdDSA", "Ed25519"],
};

type Entry = Readonly<Record<string, unknown>>;

export interface ModelKey {
  readonly kid: unknown;
  readonly algorithms: readonly string[];
}

const isEntry = (value: unknown): value is Entry =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The keys of a set; undefined for what is none. */
export function usableKeys(document: Entry): readonly ModelKey[] | undefined {
  const { keys } = document;
  if (!Array.isArray(keys)) return undefined;
  return keys
    .slice(0, 100)
    .filter(isEntry)
    .filter(isUsable)
    .map(({ kid, ...entry }) => ({ kid, algorithms: fitting(entry) }));
}

export const holdsPrivate = (entry: unknown): boolean =>
  isEntry(entry) && PRIVATE.some((name) => Object.keys(entry).includes(name));

function isUsable(entry: Entry): boolean {
  const { kid, use, key_ops: operations } = entry;
  if (holdsPrivate(entry)) return false;
  if (kid !== undefined && typeof kid !== "string") return false;
  if (use !== undefined && use !== "sig") return false;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify"))) return false;
  return fitting(entry).length > 0;
}

/** The algorithms of its type, narrowed by its own `alg`. */
function fitting(entry: Entry): readonly string[] {
  const { kty, crv, alg } = entry;
  const all =
    kty === "RSA"
      ? isSoundRsa(entry)
        ? RSA
        : []
      : areWords(entry)
        ? (CURVES[`${String(kty)} ${String(crv)}`] ?? [])
        : [];
  return all.filter((name) => alg === undefined || alg === name);
}

const isWord = (value: unknown): value is string =>
  typeof value === "string" && /^[\w-]+={0,2}$/.test(value) && !value.endsWith("\n");
const areWords = ({ kty, x, y }: Entry): boolean => isWord(x) && (kty !== "EC" || isWord(y));
const numberOf = (word: string): bigint => BigInt(`0x0${Buffer.from(word, "base64url").toString("hex")}`);
const bitsOf = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);

function isSoundRsa({ n, e }: Entry): boolean {
  if (!isWord(n) || !isWord(e)) return false;
  const [modulus, exponent] = [numberOf(n), numberOf(e)];
  const isShort = bitsOf(exponent) <= 64; // a long one makes each verification slow
  return bitsOf(modulus) >= 2048 && bitsOf(modulus) <= 8192 && exponent % 2n === 1n && exponent >= 3n && isShort;
}
