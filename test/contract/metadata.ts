// Rows of the contract: what clients without a token are told. RFC 9728, rule H7.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawRequest } from "../support/raw-request.js";
import type { RawResponse } from "../support/raw-request.js";
import { AUDIENCE, ISSUER, trust } from "./fixture.js";
import type { ContractOptions, Harness, Served } from "./harness.js";

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

const told: ContractOptions = {
  ...trust,
  scope: "read:/data",
  resourceMetadata: { resource: `${AUDIENCE}/v1`, scopes_supported: ["read:/data"], resource_name: "Frames" },
};

export function describeMetadata(harness: Harness): void {
  describe("the metadata document", () => {
    let served: Served;
    const send = (method: string, target: string): Promise<RawResponse> => rawRequest(served.port, { method, target });
    beforeAll(async () => {
      served = await harness.serve([{ method: "get", path: "/data", protect: told }], { metadata: told });
    });
    afterAll(() => served.close());

    it("is served at the resource's well-known place, to anybody (H7)", async () => {
      const { status, headers, body } = await send("GET", `${WELL_KNOWN}/v1`);
      expect(status).toBe(200);
      expect(headers["content-type"]).toMatch(/^application\/json/);
      expect(headers["access-control-allow-origin"]).toBe("*");
      expect(JSON.parse(body)).toEqual({
        resource: `${AUDIENCE}/v1`,
        authorization_servers: [ISSUER],
        bearer_methods_supported: ["header"],
        scopes_supported: ["read:/data"],
        resource_name: "Frames",
      });
    });

    it("is served nowhere else (H7)", async () => {
      for (const target of [WELL_KNOWN, `${WELL_KNOWN}/v1/x`, `${WELL_KNOWN}/v2`, "/v1", "/"]) {
        expect([target, (await send("GET", target)).status]).toEqual([target, 404]);
      }
    });

    it("answers HEAD with the same head, and lets web pages ask (H7)", async () => {
      const head = await send("HEAD", `${WELL_KNOWN}/v1`);
      expect([head.status, head.body]).toEqual([200, ""]);
      const preflight = await send("OPTIONS", `${WELL_KNOWN}/v1`);
      expect(preflight.status).toBe(204);
      expect(preflight.headers["access-control-allow-origin"]).toBe("*");
    });

    it("is named in the challenge (H7)", async () => {
      const { status, headers } = await send("GET", "/data");
      expect(status).toBe(401);
      expect(headers["www-authenticate"]).toBe(
        `Bearer realm="scitokens", scope="read:/data", resource_metadata="${AUDIENCE}${WELL_KNOWN}/v1"`,
      );
    });
  });
}
