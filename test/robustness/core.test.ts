// The corpus through the core itself: what HTTP hides of a token, its bytes, its time and what it makes us fetch.
import { createEnforcer } from "@scitokens/core";
import type { Enforcer } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { createNetwork, JWKS_URL, METADATA_URL, publish } from "../support/scripted-issuer.js";
import { choices } from "./choices.js";
import { outcomeOf } from "./core-outcome.js";
import { meta, setAside, tokenCases, trust } from "./corpus.js";
import type { TokenCase } from "./corpus.js";

async function wrongOf(enforcer: Enforcer, cases: readonly TokenCase[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const one of cases) {
    const outcome = await outcomeOf(enforcer, one);
    if (!one.accept.includes(outcome)) wrong.push(`${one.id}: ${outcome}, not ${one.accept.join(" or ")}`);
  }
  return wrong;
}

/** What HTTP would hold for no credential at all (H1) is a token to the core, and refused as one. */
function preferredBelowHttp({ id, category, expect: preferred }: TokenCase): string {
  const choice = choices.get(id);
  const answer = choice?.answer ?? preferred;
  return answer === "400" && (choice?.rule === "H1" || category === "structure") ? "401" : answer;
}

/** Milliseconds, of several attempts: what else the machine does at the moment is not the token's doing. */
async function quickest(one: TokenCase): Promise<number> {
  const times: number[] = [];
  for (let attempt = 0; attempt < 5; attempt++) {
    const start = performance.now();
    await outcomeOf(createEnforcer(trust), one);
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}

describe(`the core, under ${tokenCases.length} tokens`, () => {
  const enforcer = createEnforcer(trust);

  it("gives none of them a wrong verdict (T1, T2, T3, T4, T5, T6, T7, C1, C2, C3, C5, P2, S2, S3, S4)", async () => {
    expect(tokenCases.length).toBeGreaterThan(300);
    expect(await wrongOf(enforcer, tokenCases)).toEqual([]);
  });

  it("gives the preferred one, or the one that a rule chose (H3)", async () => {
    const others: string[] = [];
    for (const one of tokenCases) {
      const outcome = await outcomeOf(enforcer, one);
      if (outcome !== preferredBelowHttp(one)) others.push(`${one.id}: ${outcome}`);
    }
    expect(others).toEqual([]);
  });

  it("gives the same verdicts in another order, from the cache where it may (V1, V2, V3)", async () => {
    expect(await wrongOf(enforcer, tokenCases.toReversed())).toEqual([]);
  });

  it("lets nbf lie in the future as far as clocks may differ, and gives exp no grace (C2, C3)", async () => {
    const tolerant = createEnforcer({ ...trust, clockTolerance: 60 });
    const atTheEdge = tokenCases.filter(({ expectLeeway60 }) => expectLeeway60 !== undefined);
    expect(atTheEdge.length).toBe(6);
    for (const one of atTheEdge) {
      const expected = one.id.startsWith("time/exp-") ? one.expect : one.expectLeeway60;
      expect([one.id, await outcomeOf(tolerant, one)]).toEqual([one.id, expected]);
    }
  });

  it("asks nobody but its issuer for keys, and for a stranger's token nobody (I1, T3)", async () => {
    const cases = tokenCases.filter(({ mustNotFetch }) => mustNotFetch === true);
    expect(cases.length).toBeGreaterThan(25);
    for (const one of cases) {
      const network = createNetwork();
      publish(network, meta.jwks.keys);
      const cold = createEnforcer({ ...trust, issuer: meta.issuer, keys: { fetch: network.fetch } });
      expect([one.id, one.accept.includes(await outcomeOf(cold, one))]).toEqual([one.id, true]);
      const asked = new Set(network.requests.map(({ url }) => url));
      expect([one.id, [...asked]]).toEqual([one.id, one.category === "iss" ? [] : [METADATA_URL, JWKS_URL]]);
    }
  });

  it("is not slowed down by what is made to be slow (T1, T2)", async () => {
    const slow = tokenCases.filter(({ maxMs }) => maxMs !== undefined);
    expect(slow.length).toBe(3);
    for (const one of slow) expect([one.id, (await quickest(one)) < (one.maxMs ?? 0)]).toEqual([one.id, true]);
  });
});

describe("what of the corpus is set aside", () => {
  it("takes scitokens:2.0 for a version, since issuers write it (P2)", async () => {
    expect(await outcomeOf(createEnforcer(trust), setAside("ver/ver-typo"))).toBe("200");
  });

  it("holds the question for a path-bearing name without a path for an error of whoever asks (R1)", async () => {
    const asked = outcomeOf(createEnforcer(trust), setAside("scope/request-empty"));
    await expect(asked).rejects.toThrow(new TypeError("path: expected, since 'read' means nothing without one"));
  });
});
