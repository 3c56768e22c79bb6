// Minted tokens, read and verified by jose: independent of the core.
import { createSigningKey, createToken } from "@scitokens/issuer";
import type { CreateTokenOptions, TokenClaims, TokenProfile } from "@scitokens/issuer";
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from "jose";
import type { JWTPayload } from "jose";
import { describe, expect, it } from "vitest";
import { wrong } from "./wrong.js";

const key = await createSigningKey({ kid: "k1" });
const issuer = "https://issuer.test";
const now = (): number => 1_700_000_000.75;
const good: TokenClaims = { aud: "https://a.test", scope: "read:/", sub: "ada" };

function mint(claims: TokenClaims, options: Partial<CreateTokenOptions> = {}): Promise<string> {
  return createToken(claims, { key, issuer, now, ...options });
}
const payload = async (claims: TokenClaims, options?: Partial<CreateTokenOptions>): Promise<JWTPayload> =>
  decodeJwt(await mint(claims, options));

describe("createToken", () => {
  it("makes a token that jose verifies, of whole seconds, with jti and kid (C1)", async () => {
    const token = await mint(good, { lifetime: 300 });
    const { payload: claims, protectedHeader } = await jwtVerify(token, await importJWK({ ...key.publicJwk }), {
      issuer,
      audience: "https://a.test",
      currentDate: new Date(1_700_000_000_000),
    });
    expect(protectedHeader).toEqual({ alg: "ES256", typ: "JWT", kid: "k1" });
    expect(claims).toEqual({
      iss: issuer,
      iat: 1_700_000_000,
      nbf: 1_700_000_000,
      exp: 1_700_000_300,
      jti: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/),
      ver: "scitoken:2.0",
      ...good,
    });
  });

  it("lives 600 seconds by the system clock where nothing is said", async () => {
    const before = Math.floor(Date.now() / 1000);
    const { iat = 0, exp = 0 } = decodeJwt(await createToken(good, { key, issuer }));
    expect(exp - iat).toBe(600);
    expect(Number.isInteger(iat) && iat >= before && iat <= before + 5).toBe(true);
  });

  it("gives every token another jti", async () => {
    expect((await payload(good)).jti).not.toBe((await payload(good)).jti);
  });

  it("joins a list of scopes by blanks (S1)", async () => {
    expect((await payload({ ...good, scope: ["read:/a", "write:/b"] })).scope).toBe("read:/a write:/b");
  });

  it("lets explicit claims win, fractional and wrong ones too", async () => {
    const own = { iss: "https://other.test", exp: 1, nbf: 2.5, iat: "yesterday", jti: "j", ver: "scitoken:9.0" };
    expect(await payload({ ...good, ...own })).toMatchObject(own);
  });

  it.each(["iss", "exp", "nbf", "iat", "jti", "ver", "aud", "scope"])(
    "leaves %s out where it is undefined",
    async (name) => {
      expect(await payload({ ...good, [name]: undefined })).not.toHaveProperty(name);
    },
  );

  it("adds to the header, changes typ and leaves out kid when told", async () => {
    const header = decodeProtectedHeader(await mint(good, { header: { typ: "x", kid: undefined, cty: "y" } }));
    expect(header).toEqual({ alg: "ES256", typ: "x", cty: "y" });
  });
});

