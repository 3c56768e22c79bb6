// The Authorization header, whatever it holds: one token, no credentials, or a 400. Rules H1, H2, H3.
import { InvalidRequestError } from "@scitokens/core";
import { authorizeRequest } from "@scitokens/core/http";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enforcerWith, scoped } from "../../support/static-issuer.js";
import { readLines } from "./bearer-model.js";
import { readBearer } from "./inside.js";
import { lettersOf } from "./letters.js";
import { holds } from "./runs.js";

const scheme = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("Bearer", "bearer", "BEARER", "bEaReR") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "Basic",
      "DPoP",
      "Bearerx",
      "Beare",
      "Bearer:",
      "Bearer,",
      "Bear\u0435r",
      "",
      "\u0000Bearer",
    ),
  },
);
const blanks = fc.constantFrom("", " ", " ", " ", "  ", "   ", "\t", "\u00a0", " \t");
const credential = fc.oneof(
  { weight: 4, arbitrary: lettersOf("aZ9-._~+/=", 12) },
  { weight: 1, arbitrary: lettersOf('aZ9=, "\r\n\0é', 8) },
);
const line = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(blanks, scheme, blanks, credential, blanks).map((parts) => parts.join("")) },
  { weight: 6, arbitrary: fc.tuple(scheme, fc.constantFrom(" ", "  "), credential).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
);

function read(lines: readonly string[]): string | undefined {
  try {
    return readBearer(lines);
  } catch (error) {
    if (error instanceof InvalidRequestError) return "400";
    throw error;
  }
}

describe("the Authorization header", () => {
  it("holds the one token that the model finds, no credentials, or is a bad request (H1, H2)", () => {
    const seen = new Set<string>();
    holds(
      fc.property(fc.array(line, { maxLength: 3 }), (lines) => {
        const found = read(lines);
        expect(found).toBe(readLines(lines));
        seen.add(found === undefined ? "none" : found === "400" ? "bad" : "token");
      }),
      5,
    );
    expect(seen.size).toBe(3);
  });

  it("may be sent twice, or as often as one likes: equal lines are one (H2)", () => {
    holds(
      fc.property(line, fc.integer({ min: 1, max: 5 }), (one, times) => {
        expect(read(Array.from({ length: times }, () => one))).toBe(read([one]));
      }),
    );
  });

  it("says the same in any letter case of its scheme, after any number of blanks (H1)", () => {
    const [cases, spaces] = [
      fc.constantFrom("Bearer", "bearer", "BEARER", "beaRer"),
      fc.constantFrom(" ", "  ", "     "),
    ];
    holds(
      fc.property(credential, fc.tuple(cases, spaces), fc.tuple(cases, spaces), (token, one, another) => {
        expect(read([one.join("") + token])).toBe(read([another.join("") + token]));
      }),
    );
  });

  it("lets in who has the good token and nobody else, whatever stands there: 401 and 400 are all there is (H1, H2, H3)", async () => {
    const good = scoped("read:/");
    const protection = { enforcer: enforcerWith() };
    const mixed = fc.oneof(
      line,
      fc.tuple(scheme, blanks, fc.constantFrom(good, good.slice(1)), blanks).map((parts) => parts.join("")),
    );
    await holds(
      fc.asyncProperty(fc.array(mixed, { maxLength: 2 }), async (authorization) => {
        const decision = await authorizeRequest({ method: "GET", target: "/", authorization, request: {} }, protection);
        const token = readLines(authorization);
        expect(decision.allowed).toBe(token === good);
        const status = token === "400" ? 400 : 401;
        if (!decision.allowed) expect(decision.refusal).toMatchObject({ status });
      }),
    );
  });
});
