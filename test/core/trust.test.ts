// Trust before work: a token of a stranger costs nothing, reaches nobody, and leaves nothing behind. Rule I1.
import { EVENT_CHANNEL } from "@scitokens/core";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { heldAfter } from "../support/garbage.js";
import { issuerForEachTest } from "../support/issuer-for-each-test.js";
import { failureOf, goodToken, ISSUER, publish, verdict } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";

const key = testKey("ES256", "k1");
const STRANGER = "https://stranger.example.org";

const { network, clock, enforcerOf } = issuerForEachTest(key);

beforeEach(() => publish(network, [key], { issuer: STRANGER }));
afterEach(() => vi.restoreAllMocks());

const tokenFrom = (iss: unknown, header: Record<string, unknown> = {}): string =>
  goodToken(key, clock.now, { iss }, header);

describe("a token's issuer", () => {
  it("is trusted when it is a configured one (I1)", async () => {
    expect(await verdict(enforcerOf(), tokenFrom(ISSUER))).toBe("good");
    expect(await verdict(enforcerOf({ issuer: [STRANGER, ISSUER] }), tokenFrom(ISSUER))).toBe("good");
  });

  it.each([
    STRANGER,
    `${ISSUER}/`,
    `${ISSUER}:443`,
    `${ISSUER}/path`,
    `${ISSUER}.`,
    `${ISSUER}#`,
    `${ISSUER}?`,
    ` ${ISSUER}`,
    `${ISSUER}\n`,
    ISSUER.toUpperCase(),
    "https://issuer.example%2eorg",
    "http://issuer.example.org",
    "https://issuer.example.org@stranger.example.org",
    "http://169.254.169.254/latest",
    "file:///etc/passwd",
    "__proto__",
    "constructor",
    "",
    7,
    true,
    null,
    undefined,
    [ISSUER],
    { toString: ISSUER },
  ])("%j is a stranger, and nobody is asked about it (I1)", async (iss) => {
    const enforcer = enforcerOf();
    const before = enforcer.status();
    expect(await failureOf(enforcer.verify(tokenFrom(iss)))).toMatchObject({
      code: "invalid_token",
      status: 401,
      reason: "untrusted_issuer",
    });
    expect(network.requests).toEqual([]);
    expect(enforcer.status()).toEqual(before);
  });

  it("is not said back in the refusal (I1)", async () => {
    const error = await failureOf(enforcerOf().verify(tokenFrom(STRANGER)));
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain("stranger");
  });

  it.each([
    [ISSUER, `${ISSUER}/`],
    [`${ISSUER}/`, ISSUER],
  ])("that differs by a slash only is a stranger with a hint: %s (I1)", async (issuer, iss) => {
    const error = await failureOf(enforcerOf({ issuer }).verify(tokenFrom(iss)));
    expect(error).toMatchObject({ reason: "untrusted_issuer", hint: expect.stringContaining("trailing slash") });
  });

  it("is not looked up where the token's header points to (I1)", async () => {
    const header = { jku: `${STRANGER}/keys`, x5u: `${STRANGER}/cert`, jwk: key.jwk, kid: `${STRANGER}/keys#k1` };
    expect(await verdict(enforcerOf(), tokenFrom(STRANGER, header))).toBe("untrusted_issuer");
    expect(network.requests).toEqual([]);
  });

  it("is looked at before the algorithm, the key and the signature (I1)", async () => {
    const [header, payload] = tokenFrom(STRANGER, { alg: "none", kid: "unknown" }).split(".");
    expect(await verdict(enforcerOf(), `${header}.${payload}.AAAA`)).toBe("untrusted_issuer");
  });
});

describe("a stranger's token", () => {
  it("takes no place in the cache of verified tokens (I1)", async () => {
    const sub = vi.fn(() => true);
    const enforcer = enforcerOf({ tokenCache: 2, validators: { sub } });
    const known = goodToken(key, clock.now, { sub: "alice" });
    await enforcer.verify(known);
    for (let i = 0; i < 20; i++) await verdict(enforcer, tokenFrom(`${STRANGER}/${i}`));
    await enforcer.verify(known);
    expect(sub).toHaveBeenCalledTimes(1);
  });

  it("makes no line of a log and no event, however many names come (I1)", async () => {
    const onEvent = vi.fn();
    const heard = vi.fn();
    const written = [
      vi.spyOn(process, "emitWarning"),
      vi.spyOn(process.stdout, "write"),
      vi.spyOn(process.stderr, "write"),
    ];
    const printed = (["log", "info", "warn", "error", "debug"] as const).map((name) => vi.spyOn(console, name));
    subscribe(EVENT_CHANNEL, heard);
    try {
      const enforcer = enforcerOf({ onEvent });
      for (let i = 0; i < 50; i++) await verdict(enforcer, tokenFrom(`${STRANGER}/${i}`));
    } finally {
      unsubscribe(EVENT_CHANNEL, heard);
    }
    for (const spy of [onEvent, heard, ...written, ...printed]) expect(spy).not.toHaveBeenCalled();
  });

  it("is not remembered: 5000 names of 2 kB each hold no memory (I1)", async () => {
    const enforcer = enforcerOf();
    const [header, , signature] = tokenFrom(STRANGER).split(".");
    const held = await heldAfter(async () => {
      for (let i = 0; i < 5000; i++) {
        const iss = `${STRANGER}/${i}`.padEnd(2000, "x");
        await verdict(
          enforcer,
          [header, Buffer.from(JSON.stringify({ iss })).toString("base64url"), signature].join("."),
        );
      }
    });
    expect(held).toBeLessThan(3_000_000);
  });
});
