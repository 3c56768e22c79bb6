// The example of a job submission API, started as a program and asked. Rules S5, C5.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleUnderTest } from "../support/run-example.js";
import type { ExampleUnderTest } from "../support/run-example.js";

describe("examples/htcondor-ce", () => {
  let example: ExampleUnderTest;
  beforeAll(async () => {
    example = await exampleUnderTest("htcondor-ce", "ce.example.org:9619");
  });
  afterAll(() => example.stop());

  const ask = async (
    [method, path]: readonly [string, string],
    claims: object | undefined,
    body?: object,
  ): Promise<{ readonly status: number; readonly body: unknown }> => {
    const raw = claims && (await example.token(claims));
    const headers = { "Content-Type": "application/json", ...(raw && { Authorization: `Bearer ${raw}` }) };
    const response = await fetch(example.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: response.status, body: await response.json() };
  };
  const alice = { sub: "alice", scope: "compute.create compute.read compute.modify compute.cancel" };

  it("takes jobs from whoever may create them, and shows them to their owner alone", async () => {
    const submitted = await ask(["POST", "/jobs"], alice, { executable: "/bin/true" });
    expect(submitted).toMatchObject({ status: 201, body: { id: 1, executable: "/bin/true", status: "idle" } });
    expect(await ask(["GET", "/jobs"], alice)).toMatchObject({ status: 200, body: [{ id: 1 }] });
    expect(await ask(["GET", "/jobs"], { ...alice, sub: "bob" })).toEqual({ status: 200, body: [] });
    expect((await ask(["PATCH", "/jobs/1"], alice)).body).toMatchObject({ status: "held" });
    expect((await ask(["DELETE", "/jobs/1"], { ...alice, sub: "bob" })).status).toBe(404);
    expect((await ask(["DELETE", "/jobs/1"], alice)).body).toMatchObject({ status: "removed" });
  });

  it("takes HTCondor's own names of these rights for them (S5)", async () => {
    const byCondor = { sub: "carol", scope: "condor:/WRITE" };
    expect((await ask(["POST", "/jobs"], byCondor, { executable: "/bin/date" })).status).toBe(201);
    expect((await ask(["GET", "/jobs"], byCondor)).status).toBe(403);
    expect((await ask(["GET", "/jobs"], { sub: "carol", scope: "condor:/READ" })).status).toBe(200);
  });

  it("refuses who has no token, one for another host, too little, or no name", async () => {
    expect((await ask(["POST", "/jobs"], undefined, { executable: "x" })).status).toBe(401);
    expect((await ask(["GET", "/jobs"], { ...alice, aud: "ce.example.org" })).status).toBe(401);
    expect((await ask(["GET", "/jobs"], { ...alice, scope: "compute.create" })).status).toBe(403);
    expect((await ask(["GET", "/jobs"], { sub: "", scope: "compute.read" })).status).toBe(401);
    expect((await ask(["POST", "/jobs"], alice, {})).status).toBe(422);
  });
});
