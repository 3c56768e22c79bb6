// Every decision of the vectors, through the public API. A case we hold wrong stands in SET_ASIDE, with the reason.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decide, enforcerOf, tokenOf, verify } from "./vector.js";
import type { Vector } from "./vector.js";

const SET_ASIDE: Readonly<Record<string, string>> = {};

/** Their `http` contradicts their own `deny_kind` (invalid_token is 401, H3): the kind is tested, the number is not. */
const STATUS_SET_ASIDE = new Set([
  "py-v1-no-scope", // 403
  "py-scp-list-boundary", // 403
  "scope-tab-separator", // 403
  "scope-newline", // 403
  "s2-cnf-claim", // 200
]);

function vectors(name: string): readonly Vector[] {
  const text = readFileSync(new URL(`vectors/${name}.json`, import.meta.url), "utf8");
  const { cases } = JSON.parse(text) as { cases: readonly Vector[] };
  return cases.filter(({ id }) => !Object.hasOwn(SET_ASIDE, id));
}

describe("enforcement decisions (vectors/enforcer.json)", () => {
  it.each(vectors("enforcer"))("$id ($expect) $why", async (vector) => {
    if (vector.expect === "error") {
      const outcome = await decide(vector).then(
        (verdict) => verdict,
        () => "error",
      );
      expect(outcome).toBe("error");
      return;
    }
    const decision = await decide(vector);
    if (vector.expect === "allow") expect(decision).toEqual({ verdict: "allow" });
    else {
      const status = STATUS_SET_ASIDE.has(vector.id) ? 401 : vector.http;
      expect(decision).toEqual({ verdict: "deny", code: vector.deny_kind, status });
    }
  });
});

describe("access control lists (vectors/acl.json, S9)", () => {
  it.each(vectors("acl"))("$id: $why", async (vector) => {
    const enforcer = enforcerOf(vector);
    const token = await verify(enforcer, tokenOf(vector));
    const acls = "issuer" in token ? enforcer.acls(token) : "deny";
    const sorted = (value: unknown): unknown => (Array.isArray(value) ? value.map(String).toSorted() : value);
    expect(sorted(acls)).toEqual(sorted(vector.expect));
  });
});
