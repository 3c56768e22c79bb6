// The README's own commands, run as a new user would: pack, install in an empty folder, start, and every answer.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../structure/sources.js";
import { shell, start } from "../support/run.js";
import type { Running } from "../support/run.js";

const hasCurl = spawnSync("curl", ["--version"]).status === 0;
if (!hasCurl) process.emitWarning("skipped: curl missing");

const readme = readFileSync(`${root}README.md`, "utf8");
const section = (title: string): string => readme.split(/^## /m).find((text) => text.startsWith(title)) ?? "";
const blocks = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, code]) => code ?? "");

/** The ports of the README, or free ones in their place where another program has them. */
async function freePorts(text: string): Promise<(code: string) => string> {
  const ports = [...new Set(text.match(/(?<=127\.0\.0\.1:|port: |listen\()\d{4}/g))];
  const chosen = new Map<string, string>();
  for (const port of ports) chosen.set(port, String((await isFree(Number(port))) ?? (await isFree(0))));
  return (code) => code.replace(/\b\d{4}\b/g, (port) => chosen.get(port) ?? port);
}

function isFree(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address?.port : undefined));
    });
  });
}

describe.runIf(hasCurl)("the README's quick start", () => {
  const quickStart = section("Quick start");
  const [install = "", , , useIt = "", afterwards = ""] = blocks(quickStart, "sh");
  let folder = "";
  let ports = (code: string): string => code;
  let issuer: Running;
  let server: Running;

  beforeAll(async () => {
    ports = await freePorts(quickStart);
    const printed = await shell(`${install}\npwd`, { cwd: root });
    folder = printed.trim().split("\n").at(-1) ?? "";
    for (const code of blocks(`${quickStart}${section("Without a framework")}`, "js")) {
      const name = /^\/\/ (\S+\.mjs)/.exec(code)?.[1];
      if (name !== undefined) writeFileSync(`${folder}/${name}`, ports(code));
    }
    issuer = start("node", ["issuer.mjs"], { cwd: folder });
    await issuer.printed(/issuer http/);
    server = await startServer();
  }, 180_000);

  afterAll(async () => {
    await issuer?.stop();
    await server?.stop();
    if (folder !== "") rmSync(folder, { recursive: true });
  });

  async function startServer(): Promise<Running> {
    const running = start("node", ["server.mjs"], { cwd: folder });
    const url = ports("http://127.0.0.1:3000/data");
    await shell(`for i in $(seq 100); do curl -s -o /dev/null ${url} && exit 0; sleep 0.1; done; exit 1`, {
      cwd: folder,
    });
    return running;
  }

  const statuses = (answers: string): readonly number[] =>
    [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, s]) => Number(s));
  const promised = (script: string): readonly number[] =>
    [...script.matchAll(/# (\d{3})\b/g)].map(([, s]) => Number(s));

  let token = "";

  it("answers each command with the status that the README says (H3)", async () => {
    const answers = await shell(`${ports(useIt)}\nprintf "\\nTOKEN %s\\n" "$TOKEN"`, { cwd: folder });
    token = /^TOKEN (\S+)$/m.exec(answers)?.[1] ?? "";
    expect(promised(useIt)).toEqual([200, 200, 401, 401, 403, 400]);
    expect(statuses(answers)).toEqual(promised(useIt));
    expect(answers).toContain('{"hello":"alice","scopes":["read:/data","read:/frames/H1"]}');
    expect(answers).toContain('WWW-Authenticate: Bearer realm="scitokens", scope="read:/data"');
    expect(answers).toContain('WWW-Authenticate: Bearer realm="scitokens", error="invalid_token"');
    expect(answers).toContain(
      'WWW-Authenticate: Bearer realm="scitokens", error="insufficient_scope", scope="read:/frames/L1"',
    );
  });

  it("goes on without the issuer, and answers 503 once it has no keys (I5, I9)", async () => {
    await issuer.stop();
    const script = ports(afterwards);
    expect(statuses(await shell(script, { cwd: folder, env: { TOKEN: token } }))).toEqual([200]);
    await server.stop();
    server = await startServer();
    const answer = await shell(script, { cwd: folder, env: { TOKEN: token } });
    expect(statuses(answer)).toEqual(promised(afterwards));
    expect(statuses(answer)).toEqual([503]);
    expect(answer).toMatch(/^Retry-After: \d+/m);
  });

  it("decides Python's documented example in our words", async () => {
    const printed = await shell("node plain.mjs", { cwd: folder });
    const answers = printed.trim().split("\n");
    expect(answers.slice(0, 4)).toEqual(["true", "false", "false", "true"]);
    expect(answers.slice(4).join("")).toContain("[ [ 'write', '/store/user/bbockelm' ], [ 'read', '/store' ] ]");
    expect(answers.at(-1)).toMatch(/^refused: write on \/store\/foo: /);
  });

  it("stops the program for a misspelt option, with a sentence that names it", async () => {
    const misspelt = `import { protect } from "@scitokens/express"; protect({ audiance: "x", issuer: "https://x.example" });`;
    const run = shell(`node --input-type=module -e '${misspelt}'`, { cwd: folder });
    await expect(run).rejects.toThrow(/TypeError: protect: unknown option 'audiance'; did you mean 'audience'\?/);
  });
});

describe.runIf(hasCurl)("npm start", () => {
  let demo: Running;
  afterAll(() => demo?.stop());

  it("prints commands that answer what it says of them, with ports of its own where others have them", async () => {
    const occupied = [createServer(), createServer()];
    occupied.forEach((server, i) => server.once("error", () => {}).listen([8080, 3000][i], "127.0.0.1"));
    demo = start("npm", ["start"], { cwd: root });
    const { input } = await demo.printed(/# a token of your own.*\n(curl .*)\n/);
    for (const server of occupied) server.close();
    expect(input).toContain("(port 8080 is taken by another program)");
    expect(input).toContain("(port 3000 is taken by another program)");
    const commands = [...input.matchAll(/^# (\d{3}): .*\n(curl .*)$/gm)];
    expect(commands.map(([, status]) => status)).toEqual(["200", "200", "401", "401", "403", "400"]);
    for (const [, status, command] of commands) {
      expect(await shell(command ?? "", { cwd: root })).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    }
    const own = /# a token of your own.*\n(curl .*)\n/.exec(input)?.[1] ?? "";
    expect(JSON.parse(await shell(own, { cwd: root }))).toMatchObject({
      token_type: "Bearer",
      scope: "gwdatafind.read",
    });
  }, 120_000);
});
