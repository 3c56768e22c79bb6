// A hostile issuer behind real servers: whoever has a token of it is told 503, and when to come again; others are served. Rules I9, H3.
import type { EnforcerOptions } from "@scitokens/core";
import express from "express";
import { describe, expect, it, onTestFinished } from "vitest";
import { expressHarness } from "../contract/express-harness.js";
import { nodeHarness } from "../contract/node-harness.js";
import { rawRequest } from "../support/raw-request.js";
import type { RawResponse } from "../support/raw-request.js";
import { answer, redirect } from "./hostile-issuer/http.js";
import { AUDIENCE, NEIGHBOUR, neighbourKey, startIssuer, tokenOf } from "./hostile-issuer/issuer.js";
import type { Hostility } from "./hostile-issuer/issuer.js";

const BEHAVIOURS: readonly (readonly [string, Hostility])[] = [
  ["hangs", { keys: () => ["hang"] }],
  ["resets the connection", { metadata: () => ["reset"] }],
  [
    "answers 500, with a Retry-After of its own",
    { keys: () => answer("", { status: 500, lines: ["retry-after: 86400"] }) },
  ],
  ["redirects to another server", { keys: ({ elsewhere }) => redirect(`${elsewhere.origin}/keys`) }],
  ["answers with HTML that bears a script", { keys: () => answer("<script>canary</script>") }],
];

describe.each([nodeHarness, expressHarness("express", express, "*splat")])("$name, at an issuer that", (harness) => {
  it.each(BEHAVIOURS)(
    "%s, answers 503 with Retry-After, and its neighbour's 200 meanwhile (I9, H3, H4)",
    async (_, hostility) => {
      const { issuer, site, elsewhere, close } = await startIssuer(hostility);
      const messages: string[] = [];
      const protect: EnforcerOptions = {
        issuer: [
          { issuer, allowInsecureIssuer: true },
          { issuer: NEIGHBOUR, jwks: { keys: [neighbourKey.jwk] } },
        ],
        audience: AUDIENCE,
        keys: { timeout: 1 },
        onEvent: (event) => void (event.type === "keys_failed" && messages.push(event.message)),
      };
      const { port, close: closeServer } = await harness.serve([
        { method: "get", path: "/data", protect: { ...protect, scope: "read:/data" } },
      ]);
      onTestFinished(async () => {
        await closeServer();
        await close();
      });
      const get = (token: string): Promise<RawResponse> =>
        rawRequest(port, { target: "/data", lines: [`Authorization: Bearer ${token}`] });

      const hostile = Array.from({ length: 20 }, () => get(tokenOf(issuer)));
      const neighbours = await Promise.all(Array.from({ length: 5 }, () => get(tokenOf(NEIGHBOUR, neighbourKey))));
      expect(neighbours.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      for (const { status, headers, body } of await Promise.all(hostile)) {
        expect(status).toBe(503);
        expect(headers["retry-after"]).toMatch(/^[12]$/);
        expect(headers).not.toHaveProperty("www-authenticate");
        expect(JSON.parse(body)).toMatchObject({ status: 503, code: "issuer_unavailable" });
        expect(body + Object.values(headers).join()).not.toMatch(/canary|127\.0\.0\.1|ECONN|86400/);
      }
      // Twenty requests are one attempt, and one line for the operator.
      expect(site.asked.length).toBeLessThanOrEqual(2);
      expect(elsewhere.asked).toEqual([]);
      expect(messages).toHaveLength(1);
    },
  );
});
