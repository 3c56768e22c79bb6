// The Koa example, started as a program beside a development issuer, and asked.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDevIssuer } from "@scitokens/issuer";
import type { DevIssuer } from "@scitokens/issuer";
import { root } from "../structure/sources.js";
import { start } from "../support/run.js";
import type { Running } from "../support/run.js";

describe("examples/koa, like DQSegDB", () => {
  const audience = "https://segments.example.org";
  const flag = "/dq/H1/DMT-ANALYSIS_READY/1";
  let issuer: DevIssuer;
  let running: Running;
  let url = "";
  beforeAll(async () => {
    issuer = await startDevIssuer();
    const env = { ISSUER: issuer.issuer, AUDIENCE: audience, PORT: "0" };
    running = start("node", ["dist/service.js"], { cwd: `${root}examples/koa`, env });
    url = (await running.printed(/listening on (http:\S+)/))[1] ?? "";
  });
  afterAll(async () => {
    await running?.stop();
    await issuer?.close();
  });

  interface Asked {
    readonly method?: string;
    readonly raw?: string;
    readonly body?: unknown;
  }

  async function ask(path: string, { method = "GET", raw, body }: Asked = {}): Promise<Response> {
    const headers: Record<string, string> = raw === undefined ? {} : { Authorization: `Bearer ${raw}` };
    return fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }

  const token = (scope: string, sub = "alice"): Promise<string> => issuer.token({ aud: audience, scope, sub });

  it("opens its segments to dqsegdb.read, and to nothing else", async () => {
    expect((await ask("/")).status).toBe(200);
    const read = await token("dqsegdb.read");
    const answer = await ask(flag, { raw: read });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      ifo: "H1",
      flag: "DMT-ANALYSIS_READY",
      version: "1",
      active: [[1_187_008_882, 1_187_012_978]],
      reporters: ["detchar"],
    });
    expect((await ask("/dq/V1/NOTHING/1", { raw: read })).status).toBe(404);
    expect((await ask(flag, { raw: await token("dqsegdb.create gwdatafind.read") })).status).toBe(403);
    expect((await ask(flag)).status).toBe(401);
  });

  it("takes new flags and more segments with dqsegdb.create, and notes who sent them", async () => {
    const own = "/dq/L1/DCH-LOUD/1";
    const [reader, alice, bob] = await Promise.all([
      token("dqsegdb.read"),
      token("dqsegdb.create"),
      token("dqsegdb.create", "bob"),
    ]);
    const first = { active: [[20, 30]] };
    expect((await ask(own, { method: "PUT", raw: reader, body: first })).status).toBe(403);
    expect((await ask(own, { method: "PATCH", raw: alice, body: first })).status).toBe(404);
    expect((await ask(own, { method: "PUT", raw: alice, body: first })).status).toBe(201);
    expect((await ask(own, { method: "PUT", raw: alice, body: first })).status).toBe(409);
    const more = {
      active: [
        [40, 50],
        [10, 20],
      ],
    };
    expect((await ask(own, { method: "PATCH", raw: bob, body: more })).status).toBe(200);
    expect(await (await ask(own, { raw: reader })).json()).toMatchObject({
      active: [
        [10, 30],
        [40, 50],
      ],
      reporters: ["alice", "bob"],
    });
  });

  it("refuses what is no list of segments, after it has judged the token", async () => {
    const create = await token("dqsegdb.create");
    for (const body of [5, null, {}, { active: [[1]] }, { active: [[2, 1]] }, { active: [["1", "2"]] }]) {
      expect((await ask("/dq/L1/BAD/1", { method: "PUT", raw: create, body })).status).toBe(400);
      expect((await ask("/dq/L1/BAD/1", { method: "PUT", body })).status).toBe(401);
    }
  });

  it("tells clients without a token who issues them (H7)", async () => {
    const answer = await ask("/.well-known/oauth-protected-resource");
    expect(await answer.json()).toMatchObject({ resource: audience, authorization_servers: [issuer.issuer] });
  });
});
