// One token for many requests, renewed at half of its life; no real clock, no real chance.
import { getEventListeners } from "node:events";
import { AccessToken, cached, TokenError } from "@scitokens/client";
import type { CachedOptions, CacheEvent, TokenRequest, TokenSource } from "@scitokens/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NOW } from "./places.js";

interface Call {
  readonly request: TokenRequest;
  give(value: string, life?: number): Promise<void>;
  fail(error: unknown): Promise<void>;
}

/** A source whose answers the test gives, one by one. */
function scripted(options: CachedOptions = {}) {
  const time = { now: NOW };
  const calls: Call[] = [];
  const events: CacheEvent[] = [];
  const inner: TokenSource = {
    token: (request = {}) =>
      new Promise((resolve, reject) => {
        calls.push({
          request,
          async give(value, life) {
            const expiresAt = life === undefined ? undefined : time.now + life;
            resolve(new AccessToken(value, { source: "script", expiresAt }));
            await settled();
          },
          async fail(error) {
            reject(error);
            await settled();
          },
        });
      }),
  };
  const source = cached(inner, {
    clock: () => time.now,
    random: () => 0.5,
    onEvent: (event) => void events.push(event),
    ...options,
  });
  const ask = async (request?: TokenRequest): Promise<string> => (await source.token(request)).value;
  /** The call that was made last. */
  const last = (): Call => calls.at(-1) as Call;
  return { time, calls, events, ask, last };
}

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const down = new TokenError("unreachable", "script: down", { source: "script" });

/** Asks, and answers what that asks of the source. */
async function fill(script: ReturnType<typeof scripted>, value: string, life?: number, request?: TokenRequest) {
  const asked = script.ask(request);
  await script.last().give(value, life);
  expect(await asked).toBe(value);
}

describe("a token", () => {
  it("is got once, and kept until half of its life; then the old one is given while the new one is got", async () => {
    const script = scripted();
    await fill(script, "old", 1000);
    script.time.now += 499;
    expect(await script.ask()).toBe("old");
    expect(script.calls).toHaveLength(1);
    script.time.now += 1;
    expect(await Promise.all([script.ask(), script.ask(), script.ask()])).toEqual(["old", "old", "old"]);
    expect(script.calls).toHaveLength(2);
    await script.last().give("new", 1000);
    expect(await script.ask()).toBe("new");
    expect(script.calls).toHaveLength(2);
    expect(script.events.map(({ type }) => type)).toEqual(["token_renewed", "token_renewed"]);
  });

  it.each([
    [0, 449, 450],
    [0.5, 499, 500],
    [1, 549, 550],
  ])("is renewed some per cent sooner or later, by chance (%d)", async (chance, early, due) => {
    const script = scripted({ random: () => chance });
    await fill(script, "old", 1000);
    script.time.now = NOW + early;
    await script.ask();
    expect(script.calls).toHaveLength(1);
    script.time.now = NOW + due;
    await script.ask();
    expect(script.calls).toHaveLength(2);
  });

  it.each([
    [undefined, 60],
    [0, 0],
    [300, 300],
  ])("is served while it lives for timeLeft %j: %d s", async (timeLeft, seconds) => {
    const script = scripted();
    await fill(script, "old", 1000);
    script.time.now = NOW + 1000 - Math.max(seconds, 0.001);
    expect(await script.ask({ timeLeft })).toBe("old");
    script.time.now = NOW + 1000 - seconds + 0.001;
    const waiting = script.ask({ timeLeft });
    await script.calls.at(-1)?.give("new", 1000);
    expect(await waiting).toBe("new");
  });

  it("is renewed with the same request, by a signal that no caller owns", async () => {
    const script = scripted();
    const caller = new AbortController();
    const request = { audience: "a", scope: "read:/", timeLeft: 30, signal: caller.signal };
    await fill(script, "old", 1000, request);
    script.time.now += 600;
    await script.ask(request);
    expect(script.last().request).toMatchObject({ audience: "a", scope: "read:/", timeLeft: 30 });
    expect(script.last().request.signal).not.toBe(caller.signal);
  });

  it("of unknown life is kept for a minute", async () => {
    const script = scripted();
    await fill(script, "old");
    script.time.now = NOW + 29;
    await script.ask();
    expect(script.calls).toHaveLength(1);
    script.time.now = NOW + 59;
    expect(await script.ask()).toBe("old");
    script.time.now = NOW + 60;
    expect(script.calls).toHaveLength(2);
    const waiting = script.ask();
    await script.last().give("new");
    expect(await waiting).toBe("new");
  });

  it("that the source gives again does not make it ask without a pause", async () => {
    const script = scripted();
    await fill(script, "same", 1);
    script.time.now += 0.9;
    for (let i = 0; i < 5; i++) await script.ask({ timeLeft: 0 });
    expect(script.calls).toHaveLength(1);
  });
});

