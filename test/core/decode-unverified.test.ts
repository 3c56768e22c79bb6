// Reading a token without believing it. Rules T1, T2.
import { decodeUnverified } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { encode } from "../support/sign.js";
import {
  CANARY,
  claimsOf,
  enforcerWith,
  GOOD_HEADER,
  GOOD_PAYLOAD,
  headerOf,
  reasonOf,
  tokenOf,
} from "../support/static-issuer.js";
import { wrong } from "../support/wrong.js";

function outcome(raw: unknown): string {
  try {
    decodeUnverified(wrong(raw));
    return "decoded";
  } catch (error) {
    return reasonOf(error, typeof raw === "string" ? raw : "");
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
    const signatureOf = (length: number): string => "A".repeat(length - start.length);
    expect(outcome(start + signatureOf(16_384))).toBe("decoded");
    expect(() => decodeUnverified(start + signatureOf(16_385))).toThrow(/16384 bytes/);
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
