// Key sets as issuers publish them, and as a hostile one might: real keys with members changed, and any JSON at all.
import { generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import * as fc from "fast-check";

const jwkOf = ({ publicKey }: { readonly publicKey: KeyObject }): object => publicKey.export({ format: "jwk" });

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const REAL: readonly object[] = [
  jwkOf(rsa),
  jwkOf(generateKeyPairSync("rsa", { modulusLength: 1024 })),
  jwkOf(generateKeyPairSync("ec", { namedCurve: "P-256" })),
  jwkOf(generateKeyPairSync("ec", { namedCurve: "P-384" })),
  jwkOf(generateKeyPairSync("ec", { namedCurve: "secp256k1" })),
  jwkOf(generateKeyPairSync("ed25519")),
  jwkOf(generateKeyPairSync("x25519")),
  rsa.privateKey.export({ format: "jwk" }),
  { kty: "oct", k: "c2VjcmV0" },
];

const word = (bytes: number, first: number): string =>
  Buffer.alloc(bytes, 0xff).fill(first, 0, 1).toString("base64url");
const odd = fc.constantFrom<unknown>(null, true, 1, "", "x", [], {}, ["verify"], "é", "A", "AQ==", "AQAB\n", "AQ===");

const CHANGES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  kid: fc.constantFrom<unknown>("a", "b", "", 1, null),
  use: fc.constantFrom<unknown>("sig", "enc", "SIG", null),
  key_ops: fc.constantFrom<unknown>(["verify"], ["sign", "verify"], ["sign"], [], "verify", null),
  alg: fc.constantFrom<unknown>(
    "RS256",
    "ES256",
    "PS512",
    "EdDSA",
    "Ed25519",
    "HS256",
    "none",
    "RSA-OAEP",
    null,
    "toString",
  ),
  kty: fc.constantFrom<unknown>("RSA", "EC", "OKP", "oct", "rsa", "AKP", "toString"),
  crv: fc.constantFrom<unknown>("P-256", "P-384", "P-521", "Ed25519", "Ed448", "secp256k1", "__proto__"),
  n: fc.oneof(
    odd,
    fc
      .tuple(fc.constantFrom(255, 256, 257, 1024, 1025), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff))
      .map(([n, first]) => word(n, first)),
  ),
  e: fc.oneof(
    odd,
    fc.constantFrom(
      "AQAB",
      "AQAB==",
      "Aw",
      "AQ",
      "AA",
      "BA",
      "AAAAAw",
      "gAAAAAAAAAE",
      "AQAAAAAAAAAB",
      "__________8",
      "_________________w",
    ),
  ),
  x: odd,
  y: odd,
  d: fc.constantFrom<unknown>("AQ", null, ""),
  k: odd,
  oth: fc.constant([]),
  priv: odd,
  x5c: odd,
};

const change = fc
  .constantFrom(...Object.keys(CHANGES))
  .chain((name) => (CHANGES[name] ?? odd).map((value) => [name, value] as const));

const entry = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(...REAL), fc.array(change, { maxLength: 2 }))
      .map(([key, changes]): unknown => ({ ...key, ...Object.fromEntries(changes) })),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

export type Members = Readonly<Record<string, unknown>>;

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
