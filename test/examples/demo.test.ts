// npm start's demonstration as a program: its ways to a token by OAuth, as they are printed.
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../structure/sources.js";
import { shell, start } from "../support/run.js";
import type { Running } from "../support/run.js";

const hasCurl = spawnSync("curl", ["--version"]).status === 0;
const FRAMES = { H1: "/frames/H1/H-H1_HOFT-1187008882-4096.gwf", L1: "/frames/L1/L-L1_HOFT-1187008882-4096.gwf" };

describe(`examples/demo${hasCurl ? "" : " (skipped in part: curl missing)"}`, () => {
  let demo: Running;
  let printed = "";
  beforeAll(async () => {
    demo = start("node", ["dist/demo.js"], { cwd: `${root}examples/demo` });
    ({ input: printed } = await demo.printed(/# a token for a person.*\n.*\n/));
  });
  afterAll(() => demo.stop());

  it("prints its own words alone", () => {
    expect(printed).toMatch(/^SciTokens demonstration\n/);
    expect(printed).not.toMatch(/oidc-provider|warning/i);
  });

  const find = (pattern: RegExp): string => pattern.exec(printed)?.[1] ?? "";
  const status = async (path: string, raw: string): Promise<number> => {
    const api = find(/protected API +(\S+)/);
    return (await fetch(api + path, { headers: { Authorization: `Bearer ${raw}` } })).status;
  };

  it.runIf(hasCurl)("gives a program what it asks for, and no more", async () => {
    const command = find(/# a token for a program.*\n(.*)\n/);
    const { access_token: token } = JSON.parse(await shell(command, { cwd: root }));
    expect([await status(FRAMES.H1, token), await status(FRAMES.L1, token)]).toEqual([200, 403]);
    const wider = command.replace("read:/frames/H1", "read:/");
    expect(JSON.parse(await shell(wider, { cwd: root }))).toMatchObject({ error: "invalid_scope" });
  });

  it("gives a person what both the program asks for and the person may have", async () => {
    const waiting = start("bash", ["-c", `${find(/# a token for a person.*\n(.*)\n/)} 2>&1`], { cwd: root });
    const [, code = ""] = await waiting.printed(/user_code=(\S+)/);
    const body = new URLSearchParams({ user_code: code, user: "bob", answer: "allow" });
    const page = await fetch(`${find(/issuer +(http\S+)/)}/device`, { method: "POST", body });
    expect(page.status).toBe(200);
    const [token = ""] = await waiting.printed(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
    await waiting.stop();
    expect([await status(FRAMES.H1, token), await status(FRAMES.L1, token)]).toEqual([403, 200]);
  });
});
