// Requests for files beside a plain model of what is allowed: every method, spelling, capability and server.
// Rules R2, R3, R6, S1 to S8, S10.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holds } from "./runs.js";
import type { ModelDecision } from "./storage-model.js";
import { METHODS } from "./storage-requests.js";
import { answered, modelled } from "./storage-server.js";
import { world } from "./storage-worlds.js";
import type { World } from "./storage-worlds.js";

/** What a world shows, if it agrees. */
function kindsOf({ request, groups, hosts, profile, token }: World, decision: ModelDecision): readonly string[] {
  const { status } = decision;
  const hasRules =
    profile === "wlcg" && (groups !== undefined || (hosts !== undefined && /(^| )host\.auth( |$)/.test(token.scope)));
  const policed = hasRules && !/(^| )(storage|compute)\./.test(token.scope);
  const kinds = [`${status}`, `${request.method} ${status}`, policed ? `by groups ${status}` : `by scopes ${status}`];
  if (decision.status === 403) return [...kinds, decision.asks.length === 0 ? "403 whatever" : "403 asks"];
  if (decision.status !== 200) return kinds;
  const { name, mayReplace, remote } = decision.operation;
  return [...kinds, `${name} ${mayReplace}`, ...(remote === undefined ? [] : ["third party"])];
}

/** What must have come up, and more than once: a model is only as good as what it is asked. */
const WANTED: readonly string[] = [
  ...new Set(METHODS.flatMap((method) => [200, 403].map((status) => `${method} ${status}`))),
  ...[200, 400, 403].flatMap((status) => [`by groups ${status}`, `by scopes ${status}`]),
  ...["write", "rename", "copy"].flatMap((name) => [`${name} true`, `${name} false`]),
  "401",
  "PUT 400",
  "MOVE 400",
  "COPY 400",
  "LOCK 403",
  "get 403",
  "403 whatever",
  "403 asks",
  "third party",
];

describe("a request for a file", () => {
  it("is allowed, and refused, as the model says (R2, R3, R6, S1, S2, S3, S4, S5, S6, S7, S8, S10)", async () => {
    const seen = new Map<string, number>();
    await holds(
      fc.asyncProperty(world, async (one) => {
        const wanted = modelled(one);
        for (const kind of kindsOf(one, wanted)) seen.set(kind, (seen.get(kind) ?? 0) + 1);
        expect((await answered(one)).decision).toEqual(wanted);
      }),
      14,
    );
    expect(WANTED.filter((kind) => (seen.get(kind) ?? 0) < 2)).toEqual([]);
  });
});
