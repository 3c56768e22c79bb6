// explain() says what verify() and test() do: the same verdict, the check that failed, each scope for itself. Rules H6, R1, S4.
import { InvalidPathError, SciTokenError } from "@scitokens/core";
import type { Explanation } from "@scitokens/core";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { encode } from "../../support/sign.js";
import { EVERY_PROFILE, enforcerWith, signSegments, tokenOf } from "../../support/static-issuer.js";
import { jsonOf, oddToken } from "./odd-claims.js";
import { holds } from "./runs.js";
import { anyScope, question } from "./scopes.js";
import { mutation } from "./token-texts.js";

const enforcers = [
  enforcerWith(),
  enforcerWith({ profiles: EVERY_PROFILE, equivalence: false }),
  enforcerWith({}, { basePath: ["/a", "/b"] }),
];

const raw = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...EVERY_PROFILE), anyScope)
      .map(([profile, scope]) => tokenOf(profile, { scope })),
  },
  {
    weight: 3,
    arbitrary: oddToken.map(({ header, claims }) => signSegments(encode(jsonOf(header)), encode(jsonOf(claims)))),
  },
  { weight: 1, arbitrary: mutation.map((change) => change(tokenOf("scitokens-2"))) },
  { weight: 1, arbitrary: fc.string() },
);

/** What is wrong with a question; anything else that is thrown is the test's failure. */
async function orWrong<T>(answer: () => T | Promise<T>): Promise<T | "wrong question"> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof InvalidPathError || (error instanceof TypeError && /^(authz|path): /.test(error.message)))
      return "wrong question";
    throw error;
  }
}

function expectTold(explanation: Explanation): void {
  const failed = explanation.checks.filter(({ result }) => result === "failed");
  expect(failed.length).toBe(explanation.allowed ? 0 : 1);
  expect(explanation.summary).toMatch(explanation.allowed ? /^allowed: / : /^refused: /);
  expect(explanation.code === undefined).toBe(explanation.allowed);
  if (explanation.scopes.some(({ covers }) => covers) && !explanation.allowed) expect(failed[0]?.check).toBe("times");
}

it("agrees with verify and test, of any text and any question (H6, R1, S4)", async () => {
  const seen = new Set<string>();
  await holds(
    fc.asyncProperty(raw, question, fc.constantFrom(...enforcers), async (text, { authz, path }, enforcer) => {
      const explanation = await orWrong(() => enforcer.explain(text, authz, path));
      const token = await enforcer.verify(text).catch((error: unknown) => {
        if (error instanceof SciTokenError) return error;
        throw error;
      });
      if (token instanceof SciTokenError) {
        seen.add("refused");
        if (explanation === "wrong question") return;
        expect(explanation).toMatchObject({ allowed: false, code: token.code, reason: token.reason, scopes: [] });
        return expectTold(explanation);
      }
      const granted = await orWrong(() => enforcer.test(token, authz, path));
      seen.add(String(granted));
      if (explanation === "wrong question" || granted === "wrong question") {
        expect([explanation, granted]).toEqual(["wrong question", "wrong question"]);
        return;
      }
      expect(explanation).toMatchObject({
        allowed: granted,
        profile: token.profile,
        scopes: token.scopes.map((scope) => ({ scope })),
      });
      expect(await enforcer.explain(token, authz, path)).toEqual(explanation);
      expectTold(explanation);
    }),
    2,
  );
  expect(seen).toEqual(new Set(["refused", "true", "false", "wrong question"]));
});
