// What a token grants, beside a model that knows the rules and nothing of the code. Rules S1 to S9, R1.
import { InvalidPathError, InvalidTokenError } from "@scitokens/core";
import type { Enforcer, ProfileName, SciToken } from "@scitokens/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enforcerWith, tokenOf } from "../../support/static-issuer.js";
import { holds } from "./runs.js";
import { write } from "./path-model.js";
import { grants, listed, readScope } from "./scope-model.js";
import type { Language, Question } from "./scope-model.js";
import { anyScope, goodScope, goodValue, question, relatedQuestions } from "./scopes.js";
import { goodPath } from "./paths.js";

const LANGUAGES = [
  ["scitokens-2", "scitokens"],
  ["scitokens-1", "scitokens"],
  ["wlcg", "wlcg"],
  ["at-jwt", "plain"],
] as const satisfies readonly (readonly [ProfileName, Language])[];

// Without a cache: no two of the tokens are the same.
const translating = enforcerWith({ tokenCache: false });
const literal = enforcerWith({ tokenCache: false, equivalence: false });
const reader = fc.constantFrom(
  ...LANGUAGES.flatMap((language) => [[translating, ...language] as const, [literal, ...language] as const]),
);

async function verified(enforcer: Enforcer, profile: ProfileName, scope: string): Promise<SciToken | "scope_syntax"> {
  try {
    return await enforcer.verify(tokenOf(profile, { scope }));
  } catch (error) {
    if (error instanceof InvalidTokenError && error.reason === "scope_syntax") return "scope_syntax";
    throw error;
  }
}

async function good(enforcer: Enforcer, profile: ProfileName, scope: string): Promise<SciToken> {
  const token = await verified(enforcer, profile, scope);
  if (token === "scope_syntax") throw new Error(`expected a good scope: ${scope}`);
  return token;
}

function asked(enforcer: Enforcer, token: SciToken, { authz, path }: Question): boolean | "error" {
  try {
    return enforcer.test(token, authz, path);
  } catch (error) {
    if (error instanceof InvalidPathError || (error instanceof TypeError && /^(authz|path): /.test(error.message)))
      return "error";
    throw error;
  }
}

describe("the scopes of a token", () => {
  it("spoil it, are listed and grant as the model says, in every profile, translated or not (S1, S2, S3, S4, S5, S6, S9, R1)", async () => {
    const seen = new Map<unknown, number>();
    await holds(
      fc.asyncProperty(
        reader,
        anyScope,
        fc.array(question, { minLength: 1, maxLength: 6 }),
        async (by, scope, questions) => {
          const [enforcer, profile, language] = by;
          // What goes through JSON and UTF-8 has no half of a surrogate pair left.
          const held = readScope(scope.replace(/\p{Cs}/gu, "\ufffd"), language);
          const token = await verified(enforcer, profile, scope.replace(/\p{Cs}/gu, "\ufffd"));
          if (held === undefined || token === "scope_syntax") {
            expect([held, token]).toEqual([undefined, "scope_syntax"]);
            seen.set("spoilt", (seen.get("spoilt") ?? 0) + 1);
            return;
          }
          expect(
            enforcer
              .acls(token)
              .map((acl) => acl.join(" "))
              .toSorted(),
          ).toEqual(listed(held));
          const paths = held.flatMap(({ path }) => (path === undefined ? [] : [write(path)]));
          for (const one of [...questions, ...relatedQuestions(paths)]) {
            const granted = grants(held, one, { language, equivalence: enforcer === translating });
            seen.set(granted, (seen.get(granted) ?? 0) + 1);
            if (asked(enforcer, token, one) !== granted) expect.fail(`${JSON.stringify(one)} is not ${granted}`);
          }
        },
      ),
      3,
    );
    expect(new Set(seen.keys())).toEqual(new Set(["error", "spoilt", true, false]));
  });

  it("grant more with each scope that is added, and never less (S4, S5)", async () => {
    await holds(
      fc.asyncProperty(
        reader,
        goodScope,
        goodValue,
        fc.array(question, { maxLength: 8 }),
        async (by, scope, more, questions) => {
          const [enforcer, profile, language] = by;
          fc.pre(readScope(`${scope} ${more}`, language) !== undefined);
          const [before, after] = [
            await good(enforcer, profile, scope),
            await good(enforcer, profile, `${more} ${scope}`),
          ];
          const granted = questions.filter((one) => asked(enforcer, before, one) === true);
          expect(granted.map((one) => asked(enforcer, after, one))).toEqual(granted.map(() => true));
        },
      ),
    );
  });

  it("grant below a path what they grant on it, and nothing on a neighbour whose name begins alike (S4)", async () => {
    await holds(
      fc.asyncProperty(goodPath, fc.constantFrom("a", "é", "..a"), async (place, name) => {
        fc.pre(place !== "/");
        const directory = place.replace(/\/$/, "");
        const token = await good(translating, "scitokens-2", `read:${encodeURI(place)}`);
        expect(translating.test(token, "read", place)).toBe(true);
        expect(translating.test(token, "read", `${directory}/${name}`)).toBe(true);
        expect(translating.test(token, "read", `${directory}/${name}/`)).toBe(true);
        expect(translating.test(token, "read", `${directory}${name}`)).toBe(false);
        expect(translating.test(token, "read", `${directory}${name}/x`)).toBe(false);
        expect(translating.test(token, "read", "/")).toBe(false);
        expect(translating.test(token, "write", place)).toBe(false);
      }),
    );
  });

  it("mean the same in any order, however often they stand there (S1, S2)", async () => {
    const shuffled = fc
      .array(goodValue, { minLength: 1, maxLength: 5 })
      .chain((values) =>
        fc.tuple(fc.constant(values), fc.shuffledSubarray([...values, ...values], { minLength: values.length * 2 })),
      );
    await holds(
      fc.asyncProperty(reader, shuffled, question, async (by, [values, again], one) => {
        const [enforcer, profile, language] = by;
        fc.pre(readScope(values.join(" "), language) !== undefined);
        const [first, second] = [
          await good(enforcer, profile, values.join(" ")),
          await good(enforcer, profile, again.join("  ")),
        ];
        expect(asked(enforcer, second, one)).toBe(asked(enforcer, first, one));
        expect(new Set(enforcer.acls(second).map(String))).toEqual(new Set(enforcer.acls(first).map(String)));
      }),
      0.7,
    );
  });
});
