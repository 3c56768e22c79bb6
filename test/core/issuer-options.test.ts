// A wrong issuer, wrong keys of it or wrong paths stop the program at start, too. Rules I1 to I3, I10, I12, S8.
import { createEnforcer } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { errorOf, errorOfIssuer, goodOptions, NOTHING, trusted } from "../support/option-errors.js";
import { testKey } from "../support/sign.js";
import { ISSUER, key, tokenOf, verdict } from "../support/static-issuer.js";
import { wrong } from "../support/wrong.js";
import { newKeyPair } from "../support/key-pair.js";

describe("issuer", () => {
  it.each([
    ["missing", undefined],
    ["null", null],
    ["empty", ""],
    ["an empty list", []],
    ["a list with an empty name", [""]],
    ["a list with nothing in it", [undefined]],
    ["a list in a list", [[ISSUER]]],
    ["a number", 42],
    ["true", true],
    ["an object without issuer", {}],
    ["an object with an empty issuer", { issuer: "" }],
    ["an object with a number", { issuer: 42 }],
    ["no URL", "issuer"],
    ["a host alone", "issuer.example.org"],
    ["a path", "/issuer"],
    ["http", "http://issuer.example.org"],
    ["HTTP", "HTTP://issuer.example.org"],
    ["ftp", "ftp://issuer.example.org"],
    ["file", "file:///etc/issuer"],
    ["javascript", "javascript:alert(1)"],
    ["a URL with a password", "https://user:secret@issuer.example.org"],
    ["a URL with a user", "https://user@issuer.example.org"],
    ["a URL with a fragment", "https://issuer.example.org#x"],
    ["one good, one bad", [ISSUER, "http://issuer.example.org"]],
  ])("is not %s (I2)", (_, issuer) => {
    const message = errorOf({ issuer });
    expect(message).toMatch(/^issuer: /);
    expect(message).not.toContain("secret");
  });

  it("may be http only where that issuer says allowInsecureIssuer (I2)", () => {
    const http = "http://localhost:8080";
    expect(errorOf({ issuer: http })).toMatch(/^issuer: expected https; allowInsecureIssuer: true/);
    expect(errorOf({ issuer: { issuer: http } })).toMatch(/^issuer: expected https/);
    expect(errorOf({ issuer: { issuer: http, allowInsecureIssuer: false } })).toMatch(/^issuer: expected https/);
    expect(errorOf({ issuer: { issuer: http, allowInsecureIssuer: true } })).toBe(NOTHING);
    expect(errorOf({ issuer: [{ issuer: http, allowInsecureIssuer: true }, "http://other.example.org"] })).toMatch(
      /^issuer: expected https/,
    );
    expect(errorOf({ issuer: { issuer: "ftp://localhost", allowInsecureIssuer: true } })).toMatch(
      /^issuer: expected https/,
    );
    expect(errorOf({ issuer: { issuer: http, allowInsecureIssuer: "true" } })).toMatch(
      /^allowInsecureIssuer: expected true or false/,
    );
    expect(errorOf({ allowInsecureIssuer: true })).toContain("unknown option 'allowInsecureIssuer'");
  });

  it.each([
    ["two texts", [ISSUER, ISSUER]],
    ["a text and an object", [ISSUER, trusted]],
    [
      "two objects",
      [
        { ...trusted, audience: "a" },
        { ...trusted, audience: "b" },
      ],
    ],
    ["the first and the last", [ISSUER, "https://other.example.org", ISSUER]],
  ])("does not stand twice, as %s (I12)", (_, issuer) => {
    expect(errorOf({ issuer })).toBe("issuer: the same issuer stands twice");
  });

  it("may stand beside another that differs by a slash (I1)", () => {
    expect(errorOf({ issuer: [ISSUER, `${ISSUER}/`] })).toBe(NOTHING);
  });

  it.each([
    ["Issuer", "issuer"],
    ["audiance", "audience"],
    ["basepath", "basePath"],
    ["basePaths", "basePath"],
    ["jwksURI", "jwksUri"],
    ["jwk", "jwks"],
    ["publickey", "publicKey"],
    ["algorithm", "algorithms"],
    ["profile", "profiles"],
    ["allowInsecureIssuers", "allowInsecureIssuer"],
  ])("with the option %s is meant to have %s (I12)", (name, meant) => {
    expect(errorOfIssuer({ [name]: undefined })).toBe(`issuer: unknown option '${name}'; did you mean '${meant}'?`);
  });

  it.each(["clock", "keys", "tokenCache", "equivalence", "jwks_uri_of"])("has no option %s (I12)", (name) => {
    expect(errorOfIssuer({ [name]: 1 })).toMatch(new RegExp(`^issuer: unknown option '${name}'; known are issuer, `));
  });
});

