// The examples, started as programs beside a development issuer, and asked.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { startDevIssuer } from "@scitokens/issuer";
import type { DevIssuer } from "@scitokens/issuer";
import { root, sources } from "../structure/sources.js";
import { start } from "../support/run.js";
import type { Running } from "../support/run.js";

let issuer: DevIssuer;
beforeAll(async () => {
  issuer = await startDevIssuer();
});
afterAll(() => issuer.close());

async function startExample(name: string, audience: string): Promise<{ running: Running; url: string }> {
  const env = { ISSUER: issuer.issuer, AUDIENCE: audience, PORT: "0" };
  const running = start("node", ["dist/service.js"], { cwd: `${root}examples/${name}`, env });
  const [, url = ""] = await running.printed(/listening on (http:\S+)/);
  return { running, url };
}

async function status(url: string, raw?: string, method = "GET"): Promise<number> {
  const headers = raw === undefined ? {} : { Authorization: `Bearer ${raw}` };
  return (await fetch(url, { headers, method })).status;
}

describe("examples/express, like GWDataFind", () => {
  const audience = "https://datafind.example.org";
  const frame = "/frames/H1/H-H1_HOFT-1187008882-4096.gwf";
  let example: Awaited<ReturnType<typeof startExample>>;
  beforeAll(async () => {
    example = await startExample("express", audience);
  });
  afterAll(() => example.running.stop());

  it("asks for gwdatafind.read at its catalogue", async () => {
    const good = await issuer.token({ aud: audience, scope: "gwdatafind.read" });
    const other = await issuer.token({ aud: audience, scope: "dqsegdb.read" });
    expect(await status(`${example.url}/`)).toBe(200);
    expect(await status(`${example.url}/api/v1/gwf.json`, good)).toBe(200);
    expect(await status(`${example.url}/api/v1/gwf.json`, other)).toBe(403);
    expect(await status(`${example.url}/api/v1/gwf.json`)).toBe(401);
  });

  it("binds the path of the data to the route's parameters", async () => {
    const hanford = await issuer.token({ aud: audience, scope: "read:/frames/H1" });
    expect(await status(example.url + frame, hanford)).toBe(200);
    expect(await status(`${example.url}/frames/H1/missing.gwf`, hanford)).toBe(404);
    expect(await status(example.url + frame.replaceAll("H1", "L1"), hanford)).toBe(403);
    expect(await status(`${example.url}/frames/H1/..%2fL1`, hanford)).toBe(400);
  });
});

describe("examples/node-http, on the bare core", () => {
  const audience = "https://data.example.org";
  let example: Awaited<ReturnType<typeof startExample>>;
  beforeAll(async () => {
    example = await startExample("node-http", audience);
  });
  afterAll(() => example.running.stop());

  it("gives each bearer the paths of the token, relative to the area of its issuer (S8)", async () => {
    const alice = await issuer.token({ aud: audience, scope: "read:/user/alice" });
    expect(await status(`${example.url}/data/user/alice/notes`, alice)).toBe(200);
    expect(await status(`${example.url}/data/user/alice/notes`, alice, "HEAD")).toBe(200);
    expect(await status(`${example.url}/data/user/alice/missing`, alice)).toBe(404);
    expect(await status(`${example.url}/data/public/readme`, alice)).toBe(403);
    expect(await status(`${example.url}/data/user/alice/notes`, alice, "DELETE")).toBe(403);
    expect(await status(`${example.url}/data/user/alice/notes`)).toBe(401);
  });

  it("shows how its issuers' keys stand", async () => {
    const answer: unknown = await (await fetch(`${example.url}/status`)).json();
    expect(answer).toMatchObject([{ issuer: issuer.issuer, state: "fresh" }]);
  });
});

it("no example is longer than 80 lines", () => {
  const long = sources("examples").filter(({ path }) => readFileSync(`${root}${path}`, "utf8").split("\n").length > 81);
  expect(long.map(({ path }) => path)).toEqual([]);
});
