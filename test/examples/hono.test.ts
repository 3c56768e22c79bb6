// The example on Hono, started as a program and asked with tokens as a plain OAuth issuer mints them. Rules P1, H3, H7.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleUnderTest } from "../support/run-example.js";
import type { ExampleUnderTest } from "../support/run-example.js";

const AUDIENCE = "https://requests.example.org";

describe("examples/hono, like a web service of CMS", () => {
  let example: ExampleUnderTest;
  beforeAll(async () => {
    example = await exampleUnderTest("hono", AUDIENCE);
  });
  afterAll(() => example.stop());

  /** Neither `ver` nor capabilities: what Keycloak mints. */
  const oauthToken = (claims: object): Promise<string> =>
    example.issuer.token({ aud: AUDIENCE, sub: "f:1:alice", client_id: "web", ...claims }, { profile: "at-jwt" });

  async function request(raw: string, body: string): Promise<{ readonly status: number; readonly body: unknown }> {
    const headers = { Authorization: `Bearer ${raw}`, "Content-Type": "application/json" };
    const response = await fetch(`${example.url}/api/requests`, { method: "POST", headers, body });
    return { status: response.status, body: await response.json() };
  }

  it("is open where it says so, and asks for a token elsewhere (H3)", async () => {
    expect(await example.status("/")).toBe(200);
    expect(await example.status("/api/requests")).toBe(401);
    expect(await example.status("/api/nothing")).toBe(401);
    expect(await example.status("/.well-known/oauth-protected-resource")).toBe(200);
  });

  it("takes a plain OAuth token with the claims it needs, and no other (P1)", async () => {
    const alice = await oauthToken({ preferred_username: "alice" });
    expect(await example.status("/api/requests", alice)).toBe(200);
    const headers = { Authorization: `Bearer ${alice}` };
    const me: unknown = await (await fetch(`${example.url}/api/me`, { headers })).json();
    expect(me).toMatchObject({ preferred_username: "alice", roles: [] });
    expect(await example.status("/api/requests", await oauthToken({}))).toBe(401);
    expect(await example.status("/api/requests", await oauthToken({ preferred_username: 7 }))).toBe(401);
    const sciToken = await example.token({ scope: "read:/", preferred_username: "alice" });
    expect(await example.status("/api/requests", sciToken)).toBe(401);
  });

  it("gives its own rights by the roles in a token", async () => {
    const user = await oauthToken({ preferred_username: "alice" });
    const manager = await oauthToken({ preferred_username: "bob", roles: ["production-manager"] });
    const dataset = JSON.stringify({ dataset: "/TTbar/Run3-v1/AODSIM" });
    expect((await request(user, dataset)).status).toBe(403);
    expect(await request(manager, dataset)).toEqual({
      status: 201,
      body: { dataset: "/TTbar/Run3-v1/AODSIM", by: "bob" },
    });
    expect((await request(manager, "{")).status).toBe(422);
  });
});
