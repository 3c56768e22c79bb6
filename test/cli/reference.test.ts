// The reference is what the program says of itself, and its examples do what they say.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createSigningKey } from "@scitokens/issuer";
import { describe, expect, it } from "vitest";
import type { Command } from "../../packages/cli/src/command.js";
import { createProgram } from "../../packages/cli/src/program.js";
import { examplesOf } from "../../packages/cli/src/reference/examples.js";
import { root } from "../structure/sources.js";
import { issuerNetwork, key, tokenWith } from "./issuer-world.js";
import { runCli, silentIo } from "./run-cli.js";
import type { Result } from "./run-cli.js";
import { temporaryFolder } from "./temporary-folder.js";
import { writeCliReference, writeExplainPage } from "./write-reference.js";

const program = await createProgram(silentIo());

describe("the pages about the command", () => {
  it("docs/cli.md is the help of every command: node scripts/cli-docs.mjs renews it", async () => {
    await expect(await writeCliReference()).toMatchFileSnapshot(`${root}docs/cli.md`);
  });

  it("docs/explain.md is what explain says: node scripts/cli-docs.mjs renews it", async () => {
    await expect(await writeExplainPage()).toMatchFileSnapshot(`${root}docs/explain.md`);
  });
});

describe("examples", () => {
  const folder = temporaryFolder();
  const OURS = ["decode", "verify", "test", "explain", "acls", "create-key", "create-token", "jwks"];
  const examples = program.commands
    .filter((command: Command) => OURS.includes(command.name()))
    .flatMap((command) => examplesOf(command).map(({ run }) => ({ run })));
  /** Those that show a refusal. */
  const REFUSED = /^scitokens explain write/;

  it("are of all commands that look at tokens or make some", () => {
    expect(new Set(examples.map(({ run }) => run.split(" ")[1]))).toEqual(new Set(OURS));
  });

  it.each(examples)("$run", async ({ run }) => {
    await prepare();
    const { code, stdout, stderr } = await runLine(run);
    expect(stderr).not.toMatch(/^scitokens: /m);
    expect(code).toBe(REFUSED.test(run) ? 1 : 0);
    if (run.includes("--json")) JSON.parse(stdout);
    for (const file of writtenBy(run)) expect(readFileSync(folder.at(file), "utf8")).not.toBe("");
  });

  const keys = Promise.all([createSigningKey(), createSigningKey({ alg: "RS256" })]);

  async function prepare(): Promise<void> {
    folder.write("token.txt", `${tokenWith({ scope: "read:/store compute.create" })}\n`);
    folder.write("jwks.json", JSON.stringify({ keys: [key.jwk] }));
    const [es256, rs256] = await keys;
    folder.write("issuer.jwk", JSON.stringify({ ...es256.publicJwk, ...es256.privateKey.export({ format: "jwk" }) }));
    folder.write("rsa.pem", rs256.privateKey.export({ type: "pkcs1", format: "pem" }).toString());
  }

  function writtenBy(line: string): readonly string[] {
    return [...line.matchAll(/--(?:out|public) (\S+)/g)].map(([, file]) => file ?? "");
  }

  /** What a shell does with the line, as far as examples need it: quotes, and `<`. Files are those of the folder. */
  function runLine(line: string): Promise<Result> {
    for (const file of writtenBy(line)) rmSync(folder.at(file), { force: true });
    const [command = "", input] = line.split(" < ");
    const words = [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", "")).slice(1);
    const argv = words.map((word) => (/^[\w-]+\.(?:txt|json|jwk|pem|pub)$/.test(word) ? folder.at(word) : word));
    const stdin = input === undefined ? "" : readFileSync(folder.at(input), "utf8");
    const env = { XDG_CACHE_HOME: folder.at("cache") };
    return runCli(argv, { stdin, env, fetch: issuerNetwork().fetch });
  }
});

it("names in the README no command that there is not", () => {
  const readme = `${root}packages/cli/README.md`;
  expect(existsSync(readme)).toBe(true);
  const used = [
    ...readFileSync(readme, "utf8").matchAll(/^\s*(?:\S+=\S+ )?(?:\S.*\| )?scitokens ([a-z][a-z-]*)/gm),
  ].map(([, name]) => name);
  const known = program.commands.map((command: Command) => command.name());
  expect(used.length).toBeGreaterThan(5);
  expect(used.filter((name) => !known.includes(name ?? ""))).toEqual([]);
});
