// What holds of requests for files whatever the model says: of spellings, of scopes, of areas, of callbacks, of report-only.
// Rules R2, R3, R6, S1, S4, S8, H6, H9.
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { isRefused, readTarget, write } from "./path-model.js";
import { readScope } from "./scope-model.js";
import { holds } from "./runs.js";
import { valuesNear } from "./storage-grants.js";
import { readEnd } from "./storage-ends-model.js";
import { decide } from "./storage-model.js";
import type { Kind, ModelDecision, ModelRequest } from "./storage-model.js";
import { scopePath } from "./storage-places.js";
import { AUDIENCES, OURS } from "./storage-requests.js";
import { answered, existsIn, kindIn, serverOf } from "./storage-server.js";
import { disguiseOf, spellingOf } from "./storage-spellings.js";
import { world } from "./storage-worlds.js";
import type { World } from "./storage-worlds.js";

const decoded = (target: string): string | undefined => {
  const path = readTarget(target);
  return isRefused(path) ? undefined : write(path);
};

const withTarget = (one: World, target: string): World => ({ ...one, request: { ...one.request, target } });
const withScope = (one: World, scope: string): World => ({ ...one, token: { ...one.token, scope } });

/** A world whose path is good, and that path. */
const good = world.filter(({ request }) => decoded(request.target) !== undefined);
const pathIn = ({ request }: World): string => decoded(request.target) ?? "";

describe("a spelling of a path", () => {
  it("changes nothing (R2, S3)", async () => {
    const twice = good.chain((one) => fc.tuple(fc.constant(one), spellingOf(pathIn(one))));
    await holds(
      fc.asyncProperty(twice, async ([one, target]) => {
        const [first, second] = [await answered(one), await answered(withTarget(one, target))];
        expect(second.decision).toEqual(first.decision);
        expect(second.calls).toEqual(first.calls);
      }),
      1.5,
    );
  });

  it("never gets more: another that looks like it gets the same, or 400 (R2)", async () => {
    const twice = good.chain((one) => fc.tuple(fc.constant(one), disguiseOf(pathIn(one))));
    const seen = new Map<string, number>();
    await holds(
      fc.asyncProperty(twice, async ([one, target]) => {
        const [plain, disguised] = [await answered(one), await answered(withTarget(one, target))];
        const same = JSON.stringify(disguised.decision) === JSON.stringify(plain.decision);
        const { status } = disguised.decision;
        seen.set(same ? "same" : `${status}`, (seen.get(same ? "same" : `${status}`) ?? 0) + 1);
        if (!same) expect(status).toBe(400);
      }),
      1.5,
    );
    expect([...seen.keys()].toSorted()).toEqual(["400", "same"]);
  });
});

/** Judged by capabilities, with all of its scopes and without one. */
const isJudgedByScopes = ({ profile, token, groups, hosts }: World): boolean =>
  profile !== "wlcg" || (groups === undefined && hosts === undefined) || /(^| )(storage|compute)\./.test(token.scope);

