// Thousands of tokens at once with ids, keys and issuers that nobody knows: few fetches, few events, and others go on. Rules I1, I6, I7.
import { createEnforcer } from "@scitokens/core";
import type { Enforcer, SciTokenEvent } from "@scitokens/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { heldAfter } from "../support/garbage.js";
import { verdict } from "../support/scripted-issuer.js";
import { encode, testKey } from "../support/sign.js";
import { answer, json } from "./hostile-issuer/http.js";
import { AUDIENCE, key, tokenOf } from "./hostile-issuer/issuer.js";
import { startSite } from "./hostile-issuer/site.js";
import type { Site } from "./hostile-issuer/site.js";
import type { Step } from "./hostile-issuer/steps.js";

const stranger = testKey("ES256", "k1");
const GOOD = json({ keys: [key.jwk] });
const FAILING = answer("", { status: 500 });
const COUNT = 1000;

interface World {
  readonly site: Site;
  readonly enforcer: Enforcer;
  /** Of keys; a refused token is none of them. */
  readonly events: SciTokenEvent[];
  keys: readonly Step[];
  now: number;
}

async function started(keys: readonly Step[] = GOOD): Promise<World> {
  const site = await startSite((target, { origin: issuer }) =>
    target === "/keys" ? world.keys : json({ issuer, jwks_uri: `${issuer}/keys` }),
  );
  const events: SciTokenEvent[] = [];
  const enforcer = createEnforcer({
    issuer: { issuer: site.origin, allowInsecureIssuer: true },
    audience: AUDIENCE,
    clock: () => world.now,
    keys: { timeout: 3 },
    onEvent: (event) => void (event.type.startsWith("keys_") && events.push(event)),
  });
  const world: World = { site, enforcer, events, keys, now: Date.now() / 1000 };
  onTestFinished(async () => {
    enforcer.close();
    await site.close();
  });
  return world;
}

/** Tokens that differ in their kid alone; nobody gets as far as their signature. */
function unknown({ site }: World, count = COUNT): readonly string[] {
  const unsigned = tokenOf(site.origin, stranger).split(".").slice(1).join(".");
  return Array.from(
    { length: count },
    (_, i) => `${encode({ alg: "ES256", kid: `unknown-${i}-${Math.random()}` })}.${unsigned}`,
  );
}

/** How often each verdict was given. */
async function verdicts(enforcer: Enforcer, tokens: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  const count = async (raw: string): Promise<void> => {
    const outcome = await verdict(enforcer, raw);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  };
  await Promise.all(tokens.map(count));
  return counts;
}

