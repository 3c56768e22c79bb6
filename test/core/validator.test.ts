// The Validator, as in the Python library: each claim has a validator, or the token is refused. Rules P2, C8.
import { decodeUnverified, InvalidTokenError, Validator } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { CANARY, enforcerWith, expectSilence, reasonOf, tokenOf } from "../support/static-issuer.js";
import { typeErrorOf, wrong } from "../support/wrong.js";

const token = (claims: Readonly<Record<string, unknown>>) => ({ claims });
const always = (): boolean => true;

function outcome(
  validator: Validator,
  claims: Readonly<Record<string, unknown>>,
  critical?: readonly string[],
): string {
  try {
    validator.validate(token(claims), critical === undefined ? {} : { critical });
    return "good";
  } catch (error) {
    return reasonOf(error, "");
  }
}

describe("Validator", () => {
  it("takes a token each of whose claims has a validator that takes it (P2)", () => {
    const validator = new Validator().add("sub", (sub) => sub === "alice").add("iss", always);
    expect(outcome(validator, { sub: "alice", iss: "x" })).toBe("good");
    expect(outcome(validator, { sub: "alice" })).toBe("good");
    expect(outcome(validator, {})).toBe("good");
  });

  it("refuses a claim that has no validator, and does not name it (P2)", () => {
    expect(outcome(new Validator(), { sub: "alice" })).toBe("unknown_claim");
    expect(outcome(new Validator().add("sub", always), { sub: "alice", [CANARY]: 1 })).toBe("unknown_claim");
  });

  it.each([
    ["false", () => false],
    ["nothing", () => undefined],
    ["1", () => 1],
    ["a text", () => "true"],
    ["an object", () => ({})],
    ["a promise of true", () => Promise.resolve(true)],
    ["a promise of false", async () => Promise.resolve(false)],
  ])("refuses a claim whose validator says %s: only true passes (P2)", (_, validator) => {
    expect(outcome(new Validator().add("sub", wrong(validator)), { sub: CANARY })).toBe("invalid_claim");
  });

  it("asks every validator of a claim (P2)", () => {
    const validator = new Validator().add("n", (n) => Number(n) > 1).add("n", (n) => Number(n) < 3);
    expect(outcome(validator, { n: 2 })).toBe("good");
    expect(outcome(validator, { n: 1 })).toBe("invalid_claim");
    expect(outcome(validator, { n: 3 })).toBe("invalid_claim");
  });

  it("refuses a token without a critical claim (P2)", () => {
    const validator = new Validator().add("sub", always);
    expect(outcome(validator, { sub: null }, ["sub"])).toBe("good");
    expect(outcome(validator, {}, ["sub"])).toBe("missing_claim");
    expect(outcome(validator, { sub: 1 }, ["sub", "jti"])).toBe("missing_claim");
    expect(outcome(validator, {}, [])).toBe("good");
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "takes %s for a claim like any other (P2)",
    (name) => {
      const claims = Object.fromEntries([[name, 1]]);
      expect(outcome(new Validator(), claims)).toBe("unknown_claim");
      expect(
        outcome(
          new Validator().add(name, (value) => value === 1),
          claims,
        ),
      ).toBe("good");
      expect(
        outcome(
          new Validator().add(name, (value) => value !== 1),
          claims,
        ),
      ).toBe("invalid_claim");
      expect(outcome(new Validator().add(name, always), {}, [name])).toBe("missing_claim");
    },
  );

  it("lets through what a validator throws: that is an error of the program (P2)", () => {
    const failure = new RangeError("the validator's own");
    const validator = new Validator().add("sub", () => {
      throw failure;
    });
    expect(() => validator.validate(token({ sub: 1 }))).toThrow(failure);
  });

  it.each([[""], [undefined], [null], [42]])("has no validator for a claim named %j (P2)", (name) => {
    expect(typeErrorOf(() => new Validator().add(wrong(name), always))).toMatch(/^add: expected the name/);
  });

  it.each([[undefined], [null], [true], ["x"], [{}]])("has no validator that is %j (P2)", (validator) => {
    expect(typeErrorOf(() => new Validator().add("sub", wrong(validator)))).toMatch(
      /^add: expected a function for 'sub'/,
    );
  });

  it("judges verified and unverified tokens (P2)", async () => {
    const raw = tokenOf("scitokens-2");
    const validator = new Validator();
    for (const name of ["iss", "sub", "jti", "iat", "exp", "ver", "aud", "nbf", "scope"]) validator.add(name, always);
    expect(() => validator.validate(decodeUnverified(raw))).not.toThrow();
    expect(() => validator.validate(wrong({ claims: { other: 1 } }))).toThrow(InvalidTokenError);
    const verified = await enforcerWith().verify(raw);
    expect(() => validator.validate(verified, { critical: ["sub"] })).not.toThrow();
  });
});

describe("validators of an enforcer", () => {
  it.each([
    ["false", () => false],
    ["nothing", () => undefined],
    ["1", () => 1],
    ["a promise of true", () => Promise.resolve(true)],
  ])("refuse a claim by saying %s (C8)", async (_, validator) => {
    const enforcer = enforcerWith({ validators: { sub: wrong(validator) } });
    const error: unknown = await enforcer.verify(tokenOf("scitokens-2")).catch((e: unknown) => e);
    expect(reasonOf(error, tokenOf("scitokens-2"))).toBe("invalid_claim");
    expect(error).toMatchObject({ message: "sub: refused by its validator" });
  });

  it("let through what they throw: it is no refusal (C8)", async () => {
    const failure = new RangeError("the validator's own");
    const enforcer = enforcerWith({
      validators: {
        sub: () => {
          throw failure;
        },
      },
    });
    await expect(enforcer.verify(tokenOf("scitokens-2"))).rejects.toBe(failure);
    expectSilence(failure, tokenOf("scitokens-2"));
  });

  it("cannot take what the profile refuses (C8)", async () => {
    const enforcer = enforcerWith({ validators: { sub: always, exp: always, aud: always, scope: always } });
    const outcomes = ["sub", "exp", "aud", "scope"].map(async (name) => {
      const error: unknown = await enforcer
        .verify(tokenOf("scitokens-2", { [name]: 42, exp: name === "exp" ? "x" : 2e9 }))
        .catch((e: unknown) => e);
      return reasonOf(error, "");
    });
    expect(await Promise.all(outcomes)).toEqual(["invalid_claim", "invalid_claim", "invalid_claim", "invalid_claim"]);
  });
});
