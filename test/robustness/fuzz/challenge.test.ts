// Every refusal is an answer that HTTP takes, and says nothing of the token. RFC 6750 3, RFC 9110 5.5 and 11.6.1, rules H3 to H5.
import { authorizeRequest, anyOf, createProtection, fromRequest, refusalAnswer, scope } from "@scitokens/core/http";
import type { Protection, ScopeRule } from "@scitokens/core/http";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encode } from "../../support/sign.js";
import { enforcerWith, ISSUER, key, NOW, signSegments } from "../../support/static-issuer.js";
import { wrong } from "../../support/wrong.js";
import { faultsOf, repeated, saidByRequest, STATUS } from "./challenge-form.js";
import { jsonOf, oddToken } from "./odd-claims.js";
import { anyPath } from "./paths.js";
import { holds } from "./runs.js";
import { goodValue } from "./scopes.js";

interface Asking {
  readonly value: string;
}

const UNREACHABLE = "https://unreachable.example.org";
const enforcers = [
  enforcerWith({ issuer: [{ issuer: ISSUER, jwks: { keys: [key.jwk] } }, UNREACHABLE] }),
  enforcerWith({ profiles: ["scitokens-1", "scitokens-2", "wlcg", "at-jwt", "oauth"] }, { basePath: "/a" }),
];

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom('a"b', "a\\b", "a\r\nSet-Cookie: b=c", "é", ""),
);
const rule: fc.Arbitrary<ScopeRule<Asking>> = fc.oneof(
  goodValue,
  text,
  fc.array(goodValue, { maxLength: 3 }),
  fc.array(goodValue, { maxLength: 3 }).map((values) => anyOf<Asking>(...values)),
  fc.constant(fromRequest()),
  fc.constant(wrong(Array(1))),
  fc.constantFrom("read", "queue", "storage.create").map(
    (name) =>
      ({ value }: Asking) =>
        name === "queue" ? scope`queue:/x/${value}/y` : scope`read:/${value}`,
  ),
  goodValue.map((value) => [fromRequest(), anyOf(value, "queue")] as const),
);
const options = fc.record(
  {
    scope: rule,
    groups: fc.constantFrom(["/cms"], ["/cms/uscms", "/a"]),
    optional: fc.boolean(),
    realm: fc.oneof(text, fc.constantFrom("the grid's store", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~")),
    resourceMetadata: fc.oneof(
      text,
      fc.constantFrom(
        "https://data.example.org/.well-known/oauth-protected-resource",
        'https://data.example.org/"é\n',
        "https://ü.example.org/a b",
      ),
    ),
  },
  { requiredKeys: [] },
);

/** Undefined where an option is wrong: then the program says so at its start, and there is no route. */
function protectionOf(given: object, which: number): Protection<Asking> | undefined {
  try {
    return createProtection<Asking>({ ...given, enforcer: enforcers[which % enforcers.length] ?? enforcerWith() });
  } catch (error) {
    if (error instanceof TypeError && /^(scope|groups|realm|resourceMetadata)\b/.test(error.message)) return undefined;
    throw error;
  }
}

const token = fc.oneof(
  {
    weight: 4,
    arbitrary: oddToken.map(({ header, claims }) => signSegments(encode(jsonOf(header)), encode(jsonOf(claims)))),
  },
  {
    weight: 1,
    arbitrary: fc.constant(
      signSegments(encode({ alg: "ES256", kid: "key-1" }), encode({ iss: UNREACHABLE, exp: NOW + 9 })),
    ),
  },
  { weight: 1, arbitrary: text },
);
const authorization = fc.oneof(
  { weight: 6, arbitrary: token.map((raw) => [`Bearer ${raw}`]) },
  { weight: 1, arbitrary: fc.array(text, { maxLength: 2 }) },
);
const target = fc.oneof(anyPath, text);

describe("a refusal", () => {
  it("is an answer that HTTP takes, constant but for its configuration, and says nothing of the token (H3, H4, H5)", async () => {
    const [codes, bodies] = [new Map<string, number>(), new Map<string, object>()];
    await holds(
      fc.asyncProperty(
        options,
        fc.nat(1),
        fc.record({
          authorization,
          target,
          method: fc.constantFrom("GET", "HEAD", "PUT", "é"),
          value: text,
          requestId: fc.option(text, { nil: undefined }),
        }),
        async (given, which, { value, requestId, ...facts }) => {
          const protection = protectionOf(given, which);
          if (protection === undefined) return;
          const asking = { ...facts, request: { value }, ...(requestId === undefined ? {} : { requestId }) };
          const decision = await authorizeRequest(asking, protection);
          if (decision.allowed) return;
          const { refusal } = decision;
          codes.set(refusal.code, (codes.get(refusal.code) ?? 0) + 1);
          expect(faultsOf(refusal)).toEqual([]);
          const { requestId: named, ...body } = refusal.problem;
          expect(named).not.toBe("");
          expect(bodies.get(refusal.code) ?? body).toEqual(body);
          bodies.set(refusal.code, body);
          expect(JSON.parse(refusalAnswer(refusal).body)).toEqual(refusal.problem);

          expect(
            repeated(refusal, facts.authorization.join(" "), [
              JSON.stringify(given),
              Object.values(protection.challenge).join(" "),
              saidByRequest(facts.target, value),
              "insufficient_scope invalid_request invalid_token",
            ]),
          ).toEqual([]);
        },
      ),
      4,
    );
    expect([...codes.keys()].toSorted()).toEqual(Object.keys(STATUS).toSorted());
  });
});