describe("keys given with an issuer", () => {
  const pem = (
    object: ReturnType<typeof newKeyPair>["publicKey"],
    type: "spki" | "pkcs1" | "pkcs8" | "sec1" = "spki",
  ): string => (object as unknown as { export(options: object): string }).export({ format: "pem", type });
  const rsa = testKey("RS256", "rsa-1");
  const publicPem = pem(wrong(key.publicKey));
  const ofPublicKey = (publicKey: unknown) => errorOf({ issuer: { issuer: ISSUER, publicKey } });
  const ofJwks = (jwks: unknown) => errorOf({ issuer: { issuer: ISSUER, jwks } });

  it("are one of jwks, jwksUri and publicKey (I3)", () => {
    const jwksUri = `${ISSUER}/jwks`;
    expect(errorOf({ issuer: { issuer: ISSUER, jwksUri } })).toBe(NOTHING);
    expect(errorOfIssuer({ jwksUri })).toMatch(/^issuer: expected only one of jwksUri, jwks and publicKey/);
    expect(errorOfIssuer({ publicKey: publicPem })).toMatch(/^issuer: expected only one of/);
    expect(errorOf({ issuer: { issuer: ISSUER, jwksUri, publicKey: publicPem } })).toMatch(
      /^issuer: expected only one of/,
    );
  });

  it.each([
    ["http", "http://issuer.example.org/jwks"],
    ["no URL", "jwks"],
    ["empty", ""],
    ["a number", 42],
    ["null", null],
    ["a file", "file:///etc/jwks"],
    ["a URL with a password", "https://user:secret@issuer.example.org/jwks"],
  ])("do not come from a jwksUri that is %s (I2)", (_, jwksUri) => {
    const message = errorOf({ issuer: { issuer: ISSUER, jwksUri } });
    expect(message).toMatch(/^jwksUri: expected/);
    expect(message).not.toContain("secret");
  });

  it.each([
    ["null", null],
    ["a text", JSON.stringify({ keys: [key.jwk] })],
    ["a list", [key.jwk]],
    ["a key alone", key.jwk],
    ["keys that are no list", { keys: { 0: key.jwk } }],
    ["nothing", {}],
    ["an empty set", { keys: [] }],
    ["a set of what is no key", { keys: [null, 42, "x", []] }],
    ["a set of keys for encryption", { keys: [{ ...key.jwk, use: "enc" }] }],
    ["a key of an unknown type", { keys: [{ kty: "AKP", alg: "ML-DSA-44", pub: "AAAA" }] }],
  ])("are not jwks: %s (I10)", (_, jwks) => {
    expect(ofJwks(jwks)).toMatch(/^jwks: expected/);
  });

  it("are not a set with private members, and the message does not show them (I10)", () => {
    for (const { privateKey } of [key, rsa]) {
      const jwk = privateKey.export({ format: "jwk" });
      for (const keys of [[jwk], [key.jwk, jwk]]) {
        const message = ofJwks({ keys });
        expect(message).toBe("jwks: expected public keys; private members do not belong here");
        expect(message).not.toContain(String(jwk.d));
      }
    }
    expect(ofJwks({ keys: [{ kty: "oct", k: "AAAA" }] })).toMatch(/^jwks: expected public keys/);
  });

  it.each([
    ["EC", () => publicPem],
    ["RSA", () => pem(wrong(rsa.publicKey))],
    ["RSA in PKCS#1", () => pem(wrong(rsa.publicKey), "pkcs1")],
    ["Ed25519", () => pem(newKeyPair("ed25519").publicKey)],
    ["EC with blank lines around it", () => `\r\n\n${publicPem}\n `],
    ["EC with the line ends of Windows", () => publicPem.replaceAll("\n", "\r\n")],
  ])("may be a publicKey: %s (I3)", (_, make) => {
    expect(ofPublicKey(make())).toBe(NOTHING);
  });

  const privatePem = pem(wrong(key.privateKey), "pkcs8");

  it.each([
    ["a private key", () => privatePem],
    ["a private key of another kind", () => pem(wrong(key.privateKey), "sec1")],
    ["a private RSA key", () => pem(wrong(rsa.privateKey), "pkcs1")],
    ["a private key before the public one", () => `${privatePem}\n${publicPem}`],
    ["a private key after the public one", () => `${publicPem}\n${privatePem}`],
    ["a private key with a comment that says PUBLIC KEY-----", () => `# not a PUBLIC KEY-----\n${privatePem}`],
    ["two public keys", () => `${publicPem}\n${pem(wrong(testKey("ES256", "x").publicKey))}`],
    ["a certificate", () => "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
    ["a PEM cut short", () => publicPem.slice(0, 60)],
    ["a PEM with rubbish in it", () => publicPem.replace(/\n.{20}/, "\n!!!!!!!!!!!!!!!!!!!!")],
    ["RSA of 1024 bits", () => pem(newKeyPair("rsa", { modulusLength: 1024 }).publicKey)],
    ["X25519", () => pem(newKeyPair("x25519").publicKey)],
    ["Ed448", () => pem(newKeyPair("ed448").publicKey)],
    ["secp256k1", () => pem(newKeyPair("ec", { namedCurve: "secp256k1" }).publicKey)],
    ["DSA", () => pem(newKeyPair("dsa", { modulusLength: 1024, divisorLength: 160 }).publicKey)],
    ["empty", () => ""],
    ["null", () => null],
    ["a JWK", () => key.jwk],
    ["bytes", () => Buffer.from(publicPem)],
    ["a KeyObject", () => key.publicKey],
  ])("are not a publicKey that is %s (I3)", (_, make) => {
    const message = ofPublicKey(make());
    expect(message).toMatch(/^publicKey: expected/);
    expect(message).not.toContain(privatePem.split("\n")[1]);
  });

  it("verify tokens with or without kid when they are a publicKey (I10)", async () => {
    const enforcer = createEnforcer({ ...goodOptions, issuer: { issuer: ISSUER, publicKey: publicPem } });
    expect(await verdict(enforcer, tokenOf("scitokens-2"))).toBe("good");
    expect(await verdict(enforcer, tokenOf("scitokens-2", {}, { kid: "another" }))).toBe("good");
    expect(await verdict(enforcer, tokenOf("scitokens-2", {}, { kid: undefined }))).toBe("good");
  });
});

describe("basePath", () => {
  it.each([["/vo"], ["/vo/"], ["/"], [["/a", "/b"]], [["/a", "/ab"]], [["/a/b", "/a/c"]], ["/a b"]])(
    "may be %j (S8)",
    (basePath) => {
      expect(errorOfIssuer({ basePath })).toBe(NOTHING);
    },
  );

  it.each([
    [""],
    ["vo"],
    ["./vo"],
    ["/vo/.."],
    ["/vo/%2e%2e"],
    ["/a\\b"],
    ["/a\u0000"],
    [42],
    [null],
    [undefined], // which would be the whole server
    [true],
    [{}],
    [[]],
    [["/a", ""]],
    [["/a", 42]],
    [[["/a"]]],
  ])("is not %j (S8)", (basePath) => {
    expect(errorOfIssuer({ basePath })).toMatch(/^basePath: /);
  });

  it.each([
    [["/a", "/a/b"]],
    [["/a/b", "/a"]],
    [["/", "/a"]],
    [["/a", "/"]],
    [["/a", "/a"]],
    [["/a", "/a/"]],
    [["/a", "//a/./b"]],
    [["/a", "/b", "/b/c/d"]],
  ])("does not hold one path below another: %j (S8)", (basePath) => {
    expect(errorOfIssuer({ basePath })).toMatch(/^basePath: .*below another/);
  });
});
