// The examples on Express and on bare node:http, started as programs beside a development issuer, and asked.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root, sources } from "../structure/sources.js";
import { exampleUnderTest } from "../support/run-example.js";
import type { ExampleUnderTest } from "../support/run-example.js";

describe("examples/express, like GWDataFind", () => {
  const frame = "/frames/H1/H-H1_HOFT-1187008882-4096.gwf";
  let example: ExampleUnderTest;
  beforeAll(async () => {
    example = await exampleUnderTest("express", "https://datafind.example.org");
  });
  afterAll(() => example.stop());

  it("asks for gwdatafind.read at its catalogue", async () => {
    const good = await example.token({ scope: "gwdatafind.read" });
    const other = await example.token({ scope: "dqsegdb.read" });
    expect(await example.status("/")).toBe(200);
    expect(await example.status("/api/v1/gwf.json", good)).toBe(200);
    expect(await example.status("/api/v1/gwf.json", other)).toBe(403);
    expect(await example.status("/api/v1/gwf.json")).toBe(401);
  });

  it("binds the path of the data to the route's parameters", async () => {
    const hanford = await example.token({ scope: "read:/frames/H1" });
    expect(await example.status(frame, hanford)).toBe(200);
    expect(await example.status("/frames/H1/missing.gwf", hanford)).toBe(404);
    expect(await example.status(frame.replaceAll("H1", "L1"), hanford)).toBe(403);
    expect(await example.status("/frames/H1/..%2fL1", hanford)).toBe(400);
  });
});

describe("examples/node-http, on the bare core", () => {
  let example: ExampleUnderTest;
  beforeAll(async () => {
    example = await exampleUnderTest("node-http", "https://data.example.org");
  });
  afterAll(() => example.stop());

  it("gives each bearer the paths of the token, relative to the area of its issuer (S8)", async () => {
    const alice = await example.token({ scope: "read:/user/alice" });
    expect(await example.status("/data/user/alice/notes", alice)).toBe(200);
    expect(await example.status("/data/user/alice/notes", alice, "HEAD")).toBe(200);
    expect(await example.status("/data/user/alice/missing", alice)).toBe(404);
    expect(await example.status("/data/public/readme", alice)).toBe(403);
    expect(await example.status("/data/user/alice/notes", alice, "DELETE")).toBe(403);
    expect(await example.status("/data/user/alice/notes")).toBe(401);
  });

  it("shows how its issuers' keys stand", async () => {
    const answer: unknown = await (await fetch(`${example.url}/status`)).json();
    expect(answer).toMatchObject([{ issuer: example.issuer.issuer, state: "fresh" }]);
  });
});

it("no example is longer than 80 lines", () => {
  const long = sources("examples").filter(({ path }) => readFileSync(`${root}${path}`, "utf8").split("\n").length > 81);
  expect(long.map(({ path }) => path)).toEqual([]);
});
