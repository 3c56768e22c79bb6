// What is sent where a request is refused: one title and one sentence a code, and an error that frameworks understand. Rules H3, H5.
import { authorizeRequest, createProtection, fromRequest } from "@scitokens/core/http";
import type { ProtectOptions, Refusal } from "@scitokens/core/http";
import { describe, expect, it } from "vitest";
import { AUDIENCE, ISSUER, key, NOW, scoped } from "../support/static-issuer.js";

async function refusalOf(authorization: readonly string[], more: object = {}, target = "/x"): Promise<Refusal> {
  const trust = { issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } }, audience: AUDIENCE, clock: () => NOW };
  const options: ProtectOptions = { ...trust, scope: fromRequest(), ...more };
  const decision = await authorizeRequest(
    { method: "GET", target, authorization, request: {}, requestId: "a-7" },
    createProtection(options),
  );
  if (decision.allowed) throw new Error("expected a refusal");
  return decision.refusal;
}

const GOOD = `Bearer ${scoped("queue")}`;
const DOWN = { issuer: ISSUER, keys: { fetch: () => Promise.reject(new TypeError("down")) } };

describe("a refusal", () => {
  it.each([
    [401, "missing_token", "Unauthorized", /^an access token is needed: Authorization: Bearer <token>$/, []],
    [
      400,
      "invalid_request",
      "Bad Request",
      /^the Authorization header is not one well-formed/,
      ["Bearer a", "Bearer b"],
    ],
    [401, "invalid_token", "Unauthorized", /^the access token was refused$/, ["Bearer abc"]],
    [403, "insufficient_scope", "Forbidden", /^the access token does not cover this request$/, [GOOD]],
    [400, "invalid_path", "Bad Request", /^the request's path has no unambiguous meaning$/, [GOOD], {}, "/a/../b"],
    [503, "issuer_unavailable", "Service Unavailable", /^the issuer's keys cannot be had .*later$/, [GOOD], DOWN],
  ])("says %i, %s: %s, %s (H3, H5)", async (status, code, title, detail, lines, more = {}, target = "/x") => {
    const refusal = await refusalOf(lines, more, target);
    expect(refusal).toMatchObject({ name: "Refusal", status, statusCode: status, expose: true, code });
    expect(refusal.message).toMatch(detail);
    expect(refusal.problem).toEqual({
      type: "about:blank",
      title,
      status,
      detail: refusal.message,
      code,
      requestId: "a-7",
    });
    expect(refusal.stack).toBe(`Refusal: ${refusal.message}`);
    for (const part of [refusal.headers, refusal.problem]) expect(part).toSatisfy(Object.isFrozen);
  });
});
