// What a fetch or a listener of the application's own gives back that is not what it should be: no process ends of it. Rules I4, H6.
import { runInNewContext } from "node:vm";
import { createEnforcer } from "@scitokens/core";
import type { SciTokenEvent } from "@scitokens/core";
import { describe, expect, it, vi } from "vitest";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import {
  AUDIENCE,
  createNetwork,
  goodToken,
  ISSUER,
  publish,
  settled,
  verdict,
} from "../../support/scripted-issuer.js";
import { testKey } from "../../support/sign.js";
import { wrong } from "../../support/wrong.js";

nothingIsLeftAlone();
const key = testKey("ES256", "k1");
const now = 1_800_000_000;

/** A body that never ends, and cannot be let go of as it should. */
const endless = (cancel: () => unknown): object => ({
  status: 200,
  headers: new Headers(),
  body: { getReader: () => ({ read: () => new Promise(() => {}), cancel }) },
});

const ANSWERS: Readonly<Record<string, () => unknown>> = {
  "a body whose cancel() throws": () =>
    endless(() => {
      throw new Error("no");
    }),
  "a body whose cancel() rejects": () => endless(() => Promise.reject(new Error("no"))),
  "a body whose cancel() gives nothing": () => endless(() => undefined),
  "a stream of Node's for a body": () => ({ status: 200, headers: new Headers(), body: { pipe: () => {} } }),
  "a body that another has read": () => {
    const response = Response.json({});
    response.body?.getReader();
    return response;
  },
  "an error's answer whose body cannot be let go of": () => ({
    status: 500,
    body: { cancel: () => Promise.reject(new Error("no")) },
  }),
  "chunks that are texts": () => ({
    status: 200,
    headers: new Headers(),
    body: { getReader: () => ({ read: () => Promise.resolve({ value: "{}" }), cancel: () => undefined }) },
  }),
  "chunks of nothing, without end": () => ({
    status: 200,
    headers: new Headers(),
    body: { getReader: () => ({ read: () => Promise.resolve({ value: new Uint8Array() }), cancel: () => undefined }) },
  }),
  "no headers": () => ({ status: 200, body: new Response("{}").body }),
  nothing: () => undefined,
  null: () => null,
  "a text": () => "{}",
  "a promise that is settled twice": () =>
    wrong({
      // oxlint-disable-next-line unicorn/no-thenable -- what looks like a promise is the point
      then(resolve: (value: unknown) => void, reject: (error: Error) => void) {
        resolve(new Response(null, { status: 404 }));
        reject(new Error("and yet"));
        resolve(undefined);
      },
    }),
};

describe("a fetch that gives", () => {
  it.each(Object.entries(ANSWERS))(
    "%s makes the issuer unavailable, in time, and nothing worse (I4, I9)",
    async (_, give) => {
      const keys = { fetch: wrong(() => give()), timeout: 0.05 };
      const enforcer = createEnforcer({ issuer: ISSUER, audience: AUDIENCE, clock: () => now, keys });
      expect(await verdict(enforcer, goodToken(key, now))).toBe("issuer_unavailable");
      await settled();
    },
  );
});

describe("a listener", () => {
  it.each<readonly [string, () => unknown]>([
    ["promise of another realm, as of a sandbox", () => runInNewContext("Promise.reject(new Error('no'))")],
    // oxlint-disable-next-line unicorn/no-thenable -- what looks like a promise is the point
    ["thing like a promise", () => ({ then: (_: unknown, reject: (error: Error) => void) => reject(new Error("no")) })],
  ])("that gives a rejected %s changes nothing, and is told of (H6)", async (_, give) => {
    const warned = vi.spyOn(process, "emitWarning").mockReturnValue();
    const network = createNetwork();
    publish(network, [key]);
    const onEvent = wrong(give) as (event: SciTokenEvent) => void;
    const keys = { fetch: network.fetch };
    const enforcer = createEnforcer({ issuer: ISSUER, audience: AUDIENCE, clock: () => now, keys, onEvent });
    expect(await verdict(enforcer, goodToken(key, now))).toBe("good");
    await settled();
    expect(warned).toHaveBeenCalledTimes(1);
    warned.mockRestore();
  });
});
