// A fetch of the application's own that is careless, and what it brings. Rule I4.
import { IssuerUnavailableError } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { collectGarbage } from "../support/garbage.js";
import { issuerForEachTest } from "../support/issuer-for-each-test.js";
import { failureOf, goodToken, ISSUER, JWKS_URL, settled, verdict } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";

const key = testKey("ES256", "k1");
const { network, clock, enforcerOf } = issuerForEachTest(key);
const issuer = { issuer: ISSUER, jwksUri: JWKS_URL };

async function reasonOf(keys: { readonly timeout?: number } = {}): Promise<string> {
  const error = await failureOf(enforcerOf({ issuer, keys }).verify(goodToken(key, clock.now)));
  expect(error).toBeInstanceOf(IssuerUnavailableError);
  return (error.cause as Error).message;
}

/** A body without an end, and what becomes of it. */
function body(cancel: () => Promise<void> = async () => {}) {
  const seen = { pulled: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        seen.pulled++;
        controller.enqueue(new Uint8Array(65_536));
      },
      cancel() {
        seen.cancelled = true;
        return cancel();
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, seen };
}

describe("an answer that comes after the deadline, from a fetch that overlooks the signal,", () => {
  it.each([200, 500])("is let go of unread: status %i (I4)", async (status) => {
    const { stream, seen } = body();
    let answerNow: ((response: Response) => void) | undefined;
    network.answers.set(JWKS_URL, () => new Promise((resolve) => (answerNow = resolve)));
    expect(await reasonOf({ timeout: 0.02 })).toContain("no answer in time");
    answerNow?.(new Response(stream, { status }));
    await settled();
    expect(seen).toEqual({ pulled: 0, cancelled: true });
  });
});

describe("a body that cannot be let go of", () => {
  const HOW: readonly (readonly [string, () => Promise<void>])[] = [
    ["fails at it", () => Promise.reject(new Error("no"))],
    ["never comes to an end of it", () => new Promise(() => {})],
  ];

  it.each(HOW)("hides neither the status nor costs the deadline: it %s (I4)", async (_, cancel) => {
    network.answers.set(JWKS_URL, () => new Response(body(cancel).stream, { status: 500 }));
    expect(await reasonOf()).toContain("expected status 200, got 500");
  });

  it.each(HOW)("does not hide that it is too large: it %s (I4)", async (_, cancel) => {
    network.answers.set(JWKS_URL, () => new Response(body(cancel).stream));
    expect(await reasonOf()).toContain("expected at most 1048576 bytes");
  });
});

it("a body in pieces of one byte holds no more memory than its bytes (I4)", async () => {
  const text = Buffer.from(JSON.stringify({ keys: [key.jwk] }).padEnd(30_000));
  let [at, before, held] = [0, 0, 0];
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    if (at === 100) before = await heldNow();
    if (at === text.length - 100) held = (await heldNow()) - before;
    if (at === text.length) return controller.close();
    controller.enqueue(Uint8Array.of(text[at++] ?? 0));
  };
  network.answers.set(JWKS_URL, () => new Response(new ReadableStream({ pull }, { highWaterMark: 0 })));
  expect(await verdict(enforcerOf({ issuer }), goodToken(key, clock.now))).toBe("good");
  expect(before).toBeGreaterThan(0);
  expect(held).toBeLessThan(1_000_000);
});

async function heldNow(): Promise<number> {
  await collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
