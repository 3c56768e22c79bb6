// The sequences of the corpus: verdicts in memory, while time goes on and keys come and go. Rules V2, V3, I8, I15.
import { authorizeRequest, createProtection } from "@scitokens/core/http";
import { describe, expect, it } from "vitest";
import { createClock, createNetwork, HOUR, publish, settled } from "../support/scripted-issuer.js";
import { meta, sequenceCases, trust } from "./corpus.js";
import type { SequenceCase, Step } from "./corpus.js";

/** Steps that contradict docs/rules.md, and the answer that those give. */
const SET_ASIDE: Readonly<Record<string, string>> = {
  // A 2.0 token without aud: refused by whatever route, its profile requires aud (P2).
  "sequence/stricter-route, step 0": "401",
};

const audiences: Readonly<Record<string, string | null>> = { "no-aud-required": null, "aud-A": meta.audience };

/** After that long an issuer that says nothing else is asked for its keys again (I5). */
const REFRESH = 6 * HOUR + 1;

/** The server of one sequence: its issuer has a network, its clock goes on. */
function createServer() {
  const network = createNetwork();
  const clock = createClock(meta.now);
  publish(network, meta.jwks.keys);

  // Equal options share their keys and verdicts (I15): a route is made for each request.
  const options = { ...trust, issuer: meta.issuer, clock: clock.read, keys: { fetch: network.fetch } };
  const routeOf = (name: string | undefined) => {
    const audience = name === undefined ? meta.audience : (audiences[name] ?? null);
    return createProtection({ ...options, audience, scope: "read:/protected" });
  };
  const ask = async (token: string, route: string | undefined): Promise<string> => {
    const facts = { method: "GET", target: "/", authorization: [`Bearer ${token}`], request: undefined };
    const decision = await authorizeRequest(facts, routeOf(route));
    await settled();
    return decision.allowed ? "200" : String(decision.refusal.status);
  };
  return {
    ask,
    advance: (seconds: number) => void (clock.now += seconds),
    /** A request after its refresh is due makes it; the next one has its keys. */
    async setKeys(kids: readonly string[], token: string, route: string | undefined): Promise<void> {
      publish(
        network,
        meta.jwks.keys.filter(({ kid }) => kids.includes(kid)),
      );
      clock.now += REFRESH;
      await ask(token, route);
    },
  };
}

/** The answer of each step, of many at once a list of the different ones. */
async function play({ id, steps }: SequenceCase): Promise<readonly string[]> {
  const server = createServer();
  const wrong: string[] = [];
  for (const [i, step] of steps.entries()) {
    const token = step.token === "=0" ? (steps[0]?.token ?? "") : step.token;
    if (step.advance !== undefined) server.advance(step.advance);
    if (step.jwks !== undefined) await server.setKeys(step.jwks, token, step.route);
    const asked = Array.from({ length: step.concurrency ?? 1 }, () => server.ask(token, step.route));
    const name = `${id}, step ${i}`;
    const right = SET_ASIDE[name] === undefined ? rightOf(step) : [SET_ASIDE[name]];
    for (const answer of new Set(await Promise.all(asked))) {
      if (!right.includes(answer)) wrong.push(`${name}: ${answer}, not ${right.join(" or ")}`);
    }
  }
  return wrong;
}

const rightOf = ({ expect: preferred, accept = [] }: Step): readonly string[] => [preferred, ...accept];

describe("verified tokens in memory, under the hostile corpus (V1, V2, V3, I8, I15)", () => {
  it("are five sequences", () => expect(sequenceCases.length).toBe(5));

  it.each(sequenceCases)("answers each step of $id as it must (V2, V3, I8, I15)", async (sequence) => {
    expect(await play(sequence)).toEqual([]);
  });
});
