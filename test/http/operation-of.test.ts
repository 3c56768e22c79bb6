// What the handler of a request is told: the operation that was judged, and of several rules what all of them allow. Rules R3, H9.
import { protectFetch } from "@scitokens/core/fetch";
import { allOf, anyOf, authorizeRequest, createProtection, fromRequest, operationOf } from "@scitokens/core/http";
import type { Operation, ProtectOptions, ScopeRule } from "@scitokens/core/http";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { AUDIENCE, ISSUER, key, NOW, tokenOf } from "../support/static-issuer.js";

beforeEach(() => void vi.spyOn(process, "emitWarning").mockReturnValue()); // of routes that only report

const trust: ProtectOptions = {
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
  audience: AUDIENCE,
  clock: () => NOW,
};
const bearer = (scope: string): string => `Bearer ${tokenOf("wlcg", { scope })}`;
const absent = fromRequest({ exists: () => false });

interface Judging {
  readonly scope: ScopeRule;
  readonly mode?: "enforce" | "report";
}

/** The operation of a PUT by a token that may only create, after these have judged it one after the other. */
async function operationAfter(rules: readonly Judging[], held = "storage.create:/"): Promise<Operation | undefined> {
  const request = {};
  for (const rule of rules) {
    const facts = { method: "PUT", target: "/x", authorization: [bearer(held)], request };
    const { allowed } = await authorizeRequest(facts, createProtection({ ...trust, ...rule }));
    expect(allowed).toBe(true);
  }
  return operationOf(request);
}

const CREATE = { name: "write", path: "/x", mayReplace: false };
const REPLACE = { name: "write", path: "/x", mayReplace: true };

describe("of one rule", () => {
  it.each<[string, ScopeRule]>([
    ["after one that was not met", anyOf(fromRequest(), absent)],
    ["after a list that was not met", anyOf([fromRequest(), "queue"], absent)],
    ["beside one that needs nothing", allOf(absent, anyOf("queue", absent))],
  ])("is that of the alternative that was met: %s (R3)", async (_, scope) => {
    expect(await operationAfter([{ scope }])).toEqual(CREATE);
  });

  it.each([
    ["GET", "read", false],
    ["HEAD", "stat", false],
    ["PROPFIND", "list", false],
    ["PUT", "write", true],
    ["MKCOL", "mkdir", false],
    ["DELETE", "modify", true],
    ["PATCH", "modify", true],
    ["MOVE", "rename", true],
    ["COPY", "copy", true],
  ])("says of %s, a %s, whether it may replace or change what is there: %j (R3)", async (method, name, mayReplace) => {
    const header = (line: string): readonly string[] => (line === "destination" ? ["/b"] : []);
    const authorization = [bearer("storage.read:/ storage.modify:/")];
    const request = {};
    await authorizeRequest(
      { method, target: "/a", authorization, header, request },
      { ...trust, scope: fromRequest() },
    );
    expect(operationOf(request)).toMatchObject({ name, mayReplace });
  });

  it("is frozen, whoever made it (R3)", async () => {
    const loose = { scope: fromRequest() };
    expect(await operationAfter([loose], "storage.modify:/")).toSatisfy(Object.isFrozen);
    expect(await operationAfter([loose, { scope: absent }], "storage.modify:/")).toSatisfy(Object.isFrozen);
    expect(await operationAfter([{ ...loose, mode: "report" }], "")).toSatisfy(Object.isFrozen);
  });

  it("replaces nothing where one of several that were met may not (R3, S4)", async () => {
    const asDirectory = fromRequest({ kind: () => "directory" });
    const held = "storage.modify:/a/ storage.modify:/b/ storage.create:/a storage.create:/b";
    for (const rules of [
      [asDirectory, absent],
      [absent, asDirectory],
    ]) {
      const facts = {
        method: "MOVE",
        target: "/a",
        authorization: [bearer(held)],
        header: (name: string) => (name === "destination" ? ["/b"] : []),
      };
      for (const scopes of [[allOf(...rules)], rules]) {
        const request = {};
        for (const scope of scopes) {
          expect(await authorizeRequest({ ...facts, request }, { ...trust, scope })).toMatchObject({ allowed: true });
        }
        expect(operationOf(request)).toMatchObject({ name: "rename", mayReplace: false });
        expect(operationOf(request)).toSatisfy(Object.isFrozen);
      }
    }
  });

  it.each([undefined, null, "a text"])("is not kept for %j, and that is no error (R3)", async (request) => {
    const facts = { method: "PUT", target: "/x", authorization: [bearer("storage.modify:/")], request };
    expect(await authorizeRequest(facts, { ...trust, scope: fromRequest() })).toMatchObject({ allowed: true });
  });

  it("is none where an alternative without one was met (R3)", async () => {
    expect(await operationAfter([{ scope: anyOf("queue", absent) }], "queue storage.create:/")).toBeUndefined();
  });
});

