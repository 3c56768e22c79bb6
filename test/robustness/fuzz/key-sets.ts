// Key sets as issuers publish them, and as a hostile one might: real keys with members changed, and any JSON at all.
import type { KeyObject } from "node:crypto";
import * as fc from "fast-check";
import { newKeyPair } from "../../support/key-pair.js";

const jwkOf = ({ publicKey }: { readonly publicKey: KeyObject }): object => publicKey.export({ format: "jwk" });

const rsa = newKeyPair("rsa", { modulusLength: 2048 });
const REAL: readonly object[] = [
  jwkOf(rsa),
  jwkOf(newKeyPair("rsa", { modulusLength: 1024 })),
  jwkOf(newKeyPair("ec", { namedCurve: "P-256" })),
  jwkOf(newKeyPair("ec", { namedCurve: "P-384" })),
  jwkOf(newKeyPair("ec", { namedCurve: "secp256k1" })),
  jwkOf(newKeyPair("ed25519")),
  jwkOf(newKeyPair("x25519")),
  rsa.privateKey.export({ format: "jwk" }),
  { kty: "oct", k: "c2VjcmV0" },
];

const word = (bytes: number, first: number): string =>
  Buffer.alloc(bytes, 0xff).fill(first, 0, 1).toString("base64url");
export type Members = Readonly<Record<string, unknown>>;
type Change = readonly [name: string, value: unknown];

const ODD: readonly unknown[] = [null, true, 1, "", "x", [], {}, ["verify"], "é", "A", "AQ==", "AQAB\n", "AQ==="];
const each = (name: string, ...values: readonly unknown[]): readonly Change[] =>
  [...values, ...ODD].map((value) => [name, value] as const);
const MODULI = [255, 256, 257, 1024, 1025].flatMap((bytes) =>
  [0, 1, 0x7f, 0x80, 0xff].map((first) => word(bytes, first)),
);
const EXPONENTS = "AQAB AQAB== Aw AQ AA BA AAAAAw gAAAAAAAAAE AQAAAAAAAAAB __________8 _________________w".split(" ");

const CHANGES: readonly Change[] = [
  ...each("kid", "a", "b"),
  ...each("use", "sig", "enc", "SIG"),
  ...each("key_ops", ["sign", "verify"], ["sign"], "verify"),
  ...each("alg", ..."RS256 ES256 PS512 EdDSA Ed25519 HS256 none RSA-OAEP toString".split(" ")),
  ...each("kty", ..."RSA EC OKP oct rsa AKP toString".split(" ")),
  ...each("crv", ..."P-256 P-384 P-521 Ed25519 Ed448 secp256k1 __proto__".split(" ")),
  ...each("n", ...MODULI),
  ...each("e", ...EXPONENTS),
  ..."x y d p q dp dq qi k oth priv x5c".split(" ").flatMap((name) => each(name, "AQ")),
];

/** Each real key with each one member changed. */
export const SINGLE_CHANGES: readonly Members[] = REAL.flatMap((key) =>
  CHANGES.map((change) => ({ keys: [{ ...key, ...Object.fromEntries([change]) }] })),
);

const change = fc.constantFrom(...CHANGES);

const entry = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(...REAL), fc.array(change, { maxLength: 2 }))
      .map(([key, changes]): unknown => ({ ...key, ...Object.fromEntries(changes) })),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

export const keySet: fc.Arbitrary<Members> = fc
  .tuple(fc.array(entry, { maxLength: 5 }), fc.constantFrom(0, 0, 0, 0, 98, 100))
  .map(([entries, padding]) => ({ keys: [...Array.from({ length: padding }, () => null), ...entries] }));

export const anyDocument: fc.Arbitrary<Members> = fc.oneof(
  fc.dictionary(fc.constantFrom("keys", "issuer", "jwks_uri", "__proto__", "a"), fc.jsonValue()),
  keySet,
);

/** The same set, written otherwise: each object's members in another order. */
export function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, reordered(member)] as const)
      .toReversed(),
  );
}
