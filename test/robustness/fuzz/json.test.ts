// parseJsonObject beside a plain reader of JSON: one verdict, one value. Rule T2.
import { decodeUnverified, InvalidTokenError } from "@scitokens/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encode } from "../../support/sign.js";
import { GOOD_HEADER } from "../../support/static-issuer.js";
import { JsonError, parseJsonObject } from "./inside.js";
import { isSame, readObject, Refused } from "./json-model.js";
import type { Model } from "./json-model.js";
import { jsonText } from "./json-texts.js";
import { holds } from "./runs.js";

function modelOf(text: string, duplicates: "refuse" | "last"): ReadonlyMap<string, Model> | "refused" {
  try {
    return readObject(text, duplicates);
  } catch (error) {
    if (error instanceof Refused) return "refused";
    throw error;
  }
}

function parsed(bytes: Uint8Array, duplicates: "refuse" | "last"): unknown {
  try {
    return parseJsonObject(bytes, { duplicates });
  } catch (error) {
    if (error instanceof JsonError) return "refused";
    throw error;
  }
}

function decoded(segment: string): unknown {
  try {
    return decodeUnverified(`${GOOD_HEADER}.${segment}.AAAA`).claims;
  } catch (error) {
    if (error instanceof InvalidTokenError && error.reason === "malformed") return "refused";
    throw error;
  }
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("JSON from outside", () => {
  it("is read as a plain reader reads it: the same verdict, the same names, the same values (T2)", () => {
    const seen = { refused: 0, taken: 0 };
    holds(
      fc.property(jsonText, fc.constantFrom("refuse", "last"), (text, duplicates) => {
        const wellFormed = text.replace(/\p{Cs}/gu, "\ufffd"); // as TextEncoder writes it
        const model = modelOf(wellFormed, duplicates);
        const value = parsed(bytesOf(text), duplicates);
        seen[model === "refused" ? "refused" : "taken"]++;
        expect(value === "refused" || model === "refused" ? value === model : isSame(value, model)).toBe(true);
      }),
      8,
    );
    expect(Math.min(seen.refused, seen.taken)).toBeGreaterThan((seen.refused + seen.taken) / 10);
  });

  it("is read so in a token too, header and payload (T2)", () => {
    holds(
      fc.property(jsonText, (text) => {
        const model = modelOf(text.replace(/\p{Cs}/gu, "\ufffd"), "refuse");
        const claims = decoded(Buffer.from(text).toString("base64url"));
        expect(claims === "refused" || model === "refused" ? claims === model : isSame(claims, model)).toBe(true);
      }),
      2,
    );
  });

  it("is refused, and nothing else happens, whatever bytes it is made of (T2)", () => {
    const object = jsonText.map((text) => Buffer.from(text));
    const odd = fc.constantFrom(
      [0xff],
      [0xc0, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe2, 0x82],
      [0],
      [0xfe, 0xff],
    );
    holds(
      fc.property(object, fc.nat(), odd, (bytes, at, inserted) => {
        const place = at % (bytes.length + 1);
        const spoilt = Buffer.concat([bytes.subarray(0, place), Buffer.from(inserted), bytes.subarray(place)]);
        expect(parsed(spoilt, "refuse")).toBe("refused");
      }),
    );
    holds(
      fc.property(object, (bytes) => {
        expect(parsed(Buffer.concat([Buffer.from("\ufeff"), bytes]), "refuse")).toBe("refused");
      }),
      0.1,
    );
    holds(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const value = parsed(bytes, "refuse");
        expect(value === "refused" || Buffer.from(bytes).equals(Buffer.from(JSON.stringify(value)))).toBe(true);
      }),
    );
  });

  it("loses no member, however it is spelt: an escaped name is the same name (T2)", () => {
    const escaped = "alg".split("").map((letter) => [letter, `\\u00${letter.charCodeAt(0).toString(16)}`]);
    const spelling = fc
      .tuple(...escaped.map((spellings) => fc.constantFrom(...spellings)))
      .map((letters) => letters.join(""));
    holds(
      fc.property(spelling, spelling, (first, second) => {
        expect(decoded(encode(`{"${first}":1,"${second}":2}`))).toBe("refused");
        expect(decoded(encode(`{"${first}":1}`))).toEqual({ alg: 1 });
        expect(parsed(bytesOf(`{"${first}":1,"${second}":2}`), "last")).toEqual({ alg: 2 });
      }),
      0.3,
    );
  });
});