describe("the scopes of a token", () => {
  it("never take a right away, however many there are (S1, S5)", async () => {
    const more = good.chain((one) =>
      fc.tuple(
        fc.constant(one),
        fc.array(valuesNear([pathIn(one).split("/").slice(1)]), { minLength: 1, maxLength: 3 }),
      ),
    );
    let kept = 0;
    await holds(
      fc.asyncProperty(more, async ([one, values]) => {
        const scope = `${values.join(" ")} ${one.token.scope}`;
        fc.pre(isJudgedByScopes(one) && readScope(scope, one.token.language) !== undefined);
        const [before, after] = [(await answered(one)).decision, (await answered(withScope(one, scope))).decision];
        if (before.status !== 200) return;
        kept += 1;
        expect(after).toMatchObject({ status: 200, operation: { name: before.operation.name } });
        // What may be replaced may still be.
        if (before.operation.mayReplace === true) expect(after).toEqual(before);
      }),
      2,
    );
    expect(kept).toBeGreaterThan(30);
  });

  it("mean the same in any order, and however often (S1)", async () => {
    const shuffled = world.chain((one) => {
      const values = one.token.scope.split(" ");
      const again = fc.shuffledSubarray([...values, ...values], { minLength: values.length * 2 });
      return fc.tuple(fc.constant(one), again);
    });
    await holds(
      fc.asyncProperty(shuffled, async ([one, values]) => {
        expect((await answered(withScope(one, values.join(" ")))).decision).toEqual((await answered(one)).decision);
      }),
      1,
    );
  });

  it("give on all that is below a path what they give on it, and nothing beside or above it (S4)", async () => {
    const rights = ["storage.read", "storage.create", "storage.modify", "storage.stage", "read", "write"] as const;
    const held = fc.record({
      one: good,
      where: fc.array(fc.constantFrom("a", "é", "c%", "a b"), { minLength: 1, maxLength: 2 }),
      authz: fc.constantFrom(...rights),
      method: fc.constantFrom("GET", "HEAD", "PUT", "MKCOL", "DELETE", "PROPFIND"),
    });
    await holds(
      fc.asyncProperty(held, async ({ one, where, authz, method }) => {
        const status = async (...place: readonly string[]): Promise<number> => {
          const target = `/${place.map(encodeURIComponent).join("/")}`;
          const { groups: _, hosts: __, ...judged } = withScope(one, `${authz}:${scopePath(where, "")}`);
          const request: ModelRequest = { ...one.request, method, target };
          return (await answered({ ...judged, areas: [], there: {}, request })).decision.status;
        };
        const there = await status(...where);
        for (const below of [["x"], ["x", "y"], [".b"]]) expect(await status(...where, ...below)).toBe(there);
        const [last = ""] = where.slice(-1);
        expect(await status(...where.slice(0, -1), `${last}x`, "a")).toBe(403);
        expect(await status(...where.slice(0, -1), `x${last}`)).toBe(403);
        // Above: nothing, but the directories that lead there.
        expect(await status(...where.slice(0, -1))).toBe(method === "MKCOL" ? there : 403);
      }),
      0.4,
    );
  });
});

const AREA = "/base/é";
const before = (target: string): string => (target.startsWith("/") ? `/base/%C3%A9${target}` : target);

/** A URL or path of this server, in the area; what is not this server's, or no path, stays as it is. */
function endBefore(line: string): string {
  const [, start = "", host = "", path = "/"] = /^(https:\/\/([^/@]*))(\/.*)?$/.exec(line) ?? [];
  if (OURS.includes(host.toLowerCase())) return start + before(path);
  return line.startsWith("//") ? line : before(line);
}

describe("an area", () => {
  it("before the request's paths and around the issuer changes nothing (S8)", async () => {
    const everywhere = world
      .map((one) => ({ ...one, areas: [] }))
      .filter(({ request }) => request.target.startsWith("/"));
    await holds(
      fc.asyncProperty(everywhere, async (one) => {
        const { request } = one;
        const [destination, source] = [request.destination.map(endBefore), request.source.map(endBefore)];
        const within: World = {
          ...one,
          areas: [AREA],
          request: { ...request, target: before(request.target), destination, source },
          there: Object.fromEntries(
            Object.entries(one.there).map(([path, kind]) => [path === "/" ? AREA : AREA + path, kind]),
          ),
        };
        expect(outside((await answered(within)).decision)).toEqual(outside((await answered(one)).decision, AREA));
      }),
      2,
    );
  });
});

/** With whole paths, and without those of the other server. */
function outside(decision: ModelDecision, area = ""): unknown {
  if (decision.status !== 200) return decision;
  const { remote, ...operation } = decision.operation;
  const paths = Object.entries(operation).map(([name, value]) => [
    name,
    typeof value === "string" && name !== "name" ? area + value : value,
  ]);
  return [Object.fromEntries(paths), remote !== undefined];
}

/** What the model decides where the callbacks say this. */
function ifThere(one: World, exists: boolean, kind: Kind): string {
  const { exists: askExists, kind: askKind, ...server } = serverOf(one);
  const given = {
    ...server,
    ...(askExists === undefined ? {} : { exists: () => exists }),
    ...(askKind === undefined ? {} : { kind: () => kind }),
  };
  return JSON.stringify(decide(one.request, one.token, given));
}

const KINDS: readonly Kind[] = ["file", "directory", undefined];
const matters = (decisions: readonly string[]): boolean => new Set(decisions).size > 1;

