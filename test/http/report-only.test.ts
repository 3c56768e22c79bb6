// Deciding and recording, and letting everything through: never in silence. Rule H9.
import { createEnforcer } from "@scitokens/core";
import type { SciTokenEvent } from "@scitokens/core";
import { authorizeRequest, createProtection, createProtections, fromRequest, operationOf } from "@scitokens/core/http";
import type { Decision, ProtectOptions } from "@scitokens/core/http";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { AUDIENCE, ISSUER, key, NOW, scoped, tokenOf } from "../support/static-issuer.js";
import { wrong } from "../support/wrong.js";

const warnings = vi.spyOn(process, "emitWarning").mockReturnValue();
beforeEach(() => warnings.mockClear());

const trust = (onEvent?: (event: SciTokenEvent) => void): ProtectOptions => ({
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
  audience: AUDIENCE,
  clock: () => NOW,
  ...(onEvent && { onEvent }),
});

const forged = `${scoped("read:/data").slice(0, -8)}AAAAAAAA`;

describe("a route that only reports", () => {
  const events: SciTokenEvent[] = [];
  const protection = createProtection({
    ...trust((event) => void events.push(event)),
    scope: fromRequest(),
    mode: "report",
  });
  beforeEach(() => void events.splice(0));

  const decide = (authorization: readonly string[], target = "/data", request: object = {}): Promise<Decision> =>
    authorizeRequest({ method: "PUT", target, authorization, request }, protection);

  it.each([
    ["no token", [], "/data", "missing_token"],
    ["two different headers", ["Bearer a", "Bearer b"], "/data", "invalid_request"],
    ["a forged token", [`Bearer ${forged}`], "/data", "invalid_token"],
    ["a token that has expired", [`Bearer ${tokenOf("wlcg", { exp: NOW })}`], "/data", "invalid_token"],
  ])("lets %s through without a token, and records why it would be refused (H9)", async (_, lines, target, code) => {
    const request = {};
    const decision = await decide(lines, target, request);
    expect(decision).toMatchObject({ allowed: true, token: undefined, wouldRefuse: { code } });
    expect(events).toMatchObject([{ type: "refused", enforced: false, code, request: { path: "/data" } }]);
    expect(operationOf(request)).toEqual({ name: "write", path: "/data", mayReplace: true });
  });

  it("lets a good token through that is not enough, as itself (H9)", async () => {
    const decision = await decide([`Bearer ${scoped("read:/data")}`]);
    expect(decision).toMatchObject({ allowed: true, token: { scopes: ["read:/data"] } });
    expect(events).toMatchObject([{ enforced: false, code: "insufficient_scope", required: "storage.modify:/data" }]);
  });

  it("lets nothing be replaced by what replaces nothing, as always (H9, R3)", async () => {
    for (const [method, mayReplace] of [
      ["GET", false],
      ["PROPFIND", false],
      ["MKCOL", false],
      ["DELETE", true],
    ] as const) {
      const request = {};
      await authorizeRequest({ method, target: "/data", authorization: [], request }, protection);
      expect(operationOf(request)).toMatchObject({ path: "/data", mayReplace });
    }
  });

  it("tells the handler of a path however long it is (H9)", async () => {
    const request = {};
    const path = `/data/${"x".repeat(3000)}`;
    await decide([], path, request);
    expect(operationOf(request)).toMatchObject({ name: "write", path });
  });

  it("lets a path without a meaning through, with no operation to serve (H9)", async () => {
    const request = {};
    expect(await decide([`Bearer ${scoped("write:/")}`], "/data/%2e%2e/x", request)).toMatchObject({ allowed: true });
    expect(operationOf(request)).toBeUndefined();
  });

  it("records what it would let through as always (H9)", async () => {
    const decision = await decide([`Bearer ${scoped("write:/data")}`]);
    expect(decision).not.toHaveProperty("wouldRefuse");
    expect(events).toMatchObject([{ type: "allowed", grantedBy: { scopes: ["write:/data"] } }]);
  });

  it("leaves an error of the program one (H9, H3)", async () => {
    const broken = createProtection({ ...trust(), scope: () => Promise.reject(new Error("broken")), mode: "report" });
    const facts = { method: "GET", target: "/", authorization: [`Bearer ${scoped("read:/")}`], request: {} };
    await expect(authorizeRequest(facts, broken)).rejects.toThrow("broken");
  });

  it("does not judge where the issuer is down, and lets through (H9, I9)", async () => {
    const down = createProtection({
      ...trust(),
      issuer: ISSUER,
      keys: { fetch: () => Promise.reject(new TypeError("down")) },
      mode: "report",
    });
    const facts = { method: "GET", target: "/", authorization: [`Bearer ${scoped("read:/")}`], request: {} };
    expect(await authorizeRequest(facts, down)).toMatchObject({
      allowed: true,
      wouldRefuse: { code: "issuer_unavailable" },
    });
  });
});

describe("is loud", () => {
  it("at start: a warning of the process and an event, once for an enforcer (H9)", () => {
    const events: SciTokenEvent[] = [];
    const options = trust((event) => void events.push(event));
    createProtection({ ...options, mode: "enforce" });
    expect(warnings).not.toHaveBeenCalled();
    for (const scope of ["read:/a", "read:/b"]) createProtection({ ...options, scope, mode: "report" });
    expect(warnings.mock.calls).toEqual([
      [expect.stringContaining("NOTHING IS PROTECTED"), { type: "SciTokensWarning", code: "SCITOKENS_REPORT_ONLY" }],
    ]);
    expect(events).toEqual([{ type: "report_only", issuers: [ISSUER] }]);
  });

  it("on the console, where a process has no warnings (H9)", () => {
    const { emitWarning } = process;
    const said = vi.spyOn(console, "warn").mockReturnValue();
    try {
      Reflect.set(process, "emitWarning", undefined);
      createProtection({ ...trust(() => undefined), scope: "read:/a", mode: "report" });
      expect(said.mock.calls).toEqual([[expect.stringContaining("NOTHING IS PROTECTED")]]);
    } finally {
      Reflect.set(process, "emitWarning", emitWarning);
      said.mockRestore();
    }
  });

  it("in status(), as soon as one route only reports (H9)", () => {
    const enforcer = createEnforcer({ issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } }, audience: AUDIENCE });
    const { route } = createProtections({ enforcer, scope: "read:/data" });
    route();
    expect(enforcer.status()).toMatchObject([{ issuer: ISSUER, mode: "enforce" }]);
    route({ mode: "report" });
    expect(enforcer.status()).toMatchObject([{ issuer: ISSUER, mode: "report" }]);
  });

  it("for the defaults of an application too, and a route may yet enforce (H9)", async () => {
    const { route, enforcer } = createProtections({ ...trust(), mode: "report", scope: "read:/data" });
    const facts = { method: "GET", target: "/", authorization: [], request: {} };
    expect(await authorizeRequest(facts, route({ mode: "enforce" }))).toMatchObject({ allowed: false });
    expect(enforcer.status()).toMatchObject([{ mode: "enforce" }]);
    expect(await authorizeRequest(facts, route())).toMatchObject({ allowed: true });
    expect(enforcer.status()).toMatchObject([{ mode: "report" }]);
  });
});

it.each(["reporting", "", null, true])("refuses mode: %j at start (H9)", (mode) => {
  expect(() => createProtection({ ...trust(), mode: wrong(mode) })).toThrow(/^mode: expected 'enforce' or 'report'/);
});
