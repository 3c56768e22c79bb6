// One table of signatures, good and bad, for both doors to cryptography: node:crypto, and WebCrypto by jose, which other
// runtimes use. The public API cannot choose between them: these tests alone open the room itself. Rules T3, T5.
import { constants } from "node:crypto";
import { InvalidTokenError } from "@scitokens/core";
import type { Algorithm, JsonObject } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { decode } from "../../packages/core/src/jwt/decode.js";
import { createSignatureVerifier } from "../../packages/core/src/jwt/verify-signature.js";
import { algorithmKey, EVERY_ALGORITHM, hashOf, signAs, signPss, strangerKey } from "../support/every-algorithm.js";
import { encode } from "../support/sign.js";

const BACKENDS = [
  ["node:crypto", createSignatureVerifier()],
  ["WebCrypto", createSignatureVerifier(null)],
] as const;

const PAYLOAD = encode({ iss: "https://issuer.example.org", sub: "alice" });

const textOf = (alg: Algorithm): string => `${encode({ alg })}.${PAYLOAD}`;
const join = (text: string, signature: Uint8Array) =>
  decode(`${text}.${Buffer.from(signature).toString("base64url")}`, 16_384);

/** The order of each curve's group, big-endian: r and s lie between 1 and one less. */
const ORDERS: Readonly<Record<string, string>> = {
  ES256: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
  ES384: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
  ES512: `01${"a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409".padStart(130, "f")}`,
};

const flip = (bytes: Buffer, index: number): Buffer =>
  Buffer.from(bytes.map((byte, i) => (i === index ? byte ^ 1 : byte)));
const zero = Buffer.from([0]);

/** What is wrong with a signature, whatever its algorithm. */
const BAD: readonly (readonly [string, (good: Buffer, alg: Algorithm) => Buffer])[] = [
  ["its first bit changed", (good) => flip(good, 0)],
  ["its middle bit changed", (good) => flip(good, good.length >> 1)],
  ["its last bit changed", (good) => flip(good, good.length - 1)],
  ["one byte less", (good) => good.subarray(0, -1)],
  ["its first byte gone", (good) => good.subarray(1)],
  ["one byte more", (good) => Buffer.concat([good, zero])],
  ["a zero before it", (good) => Buffer.concat([zero, good])],
  ["itself twice", (good) => Buffer.concat([good, good])],
  ["one byte alone", () => zero],
  ["zeros", (good) => Buffer.alloc(good.length)],
  ["ones", (good) => Buffer.alloc(good.length, 0xff)],
  ["the signature of another text", (_, alg) => signAs(alg, algorithmKey(alg).privateKey, `${textOf(alg)}x`)],
  ["the signature of another key", (_, alg) => strangerKey(alg).sign(textOf(alg))],
];

