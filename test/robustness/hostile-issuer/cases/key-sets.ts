// Key sets that are well-formed, and hold what must not verify anything: weak, wrong, private, other people's. Rule I10.
import { encode, signToken } from "../../../support/sign.js";
import type { TestKey } from "../../../support/sign.js";
import { bodyCase, entriesCase, signer } from "../case.js";
import type { HostileCase } from "../case.js";
import { claimsOf, key, tokenOf } from "../issuer.js";
import { forgedWithExponentOne, rsa, rsaOf, weak, weakest } from "../rsa-keys.js";
import { newKeyPair } from "../../../support/key-pair.js";

const odd = rsaOf(2040, "rsa-2040");
const { x, y } = key.jwk;

const signedBy = (signedWith: TestKey): Pick<HostileCase, "token"> => ({
  token: (issuer) => tokenOf(issuer, signedWith),
});
const byRsa = signedBy(rsa);
const integer = (bits: number): string => {
  const bytes = Buffer.alloc(Math.ceil(bits / 8), 0xff);
  bytes[0] = 0xff >> (bytes.length * 8 - bits);
  return bytes.toString("base64url");
};
const even = (): string => {
  const bytes = Buffer.from(String(rsa.jwk["n"]), "base64url");
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) & 0xfe;
  return bytes.toString("base64url");
};

const secret = encode("secret".repeat(8));
const good = { answer: "good" } as const;
const otherKey = signer("ES256", "k1", newKeyPair("ec", { namedCurve: "P-256" }));
const privateJwk = { ...key.privateKey.export({ format: "jwk" }), kid: "k1" };

export const KEY_SETS: readonly HostileCase[] = [
  bodyCase("a set of nothing", '{"keys":[]}', { answer: "unknown_key" }),
  entriesCase("what are no keys", [null, 1, "x", [], true]),
  entriesCase("a private key", [privateJwk]),
  entriesCase("a key and its private half", [key.jwk, privateJwk], good),
  entriesCase("an RSA key of 512 bits", [weakest.jwk], signedBy(weakest)),
  entriesCase("an RSA key of 1024 bits", [weak.jwk], signedBy(weak)),
  entriesCase("an RSA key of 2040 bits", [odd.jwk], signedBy(odd)),
  entriesCase("an RSA key of 9000 bits", [{ ...rsa.jwk, n: integer(9000) }], byRsa),
  entriesCase("an RSA key of 4 million bits", [{ ...rsa.jwk, n: integer(4_000_000) }], byRsa),
  entriesCase("an RSA key with e = 1", [{ ...rsa.jwk, e: "AQ" }], { token: forgedWithExponentOne }),
  entriesCase("an RSA key with e = 1 behind zeros", [{ ...rsa.jwk, e: "AAAAAAE" }], { token: forgedWithExponentOne }),
  entriesCase("an RSA key with e = 2", [{ ...rsa.jwk, e: "Ag" }], byRsa),
  entriesCase("an RSA key with e = 65536", [{ ...rsa.jwk, e: "AQAA" }], byRsa),
  entriesCase("an RSA key with e as long as n", [{ ...rsa.jwk, e: integer(2048) }], byRsa),
  // Asked for once more, since new keys may have the old id.
  entriesCase("an RSA key with an even n", [{ ...rsa.jwk, n: even() }], { ...byRsa, answer: "signature", fetches: 4 }),
  entriesCase("an RSA key without n", [{ ...rsa.jwk, n: undefined }], byRsa),
  entriesCase("an EC point that is not on its curve", [{ ...key.jwk, y: x }]),
  entriesCase("an EC point of zeros", [{ ...key.jwk, x: encode("\0".repeat(32)), y: encode("\0".repeat(32)) }]),
  entriesCase("an EC point of one byte", [{ ...key.jwk, x: "AQ", y: "AQ" }]),
  entriesCase("an EC point of 900 bytes", [{ ...key.jwk, x: encode("x".repeat(900)) }]),
  entriesCase("an EC key of another curve's name", [{ ...key.jwk, crv: "P-384", alg: undefined }]),
  entriesCase("an EC key of secp256k1", [{ ...key.jwk, crv: "secp256k1", alg: undefined }]),
  entriesCase("an EC key as OKP", [{ ...key.jwk, kty: "OKP" }]),
  entriesCase("an EC key as ec", [{ ...key.jwk, kty: "ec" }]),
  entriesCase("a secret", [{ kty: "oct", k: secret, kid: "k1" }]),
  entriesCase("a secret, for a token that says HS256", [{ kty: "oct", k: secret, kid: "k1", alg: "HS256" }], {
    token: (issuer) => tokenOf(issuer, key, { alg: "HS256" }),
    answer: "algorithm",
    fetches: 0,
  }),
  entriesCase("a key for alg none", [{ ...key.jwk, alg: "none" }], {
    token: (issuer) => signToken(key, claimsOf(issuer), { alg: "none", kid: "k1" }),
    answer: "algorithm",
    fetches: 0,
  }),
  entriesCase("a key for alg HS256", [{ ...key.jwk, alg: "HS256" }]),
  entriesCase("a key for encryption", [{ ...key.jwk, use: "enc" }]),
  entriesCase("a key that may only sign", [{ ...key.jwk, use: undefined, key_ops: ["sign"] }]),
  entriesCase("a key without kid", [{ ...key.jwk, kid: undefined }]),
  entriesCase("a key whose kid is a number", [{ ...key.jwk, kid: 1 }]),
  entriesCase("a key whose kid is a million characters long", [{ ...key.jwk, kid: "k1".repeat(500_000) }]),
  entriesCase("a key whose kid is __proto__", [{ ...key.jwk, kid: "__proto__" }]),
  entriesCase("two keys with one kid", [otherKey.jwk, key.jwk]),
  entriesCase("one key twice", [key.jwk, key.jwk]),
  entriesCase("another key with this kid", [otherKey.jwk], { answer: "signature", fetches: 4 }),
  entriesCase(
    "a good key, and where there are others",
    [{ ...key.jwk, jku: "http://127.0.0.1:1/", x5u: "file:///etc/passwd", x5c: ["AA"] }],
    good,
  ),
  entriesCase("1000 keys of unknown kinds, then the good one", [
    ...Array.from({ length: 1000 }, (_, i) => ({ kty: "AKP", kid: `${i}` })),
    key.jwk,
  ]),
  entriesCase(
    "99 keys of unknown kinds, then the good one",
    [...Array.from({ length: 99 }, (_, i) => ({ kty: "AKP", kid: `${i}` })), key.jwk],
    good,
  ),
  bodyCase(
    "a set of members of its prototype, in JSON",
    `{"keys":[{"__proto__":${JSON.stringify(key.jwk)},"kid":"k1","x":"${String(x)}","y":"${String(y)}"}]}`,
    {
      answer: "unknown_key",
    },
  ),
];
