// Options of any type: a TypeError at start that names the option, or an enforcer that works. Rules C5, I2, T3, S8.
import { createEnforcer, SciTokenError } from "@scitokens/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goodOptions, trusted } from "../../support/option-errors.js";
import { scoped } from "../../support/static-issuer.js";
import { wrong } from "../../support/wrong.js";
import { holds } from "./runs.js";

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
});
const url = fc.constantFrom(
  "https://a.example.org",
  "http://a.example.org",
  "https://a.example.org/b?c",
  "https://u:p@a.example.org",
  "x",
  "",
);

const OPTIONS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  audience: fc.constantFrom<unknown>(
    "ANY",
    [],
    [""],
    ["https://a.example.org"],
    "a b",
    "https://wlcg.cern.ch/jwt/v1/any",
  ),
  clockTolerance: fc.double(),
  maxTokenLifetime: fc.double(),
  maxTokenBytes: fc.double({ min: 0, max: 2_000_000 }),
  acceptAnyAudience: fc.boolean(),
  allowMissingAudience: fc.boolean(),
  equivalence: fc.boolean(),
  algorithms: fc.array(fc.oneof(fc.constantFrom("ES256", "RS256", "HS256", "none", "Ed25519"), anything), {
    maxLength: 2,
  }),
  profiles: fc.array(fc.oneof(fc.constantFrom("wlcg", "scitokens-2", "oauth", "x"), anything), { maxLength: 2 }),
  keys: fc.dictionary(
    fc.constantFrom("refreshAfter", "usableFor", "timeout", "cooldown", "maxBytes", "fetch", "store", "x"),
    fc.oneof(anything, fc.constant(Array(1))),
  ),
  tokenCache: fc.oneof(fc.boolean(), fc.integer()),
  validators: fc.dictionary(
    fc.constantFrom("sub", "scope", "__proto__"),
    fc.oneof(
      anything,
      fc.constant(() => true),
    ),
  ),
  claims: fc.constantFrom<unknown>(
    { "~standard": {} },
    { "~standard": null },
    { "~standard": { version: 1, vendor: "x", validate: 1 } },
  ),
  isRevoked: fc.constantFrom<unknown>(() => false),
  onEvent: fc.constantFrom<unknown>(() => {}),
  audiance: anything,
  toString: anything,
};
const ISSUER_OPTIONS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  issuer: url,
  audience: OPTIONS["audience"] ?? anything,
  basePath: fc.oneof(fc.constantFrom<unknown>("/a", ["/a", "/a/b"], ["/a", "/b"], "/..", "a", []), anything),
  jwksUri: url,
  jwks: fc.oneof(fc.record({ keys: anything }), anything),
  publicKey: fc.constantFrom("x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
  algorithms: OPTIONS["algorithms"] ?? anything,
  profiles: OPTIONS["profiles"] ?? anything,
  allowInsecureIssuer: fc.boolean(),
  isuer: anything,
};

/** A change of one to three options: to what is likely there, or to anything at all. */
function changesOf(
  options: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const one = fc
    .constantFrom(...Object.keys(options))
    .chain((name) =>
      fc.oneof(options[name] ?? anything, anything, fc.constant(Array(1))).map((value) => [name, value] as const),
    );
  return fc.array(one, { minLength: 1, maxLength: 3 }).map((changes) => Object.fromEntries(changes));
}

const raw = scoped("read:/");
/** What becomes of options of which those in `names` may be wrong; anything else is the test's failure. */
async function outcomeOf(options: object, names: readonly string[]): Promise<"works" | "refused by name" | "refused"> {
  let enforcer;
  try {
    enforcer = createEnforcer(wrong(options));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const { message } = error;
    return names.some((name) => message.includes(name)) ? "refused by name" : "refused";
  }
  const outcome = await enforcer.verify(raw).catch((error: unknown) => error);
  if (outcome instanceof Error) expect(outcome).toBeInstanceOf(SciTokenError);
  else expect(enforcer.test(wrong(outcome), "queue")).toBe(false);
  expect(enforcer.status().length).toBeGreaterThan(0);
  enforcer.close();
  return "works";
}

describe("options of any type and value", () => {
  it("make an enforcer that works, or are refused by name (C5, T3)", async () => {
    const seen = new Set<string>();
    await holds(
      fc.asyncProperty(changesOf(OPTIONS), async (changes) => {
        seen.add(await outcomeOf({ ...goodOptions, ...changes }, Object.keys(changes)));
      }),
    );
    expect(seen).toEqual(new Set(["refused by name", "works"]));
  });

  it("of an issuer, too (I2, S8)", async () => {
    await holds(
      fc.asyncProperty(changesOf(ISSUER_OPTIONS), async (changes) => {
        const keys = { fetch: () => Promise.reject(new Error("no network")) };
        const issuer = { ...trusted, ...changes };
        expect(await outcomeOf({ ...goodOptions, keys, issuer }, Object.keys(changes))).not.toBe("refused");
      }),
    );
  });

  it("and what are no options at all are refused (C5)", async () => {
    await holds(
      fc.asyncProperty(anything, anything, async (options, issuer) => {
        expect(await outcomeOf(wrong(options), ["option", "audience", "issuer"])).toBe("refused by name");
        expect(await outcomeOf({ ...goodOptions, issuer }, ["issuer"])).toBe("refused by name");
      }),
    );
  });
});
