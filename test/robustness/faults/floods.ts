// Floods of requests that must leave nothing behind: bad tokens of every kind, and names that nobody knows. Rules V3, I1, I7.
import { createEnforcer } from "@scitokens/core";
import { authorizeRequest, createProtection } from "@scitokens/core/http";
import { expect } from "vitest";
import { heldAfter } from "../../support/garbage.js";
import { AUDIENCE, createNetwork, goodToken, ISSUER, publish } from "../../support/scripted-issuer.js";
import { encode, testKey } from "../../support/sign.js";

const key = testKey("ES256", "k1");
const NOW = 1_800_000_000;
const tokenOf = (sub: string, claims: object = {}): string => goodToken(key, NOW, { sub, ...claims });
/** Stays good throughout. */
const HOT = tokenOf("hot");
const filler = "x".repeat(500);
const signature = HOT.split(".")[2] ?? "";

/** A token that was never signed: its header and claims are its own. */
function unsigned(i: number, claims: object, header: object): string {
  const head = encode({ alg: key.alg, kid: key.kid, ...header });
  const payload = encode({ iss: ISSUER, aud: AUDIENCE, ver: "scitoken:2.0", sub: `${i}`, scope: "read:/", ...claims });
  return `${head}.${payload}.${signature.slice(0, -8)}${i.toString(36).padStart(7, "A")}A`;
}

export interface Sent {
  readonly raw: string;
  readonly requestId?: string;
}

export const FLOODS: Readonly<Record<string, (i: number) => Sent>> = {
  "signatures that are wrong": (i) => ({ raw: unsigned(i, {}, {}) }),
  "key ids that nobody knows": (i) => ({ raw: unsigned(i, {}, { kid: `${i}-${filler}` }) }),
  "issuers that nobody trusts": (i) => ({ raw: unsigned(i, { iss: `https://i${i}.example.org/${filler}` }, {}) }),
  "texts that are no token": (i) => ({ raw: `${i}${filler}` }),
  "good tokens that have expired": (i) => ({ raw: tokenOf(`${i}-${filler}`, { exp: NOW - 1 }) }),
  "request ids": (i) => ({ raw: HOT, requestId: `${i}-${filler}` }),
};

/** Bytes that one request of a flood leaves behind, on average; `warmUp` of them come before. */
export async function heldByEach(make: (i: number) => Sent, count: number, warmUp: number): Promise<number> {
  const network = createNetwork();
  publish(network, [key]);
  let heard = 0;
  const options = { issuer: ISSUER, audience: AUDIENCE, clock: () => NOW, keys: { fetch: network.fetch } };
  const protection = createProtection({ enforcer: createEnforcer({ ...options, onEvent: () => void heard++ }) });
  const send = async ({ raw, requestId = "id" }: Sent): Promise<boolean> => {
    const facts = { method: "GET", target: "/", authorization: [`Bearer ${raw}`], request: {}, requestId };
    return (await authorizeRequest(facts, protection)).allowed;
  };
  const flood = async (from: number, to: number): Promise<void> => {
    for (let i = from; i < to; i++) {
      const sent = make(i);
      if ((await send(sent)) !== (sent.raw === HOT)) throw new Error(`a wrong verdict: ${i}`);
      if (i % 100 === 0) expect(await send({ raw: HOT })).toBe(true);
    }
  };
  await flood(0, warmUp); // what is made once is made now
  const held = await heldAfter(() => flood(warmUp, warmUp + count));
  expect(network.requests.length).toBeLessThanOrEqual(4); // the keys, and once more for an unknown kid
  expect(heard).toBeGreaterThan(count);
  return held / count;
}
