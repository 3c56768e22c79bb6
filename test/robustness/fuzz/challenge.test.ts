// Every refusal is an answer that HTTP takes, and says nothing of the token. RFC 6750 3, RFC 9110 5.5 and 11.6.1, rules H3 to H5.
import { validateHeaderValue } from "node:http";
import { authorizeRequest, anyOf, createProtection, fromRequest, refusalAnswer, scope } from "@scitokens/core/http";
import type { Protection, Refusal, ScopeRule } from "@scitokens/core/http";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encode } from "../../support/sign.js";
import { enforcerWith, ISSUER, key, NOW, signSegments } from "../../support/static-issuer.js";
import { wrong } from "../../support/wrong.js";
import { jsonOf, oddToken } from "./odd-claims.js";
import { readEncoded, readTarget, write } from "./path-model.js";
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

const CHALLENGE = /^Bearer [a-z_]+="[\x20\x21\x23-\x5b\x5d-\x7e]*"(?:, [a-z_]+="[\x20\x21\x23-\x5b\x5d-\x7e]*")*$/;
const SCOPE = /scope="([^"]*)"/;
const SCOPE_TOKENS = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;
const STATUS: Readonly<Record<string, number>> = {
  missing_token: 401,
  invalid_request: 400,
  invalid_token: 401,
  insufficient_scope: 403,
  invalid_path: 400,
  issuer_unavailable: 503,
};

/** Every piece of eight characters: what a value cannot be told from. */
const pieces = (whole: string): readonly string[] =>
  Array.from({ length: Math.max(0, whole.length - 7) }, (_, i) => whole.slice(i, i + 8));

/** What the request itself says, as a scope may repeat it: re-encoded, by the names of a read. */
function saidByRequest(targetText: string, value: string): string {
  const paths = [readTarget(targetText), readEncoded(`/${encodeURIComponent(value.replace(/\p{Cs}/gu, ""))}`)];
  return paths
    .map((path) => (path === "refused" ? "" : write(path).split("/").map(encodeURIComponent).join("/")))
    .map((path) => `storage.read:${path} read:${path}`)
    .join(" ");
}

/** What of the token, as it stands or decoded, an answer's attributes repeat that neither options nor request say. */
function repeated({ headers }: Refusal, raw: string, said: readonly string[]): readonly string[] {
  const claims = raw.split(".").map((segment) => Buffer.from(segment, "base64url").toString());
  const allowed = new Set(said.flatMap(pieces));
  return Object.values(headers)
    .flatMap((header) => header.split('"'))
    .flatMap(pieces)
    .filter((piece) => !allowed.has(piece) && [raw, ...claims].some((one) => one.includes(piece)));
}

function expectForm({ status, code, headers }: Refusal): void {
  expect(status).toBe(STATUS[code]);
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderValue(name, value);
    expect(value).toMatch(/^[\x20-\x7e]+$/);
  }
  const challenge = headers["WWW-Authenticate"];
  expect(challenge !== undefined).toBe(status === 401 || status === 403 || code === "invalid_request");
  expect(headers["Retry-After"] !== undefined).toBe(status === 503);
  if (challenge === undefined) return;
  expect(challenge).toMatch(CHALLENGE);
  const asked = SCOPE.exec(challenge)?.[1];
  if (asked !== undefined) expect(asked).toMatch(SCOPE_TOKENS);
}

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
          expectForm(refusal);
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