describe("of several rules", () => {
  it("is what all of them allow, in any order (R3)", async () => {
    const other = { scope: anyOf("queue", fromRequest()) };
    const held = "storage.create:/ storage.modify:/y queue";
    expect(await operationAfter([{ scope: absent }, other], held)).toEqual(CREATE);
    expect(await operationAfter([{ scope: fromRequest() }, { scope: fromRequest() }], "storage.modify:/")).toEqual(
      REPLACE,
    );
  });

  it("is not loosened by one that only reports, before or after (H9)", async () => {
    const reporting: Judging = { scope: fromRequest(), mode: "report" };
    expect(await operationAfter([reporting])).toEqual(REPLACE);
    expect(await operationAfter([{ scope: absent }, reporting])).toEqual(CREATE);
    expect(await operationAfter([reporting, { scope: absent }])).toEqual(CREATE);
  });

  it("is nothing that was only reported, once a rule without one is enforced (H9)", async () => {
    const rules: readonly Judging[] = [{ scope: fromRequest(), mode: "report" }, { scope: "queue" }];
    expect(await operationAfter(rules, "queue")).toBeUndefined();
  });
});

it("is found by a web Request alone, whatever functions are given and share (R3)", async () => {
  const guard = protectFetch<object>({ ...trust, scope: fromRequest() } as Parameters<typeof protectFetch<object>>[0]);
  const shared = { bindings: true };
  const ask = (path: string): Request =>
    new Request(`${AUDIENCE}${path}`, {
      method: "DELETE",
      headers: { Authorization: bearer(`storage.modify:${path}`) },
    });
  const [mine, theirs] = [ask("/mine"), ask("/theirs")];
  await Promise.all([guard(mine, shared), guard(theirs, shared)]);
  expect([operationOf(mine)?.path, operationOf(theirs)?.path]).toEqual(["/mine", "/theirs"]);
  expect(operationOf(shared)).toBeUndefined();
});

it.each([undefined, null, 7, "request", {}])("is none of %j, which nobody has judged (R3)", (request) => {
  expect(operationOf(request)).toBeUndefined();
});

it.each([fromRequest, anyOf, allOf])("must be called: scope: %o is an error at start (R4)", (rule) => {
  expect(() => createProtection({ ...trust, scope: rule as unknown as ScopeRule })).toThrow(
    /^scope: expected \w+\(\.\.\.\), called/,
  );
});

it("asks methods of an object for what is there (R3)", async () => {
  class Files {
    readonly #there = new Set(["/x"]);
    exists(path: string): boolean {
      return this.#there.has(path);
    }
  }
  const facts = { method: "PUT", target: "/x/", authorization: [bearer("storage.create:/")], request: {} };
  const decision = await authorizeRequest(facts, createProtection({ ...trust, scope: fromRequest(new Files()) }));
  expect(decision.allowed).toBe(false);
});