describe("a flood of unknown ids, each its own,", () => {
  it("costs one fetch, and nothing when it comes again within the cool-down (I7)", async () => {
    const world = await started();
    const { site, enforcer, events } = world;
    expect(await verdict(enforcer, tokenOf(site.origin))).toBe("good");
    const [again, tokens] = [unknown(world), unknown(world)];
    expect(await verdicts(enforcer, tokens)).toEqual({ unknown_key: COUNT });
    expect([site.asked.length, events.length]).toEqual([4, 2]);
    world.now += 29;
    expect(await verdicts(enforcer, again)).toEqual({ unknown_key: COUNT });
    expect([site.asked.length, events.length]).toEqual([4, 2]);
    world.now += 1;
    expect(await verdicts(enforcer, again.slice(0, 100))).toEqual({ unknown_key: 100 });
    expect([site.asked.length, events.length]).toEqual([6, 3]);
  });

  it("at an issuer that hangs holds up no good token, known or new, and costs one fetch (I5, I7)", async () => {
    const world = await started();
    const { site, enforcer } = world;
    const known = tokenOf(site.origin);
    expect(await verdict(enforcer, known)).toBe("good");
    world.keys = ["hang"];
    let ended = 0;
    const flood = unknown(world).map((raw) => verdict(enforcer, raw).finally(() => ended++));
    for (const raw of [known, tokenOf(site.origin)]) expect(await verdict(enforcer, raw)).toBe("good");
    expect(ended).toBe(0);
    expect(new Set(await Promise.all(flood))).toEqual(new Set(["unknown_key"]));
    // The attempt that is under way is theirs, too; then back-off and cool-down hold.
    expect(await verdicts(enforcer, unknown(world, 200))).toEqual({ unknown_key: 200 });
    expect(site.asked.length).toBe(4);
  });

  it("at an issuer that fails costs one fetch and one event, and the good ones stay good (I6, I7)", async () => {
    const world = await started();
    const { site, enforcer, events } = world;
    const known = tokenOf(site.origin);
    expect(await verdict(enforcer, known)).toBe("good");
    world.keys = FAILING;
    for (let round = 0; round < 3; round++) {
      expect(await verdicts(enforcer, unknown(world, 500))).toEqual({ unknown_key: 500 });
      expect(await verdicts(enforcer, [known, tokenOf(site.origin)])).toEqual({ good: 2 });
    }
    expect(site.asked).toHaveLength(4);
    expect(events.map(({ type }) => type)).toEqual(["keys_fetched", "keys_failed"]);
  });

  it("at an issuer whose keys nobody has yet is 503 for all of them, for one attempt and one event (I6, I9)", async () => {
    const world = await started(FAILING);
    const { site, enforcer, events } = world;
    for (let round = 0; round < 3; round++) {
      expect(await verdicts(enforcer, unknown(world, 500))).toEqual({ issuer_unavailable: 500 });
    }
    expect(site.asked).toHaveLength(2);
    expect(events).toMatchObject([{ type: "keys_failed", retryAfter: expect.any(Number) }]);
    world.keys = GOOD;
    world.now += 2;
    expect(await verdict(enforcer, tokenOf(site.origin))).toBe("good");
  });

  it("leaves no memory behind (I7)", async () => {
    const world = await started();
    const { site, enforcer } = world;
    expect(await verdict(enforcer, tokenOf(site.origin))).toBe("good");
    await verdicts(enforcer, unknown(world));
    const held = await heldAfter(async () => {
      for (let round = 0; round < 3; round++) await verdicts(enforcer, unknown(world));
    });
    // 3000 tokens of 400 characters would be 1.2 MB, and their errors more.
    expect(held).toBeLessThan(1_000_000);
  });
});

describe("other floods", () => {
  it("of forged signatures under a known id cost one fetch in a cool-down (I7)", async () => {
    const { site, enforcer } = await started();
    expect(await verdict(enforcer, tokenOf(site.origin))).toBe("good");
    const forged = Array.from({ length: 500 }, () => tokenOf(site.origin, stranger));
    expect(await verdicts(enforcer, forged)).toEqual({ signature: 500 });
    expect(site.asked).toHaveLength(4);
  });

  it("of issuers that nobody trusts reach no network, were they this very server under another name (I1)", async () => {
    const { site, enforcer, events } = await started();
    const names = (i: number): string =>
      [`${site.origin}/${i}`, site.origin.replace("127.0.0.1", "localhost"), `${site.origin}/`][i % 3] ?? "";
    expect(
      await verdicts(
        enforcer,
        Array.from({ length: 900 }, (_, i) => tokenOf(names(i), stranger)),
      ),
    ).toEqual({
      untrusted_issuer: 900,
    });
    expect([site.connections, events.length]).toEqual([0, 0]);
  });

  it("of ten minutes, one unknown id a second, cost a fetch each 30 s at most (I7)", async () => {
    const world = await started();
    const { site, enforcer } = world;
    expect(await verdict(enforcer, tokenOf(site.origin))).toBe("good");
    const raw = tokenOf(site.origin, stranger, { kid: "unknown" });
    for (let second = 0; second < 599; second++) {
      world.now += 1;
      expect(await verdict(enforcer, raw)).toBe("unknown_key");
    }
    expect(site.asked.length).toBeLessThanOrEqual(2 * 21);
    expect(site.asked.length).toBeGreaterThan(2 * 18);
  });
});
