// The example of an event database, started as a program and asked. Rules H3, S6.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleUnderTest } from "../support/run-example.js";
import type { ExampleUnderTest } from "../support/run-example.js";

describe("examples/nest, like GraceDB", () => {
  let example: ExampleUnderTest;
  beforeAll(async () => {
    example = await exampleUnderTest("nest", "https://gracedb.example.org");
  });
  afterAll(() => example.stop());

  const tokenOf = (sub: string, more: object = {}): Promise<string> =>
    example.token({ sub, scope: "gracedb.read", ...more });

  async function annotate(raw: string | undefined, body: object): Promise<{ status: number; body: unknown }> {
    const headers = {
      "Content-Type": "application/json",
      ...(raw !== undefined && { Authorization: `Bearer ${raw}` }),
    };
    const url = `${example.url}/superevents/S190425z/logs`;
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  }

  it("lets in whoever has the scope of an account, and tells the public what is public", async () => {
    expect(await example.status("/superevents")).toBe(401);
    expect(await example.status("/superevents", await tokenOf("alice"))).toBe(200);
    expect(await example.status("/superevents", await tokenOf("alice", { scope: "read:/" }))).toBe(403);
    expect(await example.status("/superevents/public")).toBe(200);
  });

  it("lets people do what its own book says, by issuer and subject", async () => {
    const robert = await tokenOf("robert");
    expect(await annotate(robert, { comment: "looks good" })).toMatchObject({
      status: 201,
      body: { log: ["robert: looks good"] },
    });
    expect((await annotate(await tokenOf("alice"), { comment: "me too" })).status).toBe(403);
    expect((await annotate(undefined, { comment: "me too" })).status).toBe(401);
    expect((await annotate(robert, {})).status).toBe(422);
    expect(await example.status("/superevents/S190425z", robert, "DELETE")).toBe(403);
    expect(await example.status("/superevents/S1", await tokenOf("joan"), "DELETE")).toBe(404);
    expect(await example.status("/superevents/S190425z", await tokenOf("joan"), "DELETE")).toBe(200);
  });
});