describe("a profile", () => {
  const complete: TokenClaims = { ...good, client_id: "c" };
  it.each<[TokenProfile, string, object]>([
    ["scitokens-2", "JWT", { ver: "scitoken:2.0" }],
    ["wlcg", "JWT", { "wlcg.ver": "1.0" }],
    ["at-jwt", "at+jwt", { client_id: "c" }],
  ])("%s has typ %s and the claims %o (P1)", async (profile, typ, marks) => {
    const token = await mint(complete, { profile });
    expect(decodeProtectedHeader(token).typ).toBe(typ);
    expect(decodeJwt(token)).toMatchObject(marks);
  });

  it("scitokens-1 has no ver, nor wlcg.ver (P2)", async () => {
    const token = await mint(good, { profile: "scitokens-1" });
    expect(decodeProtectedHeader(token).typ).toBe("JWT");
    expect(Object.keys(decodeJwt(token)).toSorted()).toEqual([
      "aud",
      "exp",
      "iat",
      "iss",
      "jti",
      "nbf",
      "scope",
      "sub",
    ]);
  });

  it.each<[TokenProfile, string, string]>([
    ["scitokens-2", "aud", "P2"],
    ["scitokens-2", "scope", "P2"],
    ["scitokens-1", "scope", "P2"],
    ["wlcg", "aud", "P3"],
    ["wlcg", "sub", "P3"],
    ["at-jwt", "aud", "P4"],
    ["at-jwt", "sub", "P4"],
    ["at-jwt", "client_id", "P4"],
  ])("%s asks for %s, or for its absence on purpose (%s)", async (profile, name) => {
    const base = profile === "scitokens-1" ? good : complete;
    const without = Object.fromEntries(Object.entries(base).filter(([claim]) => claim !== name));
    await expect(mint(without, { profile })).rejects.toThrow(`claim '${name}' is required by profile ${profile}`);
    await expect(mint(without, { profile })).rejects.toBeInstanceOf(TypeError);
    expect(await payload({ ...base, [name]: undefined }, { profile })).not.toHaveProperty(name);
  });

  it.each<[TokenProfile, string]>([
    ["scitokens-1", "aud"],
    ["scitokens-1", "sub"],
    ["scitokens-2", "sub"],
    ["wlcg", "scope"],
    ["at-jwt", "scope"],
  ])("%s does not ask for %s", async (profile, name) => {
    const base = profile === "scitokens-1" ? good : complete;
    const without = Object.fromEntries(Object.entries(base).filter(([claim]) => claim !== name));
    expect(await payload(without, { profile })).not.toHaveProperty(name);
  });

  it("scitokens-1 refuses a claim that its verifiers would refuse, and takes those it knows (P2)", async () => {
    const profile = "scitokens-1";
    await expect(mint({ ...good, email: "x" }, { profile })).rejects.toThrow(
      /claim 'email' is unknown to profile scitokens-1/,
    );
    await expect(mint({ ...good, email: "x" }, { profile })).rejects.toBeInstanceOf(TypeError);
    const known = { ...good, opt: "o", ver: "scitoken:1.0", iss: "i", exp: 4, nbf: 1, iat: 2, jti: "j" };
    expect(await payload(known, { profile })).toEqual(known);
    expect(await payload({ ...good, email: undefined }, { profile })).not.toHaveProperty("email");
  });
});

describe("a wrong option of createToken", () => {
  it.each<[object, RegExp]>([
    [{ lifetme: 5 }, /unknown option 'lifetme'; did you mean 'lifetime'\?/],
    [{ zzzzzz: 5 }, /unknown option 'zzzzzz'; known: key, issuer/],
    [{ profile: "wlgc" }, /unknown profile 'wlgc'; did you mean 'wlcg'\?/],
    [{ profile: 2 }, /profile must be one of/],
    [{ lifetime: 0 }, /lifetime \(seconds\) must be a whole number/],
    [{ lifetime: -1 }, /lifetime \(seconds\)/],
    [{ lifetime: 1.5 }, /lifetime \(seconds\)/],
    [{ lifetime: "600" }, /lifetime \(seconds\)/],
    [{ lifetime: Number.NaN }, /lifetime \(seconds\)/],
    [{ issuer: "" }, /issuer must be a string/],
    [{ issuer: undefined }, /issuer must be a string/],
    [{ key: undefined }, /key must be a SigningKey/],
    [{ key: "pem" }, /key must be a SigningKey/],
    [{ now: () => Number.NaN }, /now must return a finite number/],
    [{ now: 5 }, /now must be a function/],
    [{ header: "x" }, /header must be an object/],
    [{ header: { alg: "none" } }, /header.alg must be the key's own, ES256/],
  ])("%o is a TypeError that names it", async (options, message) => {
    await expect(mint(good, options)).rejects.toThrow(message);
    await expect(mint(good, options)).rejects.toBeInstanceOf(TypeError);
  });

  it("no options at all is a TypeError", async () => {
    await expect(createToken(good, wrong(undefined))).rejects.toThrow(/the options must be an object/);
  });

  it.each<[unknown, RegExp]>([
    [undefined, /claims must be an object/],
    [["sub"], /claims must be an object/],
    [{ ...good, scope: [] }, /a scope list must hold/],
    [{ ...good, scope: ["read:/my data"] }, /without blanks/],
    [{ ...good, scope: [1] }, /a scope list must hold/],
  ])("claims %o are a TypeError", async (claims, message) => {
    await expect(mint(wrong(claims))).rejects.toThrow(message);
  });
});
