// Two enforcers in one world, one that remembers tokens and one that does not; and what may happen to them.
import { createEnforcer, SciTokenError } from "@scitokens/core";
import type { Enforcer } from "@scitokens/core";
import * as fc from "fast-check";
import { expect } from "vitest";
import {
  AUDIENCE,
  createClock,
  createNetwork,
  DAY,
  goodToken,
  HOUR,
  ISSUER,
  publish,
  settled,
} from "../../support/scripted-issuer.js";
import type { Network, TestClock } from "../../support/scripted-issuer.js";
import { testKey } from "../../support/sign.js";

export interface World {
  readonly network: Network;
  readonly clock: TestClock;
  readonly revoked: Set<string>;
  readonly remembering: Enforcer;
  readonly forgetting: Enforcer;
  /** How often each verdict was given: a run in which all were refused says nothing. */
  readonly verdicts: Map<string, number>;
}

const START = createClock().now;
// RSA of 2048 bits is verified on the spot (ADR 0017): what happens at once happens in the same order every time.
const [k1, k2, successor] = [testKey("RS256", "k1"), testKey("RS256", "k2"), testKey("RS256", "k1")] as const;

interface KnownToken {
  readonly id: string;
  readonly raw: string;
}

const signed = (id: string, key = k1, claims: object = {}): KnownToken => ({
  id,
  raw: goodToken(key, START, { jti: id, sub: "alice", ...claims }, { kid: key.kid }),
});

/** The payload of one, under the signature of the other: found where the other is kept. */
function forged(id: string, payload: KnownToken, signature: KnownToken): KnownToken {
  const [header = "", body = ""] = payload.raw.split(".");
  return { id, raw: `${header}.${body}.${signature.raw.split(".")[2] ?? ""}` };
}

const long = signed("long");
const tokens: readonly KnownToken[] = [
  long,
  signed("short", k1, { exp: START + 100 }),
  signed("fraction", k1, { exp: START + 100.5 }),
  signed("later", k1, { nbf: START + 120 }),
  signed("issued-later", k1, { iat: START + 4000, nbf: START }),
  signed("other-key", k2),
  signed("successor", successor),
  signed("elsewhere", k1, { aud: "https://elsewhere.example.org" }),
  signed("no-exp", k1, { exp: undefined }),
  forged("forged", signed("wide", k1, { scope: "read:/ write:/" }), long),
  forged("forged-other-key", signed("wide-2", k2), long),
  { id: "tail", raw: `x${long.raw}` },
  { id: "cut", raw: long.raw.slice(1) },
  { id: "text", raw: long.raw.slice(-12) },
];

export function createWorld(tokenCache: number): World {
  const [network, clock, revoked] = [createNetwork(), createClock(START), new Set<string>()];
  publish(network, [k1]);
  const options = {
    issuer: ISSUER,
    audience: AUDIENCE,
    clock: clock.read,
    isRevoked: ({ id = "" }: { readonly id: string | undefined }): boolean => revoked.has(id),
    keys: { fetch: network.fetch },
  };
  return {
    network,
    clock,
    revoked,
    remembering: createEnforcer({ ...options, tokenCache }),
    forgetting: createEnforcer({ ...options, tokenCache: false }),
    verdicts: new Map(),
  };
}

async function verdict(enforcer: Enforcer, raw: string): Promise<string> {
  try {
    return JSON.stringify(await enforcer.verify(raw));
  } catch (error) {
    if (error instanceof SciTokenError) return error.reason;
    throw error;
  }
}

type Command = fc.AsyncCommand<object, World>;

function ask(asked: readonly KnownToken[]): Command {
  const all = async (enforcer: Enforcer): Promise<readonly string[]> => {
    const given = await Promise.all(asked.map(({ raw }) => verdict(enforcer, raw)));
    await settled();
    return given;
  };
  return {
    check: () => true,
    toString: () => `ask(${asked.map(({ id }) => id).join(", ")})`,
    async run(_model, { remembering, forgetting, verdicts }) {
      const given = await all(remembering);
      expect(given).toEqual(await all(forgetting));
      for (const [i, one] of given.entries()) {
        const reason = one.startsWith("{") ? "good" : one;
        verdicts.set(reason, (verdicts.get(reason) ?? 0) + 1);
        if (asked[i]?.id.startsWith("forged") === true) expect(reason).not.toBe("good");
      }
    },
  };
}

function change(words: string, make: (world: World) => void): Command {
  return { check: () => true, toString: () => words, run: async (_model, world) => make(world) };
}

const asks = fc.array(fc.constantFrom(...tokens, long), { minLength: 1, maxLength: 4 }).map(ask);
const moves = fc
  .constantFrom(1, 31, 99, 100, 101, 4000, HOUR, 7 * HOUR, 3 * DAY, 10 * DAY, -1, -100, -7 * HOUR)
  .map((seconds) => change(`move(${seconds})`, ({ clock }) => (clock.now += seconds)));
// Never two keys of one kid: that refuses new tokens (I10), and leaves kept ones, whose key is still there (V2).
const rotations = fc
  .constantFrom([k1], [k2], [successor], [k1, k2], [k2, k1], [successor, k2], [])
  .map((set) =>
    change(`publish(${set.map((key) => [k1, k2, successor].indexOf(key)).join(", ")})`, ({ network }) =>
      publish(network, set),
    ),
  );
const revocations = fc.constantFrom(...tokens).map(({ id }) =>
  change(`revoke(${id})`, ({ revoked }) => {
    if (!revoked.delete(id)) revoked.add(id);
  }),
);

/** Requests, several at once; the clock moved, back as well; keys published, and tokens revoked, or not any more. */
export const history: fc.Arbitrary<Iterable<Command>> = fc.commands([asks, asks, asks, moves, rotations, revocations], {
  maxCommands: 30,
});
