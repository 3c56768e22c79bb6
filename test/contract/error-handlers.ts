// Rows of the contract: status and challenge survive whoever writes the body. Rules H4, H5, H3.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawRequest } from "../support/raw-request.js";
import { bearer, FORGED, T, token, trust } from "./fixture.js";
import { OWN_PAGE } from "./harness.js";
import type { ContractRoute, Harness, Served } from "./harness.js";

const routes: readonly ContractRoute[] = [
  { method: "get", path: "/data", protect: { ...trust, scope: "read:/data" } },
  { method: "get", path: "/broken", protect: { ...trust, scope: "read:/data" }, broken: "throws" },
];

const challenges: readonly (readonly [string, readonly string[], number, string])[] = [
  ["no token", [], 401, 'Bearer realm="scitokens", scope="read:/data"'],
  ["a bad header", ["Authorization: Bearer"], 400, 'Bearer realm="scitokens", error="invalid_request"'],
  ["a forged token", [bearer(FORGED)], 401, 'Bearer realm="scitokens", error="invalid_token"'],
  [
    "a poor token",
    [bearer(token("read:/other", { sub: "mallory" }))],
    403,
    'Bearer realm="scitokens", error="insufficient_scope", scope="read:/data"',
  ],
];

export function describeErrorHandlers(harness: Harness): void {
  describe.each(["framework", "own"] as const)("with the error handler of the %s", (errors) => {
    let served: Served;
    beforeAll(async () => {
      served = await harness.serve(routes, { errors });
    });
    afterAll(() => served.close());

    it.each(challenges)("keeps status and challenge: %s (H5)", async (_, lines, status, challenge) => {
      const response = await rawRequest(served.port, { target: "/data", lines });
      expect(response.status).toBe(status);
      expect(response.headers["www-authenticate"]).toBe(challenge);
      if (errors === "own") expect(response.body).toContain(OWN_PAGE);
    });

    it("says nothing of the token, nor of the program (H4)", async () => {
      for (const [, lines] of challenges) {
        const { headers, body } = await rawRequest(served.port, { target: "/data", lines });
        expect(JSON.stringify(headers) + body).not.toMatch(/mallory|\.[jt]s\b|InvalidToken|InsufficientScopeError/);
      }
    });

    it("blames nobody's token for an error of the handler (H3)", async () => {
      const { status, headers } = await rawRequest(served.port, { target: "/broken", lines: [bearer(T)] });
      expect(status).toBe(500);
      expect(headers["www-authenticate"]).toBeUndefined();
    });
  });
}