describe("a request", () => {
  it("has its own token by audience, resource, scope and issuer, in any order of a list", async () => {
    const script = scripted();
    const requests: TokenRequest[] = [
      {},
      { audience: "a" },
      { audience: ["a", "b"] },
      { resource: "a" },
      { scope: "a" },
      { scope: "a b" },
      { issuer: "a" },
      { audience: "a", scope: "a" },
      { audience: "a b" },
    ];
    for (const [i, request] of requests.entries()) await fill(script, `t${i}`, 1000, request);
    for (const [i, request] of requests.entries()) expect(await script.ask(request)).toBe(`t${i}`);
    expect(await script.ask({ audience: ["b", "a"] })).toBe("t2");
    expect(await script.ask({ scope: ["b", "a"] })).toBe("t5");
    expect(await script.ask({ audience: ["a"] })).toBe("t1");
    expect(script.calls).toHaveLength(requests.length);
  });

  it("that is misspelt is a mistake, and reaches no source", async () => {
    const script = scripted();
    await expect(script.ask({ audiance: "a" } as object)).rejects.toThrow(/did you mean 'audience'\?/);
    expect(script.calls).toHaveLength(0);
  });

  it("longest unused makes room for another, and no more are remembered than maxEntries", async () => {
    const script = scripted({ maxEntries: 2 });
    await fill(script, "a", 1000, { audience: "a" });
    await fill(script, "b", 1000, { audience: "b" });
    await script.ask({ audience: "a" });
    await fill(script, "c", 1000, { audience: "c" });
    expect(await script.ask({ audience: "a" })).toBe("a");
    expect(script.calls).toHaveLength(3);
    await fill(script, "b2", 1000, { audience: "b" });
    expect(script.calls).toHaveLength(4);
  });
});

describe("many at once", () => {
  it("wait for one attempt", async () => {
    const script = scripted();
    const waiting = Array.from({ length: 50 }, () => script.ask());
    await settled();
    expect(script.calls).toHaveLength(1);
    await script.last().give("one", 1000);
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(["one"]));
  });

  it("are not ended by one who is aborted", async () => {
    const script = scripted();
    const quitter = new AbortController();
    const reason = new Error("enough");
    const first = script.ask({ signal: quitter.signal });
    const second = script.ask();
    quitter.abort(reason);
    await expect(first).rejects.toBe(reason);
    expect(script.last().request.signal?.aborted).toBe(false);
    await script.last().give("one", 1000);
    expect(await second).toBe("one");
    expect(script.calls).toHaveLength(1);
  });

  it("end the attempt when all of them are aborted; that is no failure, and the next one asks anew", async () => {
    const script = scripted();
    const quitter = new AbortController();
    const waiting = [script.ask({ signal: quitter.signal }), script.ask({ signal: quitter.signal })];
    quitter.abort();
    await Promise.allSettled(waiting);
    expect(script.last().request.signal?.aborted).toBe(true);
    await script.last().fail(new Error("aborted"));
    expect(script.events).toEqual([]);
    await fill(script, "two", 1000);
  });

  it("who are aborted before they ask reach nobody", async () => {
    const script = scripted();
    await expect(script.ask({ signal: AbortSignal.abort() })).rejects.toThrow(/aborted/);
    expect(script.calls).toHaveLength(0);
  });
});

