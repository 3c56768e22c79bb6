// The behaviours of vectors/hostile-issuer.json over loopback: what becomes of the request, how soon, and for how many fetches.
import { createEnforcer } from "@scitokens/core";
import type { Enforcer } from "@scitokens/core";
import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { verdict } from "../support/scripted-issuer.js";
import { answer, json } from "./hostile-issuer/http.js";
import { AUDIENCE, key, tokenOf } from "./hostile-issuer/issuer.js";
import { runCase } from "./hostile-issuer/run-case.js";
import { rsa } from "./hostile-issuer/rsa-keys.js";
import { startSite } from "./hostile-issuer/site.js";
import type { Script, Site } from "./hostile-issuer/site.js";
import { caseOf, ENTRIES, REDIRECTS, statusOf, TEXTS, URIS } from "./hostile-issuer/vector.js";
import type { Vector } from "./hostile-issuer/vector.js";

const text = readFileSync(new URL("vectors/hostile-issuer.json", import.meta.url), "utf8");
const { cases } = JSON.parse(text) as { readonly cases: readonly Vector[] };
const behaviours = cases.filter(({ jwksBehaviour }) => jwksBehaviour.script === undefined);
const scripts = cases.filter(({ jwksBehaviour }) => jwksBehaviour.script !== undefined);

describe("the vectors", () => {
  it("are all here, and each expression of theirs has its builder (I9)", () => {
    expect(cases).toHaveLength(46);
    const built = { ...ENTRIES, ...TEXTS, ...URIS, ...REDIRECTS };
    const wanted = cases.flatMap(({ jwksBehaviour: { name, keysExpr, rawExpr, jwksUriExpr, redirectExpr } }) => {
      const expression = keysExpr ?? rawExpr ?? jwksUriExpr ?? redirectExpr;
      return expression === undefined ? [] : [[name, expression] as const];
    });
    const known = Object.entries(built).map(([name, { text: written }]) => [name, written] as const);
    expect(Object.fromEntries(known)).toEqual(Object.fromEntries(wanted));
  });
});

// Every one is answered as its `expect` says, which is one of those that its `accept` takes: the policies are ours (I9, I10).
describe.concurrent("a hostile issuer", () => {
  it.each(behaviours)("$id: $expect (I4, I9)", async (vector) => {
    const { token, limits, jwksBehaviour } = vector;
    const hostile = caseOf(vector);
    // Those that bound by the default of 5 s have it in hostile-issuer.long.ts.
    const timeout = hostile.waits && 0.6;
    const outcome = await runCase(hostile, { timeout, apart: hostile.apart === true });
    expect({ token, status: statusOf(outcome.answer) }).toEqual({ token, status: vector.expect });
    expect(vector.accept).toContain(statusOf(outcome.answer));
    expect(outcome.ms).toBeLessThan(limits.maxMs);
    expect(outcome.ms).toBeGreaterThanOrEqual(jwksBehaviour.delayMs ?? 0);
    expect(outcome.fetches).toBeLessThanOrEqual(limits.maxFetches);
    expect(outcome.elsewhere).toBe(0);
    expect(outcome.neighbours).toEqual(["good", "good"]);
    if (limits.maxRssMb !== undefined) expect(outcome.mb).toBeLessThan(limits.maxRssMb);
  });
});

interface World {
  readonly site: Site;
  readonly enforcer: Enforcer;
  now: number;
}

async function started(script: Script): Promise<World> {
  const site = await startSite(script);
  const issuer = { issuer: site.origin, jwksUri: `${site.origin}/keys`, allowInsecureIssuer: true };
  const world: World = {
    site,
    enforcer: createEnforcer({ issuer, audience: AUDIENCE, clock: () => world.now }),
    now: Date.now() / 1000,
  };
  onTestFinished(async () => {
    world.enforcer.close();
    await site.close();
  });
  return world;
}

describe("a hostile issuer over time", () => {
  it("has no other scripts than these (I7)", () => {
    expect(scripts.map(({ jwksBehaviour }) => jwksBehaviour.script)).toEqual(["flood-good", "recover"]);
  });

  it("jwks/unknown-kid-flood-then-good: a good token passes in the flood (I7)", async () => {
    const { limits, jwksBehaviour } = scripts[0] as Vector;
    const { site, enforcer } = await started(() => json({ keys: [rsa.jwk] }));
    const startedAt = performance.now();
    const flood = Array.from({ length: jwksBehaviour.n ?? 0 }, (_, i) =>
      verdict(enforcer, tokenOf(site.origin, key, { kid: `unknown-${i}` })),
    );
    expect(flood).toHaveLength(200);
    expect(await verdict(enforcer, tokenOf(site.origin, rsa))).toBe("good");
    expect(new Set(await Promise.all(flood))).toEqual(new Set(["unknown_key"]));
    expect(performance.now() - startedAt).toBeLessThan(limits.maxMs);
    expect(site.asked.length).toBeLessThanOrEqual(limits.maxFetches);
  });

  it("jwks/recover: once is not for ever (I6)", async () => {
    const { limits } = scripts[1] as Vector;
    const world = await started((_, { asked }) =>
      asked.length === 1 ? answer("", { status: 500 }) : json({ keys: [rsa.jwk] }),
    );
    const token = tokenOf(world.site.origin, rsa);
    expect(await verdict(world.enforcer, token)).toBe("issuer_unavailable");
    expect(await verdict(world.enforcer, token)).toBe("issuer_unavailable");
    expect(world.site.asked).toHaveLength(1);
    world.now += 2;
    expect(await verdict(world.enforcer, token)).toBe("good");
    expect(world.site.asked.length).toBeLessThanOrEqual(limits.maxFetches);
  });
});