describe("what is there", () => {
  it("is asked only where an answer decides, once, after the token is known, by the decoded path (R3, R6)", async () => {
    const seen = new Map<string, number>();
    const asking = world.map((one) => ({ ...one, asks: { ...one.asks, exists: true, kind: true } }));
    await holds(
      fc.asyncProperty(asking, async (one) => {
        const { calls, decision } = await answered(one);
        const asked = new Map(calls.toReversed());
        const kinds = calls.flatMap(([name, path]) => (name === "kind" ? [path] : []));
        expect(calls.length).toBe(asked.size + (kinds.length === 2 ? 1 : 0));
        if (kinds.length === 2) expect(kinds[1]).toBe(endsIn(one).to);
        for (const name of asked.keys()) seen.set(name, (seen.get(name) ?? 0) + 1);
        if (decision.status === 401) {
          expect(calls).toEqual([]);
          return;
        }

        const [ends, there] = [endsIn(one), [existsIn(one), kindIn(one)] as const];
        if (asked.has("exists")) expect(asked.get("exists")).toBe(ends.to);
        if (asked.has("kind")) expect(asked.get("kind")).toBe(ends.from);
        const kindOf = (path: string | undefined): Kind => (path === undefined ? undefined : there[1](path));
        const byExists = (kind: Kind): boolean => matters([true, false].map((exists) => ifThere(one, exists, kind)));
        const byKind = (exists: boolean): boolean => matters(KINDS.map((kind) => ifThere(one, exists, kind)));
        // Asked: it could decide. Could decide, as the other one answered: asked.
        if (asked.has("exists")) expect(KINDS.some(byExists)).toBe(true);
        // Of two ends of different kinds no one answer stands for both.
        else if (kindOf(ends.from) === kindOf(ends.to)) expect(byExists(kindOf(ends.from))).toBe(false);
        if (asked.has("kind")) expect([true, false].some(byKind)).toBe(true);
        else expect(byKind(ends.to === undefined || there[0](ends.to))).toBe(false);
      }),
      7,
    );
    expect(Math.min(seen.get("exists") ?? 0, seen.get("kind") ?? 0)).toBeGreaterThan(8);
  });
});

/** The decoded path that `kind` may be asked for, and the one that `exists` may be. */
function endsIn({ request }: World): { readonly from: string | undefined; readonly to: string | undefined } {
  const path = decoded(request.target);
  if (request.method !== "MOVE" && request.method !== "COPY") return { from: bare(path), to: bare(path) };
  const pulls = request.source.length > 0 && request.method === "COPY";
  const end = readEnd(pulls ? request.source : request.destination, { host: request.host, audiences: AUDIENCES });
  const other = typeof end === "object" && "path" in end ? write(end.path) : path;
  return pulls ? { from: bare(other), to: bare(path) } : { from: bare(path), to: bare(other) };
}

const bare = (path: string | undefined): string | undefined => path?.replace(/(.)\/$/, "$1");

describe("report-only", () => {
  it("lets through exactly what would be refused, and says by which code (H6, H9)", async () => {
    vi.spyOn(process, "emitWarning").mockReturnValue(); // it is said loudly, once for each enforcer
    const codes = new Map<string, number>();
    const asking = fc.tuple(world, fc.constantFrom(undefined, undefined, undefined, undefined, "junk", ""));
    await holds(
      fc.asyncProperty(asking, async ([one, raw]) => {
        const given = raw === undefined ? {} : { raw };
        const [enforced, reported] = [await answered(one, given), await answered(one, { ...given, mode: "report" })];
        expect(reported.said.allowed).toBe(true);
        expect(reported.calls).toEqual(enforced.calls);
        expect(reported.decision).toEqual(enforced.decision);
        const would = reported.said.allowed ? reported.said.wouldRefuse : undefined;
        if (enforced.said.allowed) {
          expect(would).toBeUndefined();
          return;
        }
        const { refusal } = enforced.said;
        codes.set(refusal.code, (codes.get(refusal.code) ?? 0) + 1);
        const { requestId: _, ...problem } = refusal.problem;
        expect(would).toMatchObject({ status: refusal.status, code: refusal.code, headers: refusal.headers, problem });
        const event = enforced.events.find(({ type }) => type === "refused");
        expect(reported.events.filter(({ type }) => type === "refused")).toEqual([
          { ...event, enforced: false, requestId: expect.any(String) },
        ]);
      }),
      1.5,
    );
    expect([...codes.keys()].toSorted()).toEqual([
      "insufficient_scope",
      "invalid_path",
      "invalid_request",
      "invalid_token",
    ]);
  });
});
