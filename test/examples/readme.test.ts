// examples/README.md: what it calls the examples, and its tour of the storage server, by its own commands.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDevIssuer } from "@scitokens/issuer";
import type { DevIssuer } from "@scitokens/issuer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../structure/sources.js";
import { shell, start } from "../support/run.js";
import type { Running } from "../support/run.js";

const readme = readFileSync(`${root}examples/README.md`, "utf8");

it("names each example, and calls it what it calls itself", () => {
  const rows = [...readme.matchAll(/^\| \[([\w-]+)\].*?\| `([^`]*(?::\/\/|:\d)[^`]*)` \|/gm)];
  expect(new Set(rows.map(([, folder]) => folder))).toEqual(new Set(readdirSync(`${root}examples`).filter(isService)));
  for (const [, folder = "", audience = ""] of rows) {
    expect(readFileSync(`${root}examples/${folder}/src/service.ts`, "utf8")).toContain(`AUDIENCE = "${audience}"`);
  }
});

const isService = (folder: string): boolean => existsSync(`${root}examples/${folder}/src/service.ts`);

const canTour = process.platform === "linux" && spawnSync("curl", ["--version"]).status === 0;

describe.runIf(canTour)("the tour of the storage server", () => {
  const [, tour = ""] = readme.split("## A storage server");
  const [, prepare = "", requests = ""] = [...tour.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code]) => code ?? "");
  const directory = mkdtempSync(join(tmpdir(), "tour-"));
  let issuer: DevIssuer;
  let storage: Running;
  let url = "";
  beforeAll(async () => {
    issuer = await startDevIssuer();
    const env = { ISSUER: issuer.issuer, DIRECTORY: directory, PORT: "0", TMPDIR: directory };
    storage = start("node", ["dist/service.js"], { cwd: `${root}examples/storage`, env });
    [, url = ""] = await storage.printed(/listening on (http:\S+)/);
  });
  afterAll(async () => {
    await storage?.stop();
    await issuer?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it("answers each command with the status that stands behind it (R3, H3)", async () => {
    const script = `${prepare}${requests}`
      .replaceAll("http://127.0.0.1:8080", issuer.issuer)
      .replaceAll("http://127.0.0.1:3100", url);
    const answers = await shell(script, { cwd: root, env: { TMPDIR: directory } });
    const promised = [...requests.matchAll(/# (\d{3})\b/g)].map(([, status]) => status);
    const got = [...answers.matchAll(/(?<!<D:status>)HTTP\/1\.1 (?!100)(\d{3})/g)].map(([, status]) => status);
    expect(promised).toHaveLength(requests.match(/^curl/gm)?.length ?? 0);
    expect(got).toEqual(promised);
    expect(answers).toContain("Content-Range: bytes 0-2/7");
  });
});