describe("fresh", () => {
  it("gets a new one, once for all who want it at the same time; it then serves all", async () => {
    const script = scripted();
    await fill(script, "old", 1000);
    const waiting = [script.ask({ fresh: true }), script.ask({ fresh: true })];
    expect(await script.ask()).toBe("old");
    expect(script.calls).toHaveLength(2);
    expect(script.last().request.fresh).toBe(true);
    await script.last().give("new", 1000);
    expect(await Promise.all(waiting)).toEqual(["new", "new"]);
    expect(await script.ask()).toBe("new");
  });

  it("is not undone by a renewal that began earlier and ends later", async () => {
    const script = scripted();
    await fill(script, "refused", 1000);
    script.time.now += 600;
    await script.ask(); // begins a renewal
    const renewal = script.last();
    const fresh = script.ask({ fresh: true });
    await script.last().give("fresh", 1000);
    expect(await fresh).toBe("fresh");
    await renewal.give("refused again", 2000);
    expect(await script.ask()).toBe("fresh");
  });
});

describe("a failure", () => {
  it("is thrown, and thrown again without asking for a second; then the source is asked", async () => {
    const script = scripted();
    const first = script.ask().catch((error: unknown) => error);
    await script.last().fail(down);
    expect(await first).toBe(down);
    script.time.now += 0.999;
    await expect(script.ask()).rejects.toBe(down);
    await expect(script.ask({ timeLeft: 60 })).rejects.toBe(down);
    expect(script.calls).toHaveLength(1);
    script.time.now += 0.001;
    await fill(script, "new", 1000);
  });

  it("of a renewal is no caller's: the old one serves while it lives, and pauses grow to a minute", async () => {
    const script = scripted({ random: () => 0 });
    await fill(script, "old", 10_000);
    script.time.now = NOW + 5000;
    const pauses: number[] = [];
    for (let i = 0; i < 9; i++) {
      expect(await script.ask()).toBe("old");
      const calls = script.calls.length;
      await script.last().fail(down);
      const event = script.events.at(-1);
      const pause = event?.type === "renewal_failed" ? event.retryAfter : 0;
      pauses.push(pause);
      script.time.now += pause - 0.01;
      expect(await script.ask()).toBe("old");
      expect(script.calls).toHaveLength(calls);
      script.time.now += 0.01;
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(await script.ask()).toBe("old");
    await script.last().give("new", 10_000);
    expect(await script.ask()).toBe("new");
  });

  it("is nobody's who asks for another timeLeft, or for a fresh token", async () => {
    const script = scripted();
    const tooLong = script.ask({ timeLeft: 100_000 }).catch((error: unknown) => error);
    await script.last().fail(down);
    expect(await tooLong).toBe(down);
    await expect(script.ask({ timeLeft: 100_000 })).rejects.toBe(down);
    expect(script.calls).toHaveLength(1);
    for (const [i, request] of [{ fresh: true }, { timeLeft: 60 }].entries()) {
      const other = script.ask(request).catch((error: unknown) => error);
      expect(script.calls).toHaveLength(i + 2);
      await script.last().fail(down);
      expect(await other).toBe(down);
    }
    for (let timeLeft = 1; timeLeft <= 30; timeLeft++) {
      const other = script.ask({ timeLeft }).catch((error: unknown) => error);
      await script.last().fail(down);
      await other;
    }
    await fill(script, "one", 1000); // of many kinds the oldest failure is forgotten
    await fill(script, "two", 200_000, { timeLeft: 100_000 });
  });

  it("does not outlast a clock that was set back", async () => {
    const script = scripted();
    const first = script.ask().catch((error: unknown) => error);
    await script.last().fail(down);
    expect(await first).toBe(down);
    script.time.now -= 3600;
    await fill(script, "new", 1000);
  });

  it("of a listener is ignored", async () => {
    const onEvent = (): never => {
      throw new Error("a bug of the listener");
    };
    const script = scripted({ onEvent });
    await fill(script, "one", 1000);
    script.time.now += 600;
    await script.ask();
    await script.last().fail(down);
    expect(await script.ask()).toBe("one");
  });
});

describe("a clock that was set back", () => {
  it("ends the minute of a token of unknown life", async () => {
    const script = scripted();
    await fill(script, "old");
    script.time.now -= 86_400;
    await fill(script, "new");
    expect(await script.ask()).toBe("new");
  });

  it("makes a renewal due, for nobody knows how old the token is; the old one serves until then", async () => {
    const script = scripted();
    await fill(script, "old", 1000);
    script.time.now -= 86_400;
    expect(await script.ask()).toBe("old");
    await script.last().give("new", 1000);
    expect(await script.ask()).toBe("new");
    expect(script.calls).toHaveLength(2);
  });
});

describe("a renewal in the background that never ends", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  it("is a failure after 60 s, for those too who came to wait for it; then the source is asked again", async () => {
    const script = scripted();
    await fill(script, "old", 1000);
    script.time.now += 600;
    const timers = vi.spyOn(globalThis, "setTimeout");
    expect(await script.ask()).toBe("old");
    const hung = script.last();
    expect(timers.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef())).toEqual([false]); // a program may end
    script.time.now += 350; // 50 s are left
    const waiting = script.ask().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(hung.request.signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(hung.request.signal?.aborted).toBe(true);
    expect(await waiting).toMatchObject({ code: "unreachable", message: expect.stringContaining("within 60 s") });
    expect(script.events.at(-1)?.type).toBe("renewal_failed");
    script.time.now += 1;
    await fill(script, "new", 1000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a token that was refused", () => {
  const refused = new AccessToken("old", { source: "x" });

  it("is gone for whoever says so, and for all once there is another; it makes no entry of its own", async () => {
    const script = scripted({ maxEntries: 1 });
    await fill(script, "old", 1000);
    const other = script.ask({ refused });
    expect(script.last().request.refused).toBe(refused);
    expect(await script.ask()).toBe("old");
    await script.last().give("new", 1000);
    expect(await other).toBe("new");
    expect(await script.ask()).toBe("new");
    expect(await script.ask({ refused })).toBe("new");
    expect(script.calls).toHaveLength(2);
  });

  it("leaves its failure to those who were refused: a source that has but this one has it for the others", async () => {
    const script = scripted();
    const other = script.ask({ refused }).catch((error: unknown) => error);
    await script.last().fail(down);
    expect(await other).toBe(down);
    await fill(script, "old", 1000);
  });
});

it("any number may wait with one signal, which gets one listener (Node warns of more than ten)", async () => {
  const { signal } = new AbortController();
  const script = scripted();
  const waiting = Array.from({ length: 50 }, () => script.ask({ signal }));
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  await script.last().give("one", 1000);
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(["one"]));
});

describe("options", () => {
  it.each<[object, RegExp]>([
    [{ maxEntrie: 1 }, /did you mean 'maxEntries'\?/],
    [{ maxEntries: 0 }, /maxEntries: expected 1 or more/],
    [{ clock: 1 }, /clock/],
    [{ onEvent: "x" }, /onEvent/],
  ])("%j are refused at start", (options, message) => {
    const inner: TokenSource = { token: () => Promise.reject(down) };
    expect(() => cached(inner, options)).toThrow(TypeError);
    expect(() => cached(inner, options)).toThrow(message);
    expect(() => cached({} as TokenSource)).toThrow(/expected a source/);
  });
});