describe.each(BACKENDS)("with %s", (_, verifier) => {
  const verify = async (alg: Algorithm, signature: Uint8Array, jwk: JsonObject = algorithmKey(alg).jwk) =>
    verifier.verify(join(textOf(alg), signature), { jwk }, alg);

  describe.each(EVERY_ALGORITHM)("%s", (alg) => {
    const good = algorithmKey(alg).sign(textOf(alg));

    it("takes a good signature, twice with one key (T3)", async () => {
      const key = { jwk: algorithmKey(alg).jwk };
      expect(await verifier.verify(join(textOf(alg), good), key, alg)).toBe(true);
      expect(await verifier.verify(join(textOf(alg), good), key, alg)).toBe(true);
    });

    it.each(BAD)("refuses %s (T3)", async (__, spoil) => {
      expect(await verify(alg, spoil(good, alg))).toBe(false);
    });

    it("refuses a good signature once header or payload differ (T3)", async () => {
      const key = { jwk: algorithmKey(alg).jwk };
      const otherPayload = `${encode({ alg })}.${encode({ sub: "root" })}`;
      const otherHeader = `${encode({ alg, kid: "x" })}.${PAYLOAD}`;
      expect(await verifier.verify(join(otherPayload, good), key, alg)).toBe(false);
      expect(await verifier.verify(join(otherHeader, good), key, alg)).toBe(false);
    });

    it("refuses a good signature under another key (T3)", async () => {
      expect(await verify(alg, good, strangerKey(alg).jwk)).toBe(false);
    });
  });

  const RSA: readonly Algorithm[] = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
  const pairs = RSA.flatMap((alg) => RSA.filter((other) => other !== alg).map((other) => [alg, other] as const));

  it.each(pairs)("takes no %s signature for %s, though one key makes both (T3)", async (made, taken) => {
    const signature = signAs(made, algorithmKey(made).privateKey, textOf(taken));
    expect(await verify(taken, signature)).toBe(false);
    // Nor when the header says how it was made, and another algorithm is to be checked.
    const honest = join(textOf(made), signAs(made, algorithmKey(made).privateKey, textOf(made)));
    expect(await verifier.verify(honest, { jwk: algorithmKey(taken).jwk }, taken)).toBe(false);
  });

  it.each(["PS256", "PS384", "PS512"] as const)(
    "takes %s with a salt as long as its hash, and no other (T3)",
    async (alg) => {
      const { privateKey } = algorithmKey(alg);
      const salted = (length: number): Buffer => signPss(privateKey, hashOf(alg), textOf(alg), length);
      const hashLength = Number(alg.slice(2)) / 8;
      expect(await verify(alg, salted(hashLength))).toBe(true);
      expect(await verify(alg, salted(hashLength - 1))).toBe(false);
      expect(await verify(alg, salted(hashLength + 1))).toBe(false);
      expect(await verify(alg, salted(0))).toBe(false);
      expect(await verify(alg, salted(constants.RSA_PSS_SALTLEN_MAX_SIGN))).toBe(false);
    },
  );

  it.each(RSA)("refuses a second spelling of a %s signature, its leading zero left out (T3)", async (alg) => {
    // One in 256 begins with a zero; the text is changed until one does.
    const key = { jwk: algorithmKey(alg).jwk };
    for (let i = 0; ; i++) {
      const text = `${encode({ alg })}.${encode({ i })}`;
      const signature = algorithmKey(alg).sign(text);
      if (signature[0] !== 0) continue;
      expect(await verifier.verify(join(text, signature), key, alg)).toBe(true);
      expect(await verifier.verify(join(text, signature.subarray(1)), key, alg)).toBe(false);
      return;
    }
  });

  it("takes the length from the modulus, however its key is written (T3, I10)", async () => {
    const { jwk } = algorithmKey("RS256");
    const padded = { jwk: { ...jwk, n: `${String(jwk["n"])}==` } };
    expect(
      await verifier.verify(join(textOf("RS256"), algorithmKey("RS256").sign(textOf("RS256"))), padded, "RS256"),
    ).toBe(true);
  });

  describe.each(["ES256", "ES384", "ES512"] as const)("%s", (alg) => {
    const good = algorithmKey(alg).sign(textOf(alg));
    const half = good.length / 2;
    const [r, s] = [good.subarray(0, half), good.subarray(half)];
    const order = Buffer.from(ORDERS[alg] ?? "", "hex");

    it("has signatures of two numbers, each as long as the order of its curve (T5)", async () => {
      expect(order).toHaveLength(half);
      expect(good).toHaveLength({ ES256: 64, ES384: 96, ES512: 132 }[alg]);
      expect(await verify(alg, good)).toBe(true);
    });

    it.each([
      ["r = 0", Buffer.concat([Buffer.alloc(half), s])],
      ["s = 0", Buffer.concat([r, Buffer.alloc(half)])],
      ["r = s = 0", Buffer.alloc(2 * half)],
      ["r = 0 and s = 1", flip(Buffer.alloc(2 * half), 2 * half - 1)],
      ["r as large as the order", Buffer.concat([order, s])],
      ["s as large as the order", Buffer.concat([r, order])],
      ["r and s changed round", Buffer.concat([s, r])],
      ["r and s written as DER", der(r, s)],
      ["r and s each with a zero before", Buffer.concat([zero, r, zero, s])],
    ])("refuses %s (T5)", async (__, signature) => {
      expect(await verify(alg, signature)).toBe(false);
    });
  });

  it("refuses an Ed25519 signature whose s is larger than the order (T3)", async () => {
    const good = algorithmKey("Ed25519").sign(textOf("Ed25519"));
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = littleEndian(good.subarray(32)) + order;
    const bytes = Buffer.from(s.toString(16).padStart(64, "0"), "hex").toReversed();
    expect(bytes).toHaveLength(32);
    expect(await verify("Ed25519", Buffer.concat([good.subarray(0, 32), bytes]))).toBe(false);
  });

  it.each([
    ["an EC point off its curve", "ES256", { y: encodeBytes(Buffer.alloc(32, 1)) }],
    ["an EC point cut short", "ES256", { x: encodeBytes(Buffer.alloc(31, 1)) }],
    ["an Ed25519 key cut short", "Ed25519", { x: encodeBytes(Buffer.alloc(31, 1)) }],
    ["an Ed25519 key one byte too long", "EdDSA", { x: encodeBytes(Buffer.alloc(33, 1)) }],
    ["an EC key whose curve is unknown", "ES256", { crv: "P-999" }],
  ] as const)("says of %s that the key cannot be used (T3)", async (_name, alg, change) => {
    const refusal = verify(alg, algorithmKey(alg).sign(textOf(alg)), { ...algorithmKey(alg).jwk, ...change });
    await expect(refusal).rejects.toThrow(InvalidTokenError);
    await expect(refusal).rejects.toMatchObject({ code: "invalid_token", reason: "unknown_key" });
  });

  it.each([
    ["an Ed25519 key that is no point", "Ed25519", { x: encodeBytes(Buffer.alloc(32, 0xff)) }],
    ["an RSA modulus that is even", "RS256", { n: encodeBytes(Buffer.alloc(256, 0xfe)) }],
    ["an RSA modulus of ones", "PS256", { n: encodeBytes(Buffer.alloc(256, 0xff)) }],
    ["an RSA exponent as long as the modulus", "RS256", { e: encodeBytes(Buffer.alloc(256, 0x7f)) }],
  ] as const)(
    "never takes a signature by %s, and calls it no error of the program (T3)",
    async (_name, alg, change) => {
      const judged = verify(alg, algorithmKey(alg).sign(textOf(alg)), { ...algorithmKey(alg).jwk, ...change });
      const outcome: unknown = await judged.catch((error: unknown) =>
        error instanceof InvalidTokenError ? error.reason : error,
      );
      expect([false, "unknown_key"]).toContain(outcome);
    },
  );
});

function encodeBytes(bytes: Buffer): string {
  return bytes.toString("base64url");
}

function littleEndian(bytes: Buffer): bigint {
  return BigInt(
    `0x${Buffer.from(bytes)
      .toReversed()
      .reduce((hex, byte) => hex + byte.toString(16).padStart(2, "0"), "")}`,
  );
}

/** A signature as X.509 and TLS write it. */
function der(r: Buffer, s: Buffer): Buffer {
  const integer = (bytes: Buffer): Buffer => {
    const start = bytes.findIndex((byte) => byte !== 0);
    const digits = Buffer.concat([(bytes[start] ?? 0) > 0x7f ? zero : Buffer.alloc(0), bytes.subarray(start)]);
    return Buffer.concat([Buffer.from([2, digits.length]), digits]);
  };
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.from(body.length > 127 ? [0x30, 0x81, body.length] : [0x30, body.length]), body]);
}
