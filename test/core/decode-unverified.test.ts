// Reading a token without believing it. Rules T1, T2.
import { decodeUnverified, InvalidTokenError } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { encode } from "../support/sign.js";
import { CANARY, claimsOf, enforcerWith, GOOD_HEADER, GOOD_PAYLOAD, headerOf, reasonOf, tokenOf } from "../support/static-issuer.js";
import { wrong } from "../support/wrong.js";

function outcome(raw: unknown): string {
  try {
    decodeUnverified(wrong(raw));
    return "decoded";
  } catch (error) {
    return reasonOf(error, String(raw));
  }
}

describe("decodeUnverified", () => {
  it("says that nothing is verified, with header and claims as they stand (T1)", () => {
    expect(decodeUnverified(tokenOf("scitokens-2"))).toEqual({
      verified: false,
      header: headerOf("scitokens-2"),
      claims: claimsOf("scitokens-2"),
    });
  });

  it("reads a token that no enforcer would take (T1)", () => {
    const raw = `${encode({ alg: "none", crit: ["x"] })}.${encode({ iss: "http://x", exp: 1, cnf: {} })}.AAAA`;
    expect(decodeUnverified(raw).claims).toEqual({ iss: "http://x", exp: 1, cnf: {} });
  });

  it("gives nothing that an enforcer takes for a token (R5)", async () => {
    const enforcer = enforcerWith();
    const raw = tokenOf("scitokens-2");
    await enforcer.verify(raw);
    expect(() => enforcer.test(wrong(decodeUnverified(raw)), "read", "/data")).toThrow(TypeError);
  });

  it.each([
    ["the empty text", ""],
    ["no token", CANARY],
    ["two segments", `${GOOD_HEADER}.${GOOD_PAYLOAD}`],
    ["no signature", `${GOOD_HEADER}.${GOOD_PAYLOAD}.`],
    ["four segments", `${GOOD_HEADER}.${GOOD_PAYLOAD}.AAAA.AAAA`],
    ["five segments", `${GOOD_HEADER}.AAAA.AAAA.${GOOD_PAYLOAD}.AAAA`],
    ["a blank", ` ${tokenOf("scitokens-2")}`],
    ["padding", `${GOOD_HEADER}.${GOOD_PAYLOAD}.AA==`],
    ["a signature with bits left over", `${GOOD_HEADER}.${GOOD_PAYLOAD}.AB`],
    ["a signature of no length", `${GOOD_HEADER}.${GOOD_PAYLOAD}.AAAAA`],
    ["undefined", undefined],
    ["null", null],
    ["a number", 42],
    ["a list that holds a token", [tokenOf("scitokens-2")]],
  ])("refuses %s (T1)", (_, raw) => {
    expect(outcome(raw)).toBe("malformed");
  });

  it("reads 16384 bytes, and not one more (T1)", () => {
    const start = `${GOOD_HEADER}.${GOOD_PAYLOAD}.`;
    const rest = 16_384 - start.length;
    // A length of 1 above a multiple of 4 holds no bytes: the dot's place is moved by one more byte of payload.
    expect(rest % 4).not.toBe(1);
    expect(outcome(start + "A".repeat(rest))).toBe("decoded");
    expect(outcome(start + "A".repeat(rest + 4))).toBe("malformed");
    const message = (raw: string): string => {
      try {
        decodeUnverified(raw);
        return "";
      } catch (error) {
        return error instanceof InvalidTokenError ? error.message : "";
      }
    };
    expect(message(start + "A".repeat(rest + 1))).toContain("16384 bytes");
  });

  it.each([
    ["a list", "[]"],
    ["null", "null"],
    ["a number", "1"],
    ["no JSON", "{"],
    ["a member twice", '{"a":1,"\\u0061":2}'],
    ["33 levels", `${'{"a":'.repeat(33)}1${"}".repeat(33)}`],
  ])("refuses %s as header or payload (T2)", (_, text) => {
    expect(outcome(`${encode(text)}.${GOOD_PAYLOAD}.AAAA`)).toBe("malformed");
    expect(outcome(`${GOOD_HEADER}.${encode(text)}.AAAA`)).toBe("malformed");
  });

  it("keeps a claim named __proto__ as a claim (T2)", () => {
    const { claims } = decodeUnverified(`${GOOD_HEADER}.${encode('{"__proto__":{"sub":"root"}}')}.AAAA`);
    expect(Object.keys(claims)).toEqual(["__proto__"]);
    expect(claims["sub"]).toBeUndefined();
    expect(Object.getPrototypeOf(claims)).toBe(Object.prototype);
  });
});
