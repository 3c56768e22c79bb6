// The tarballs as npm, bundlers and compilers see them: publint, and arethetypeswrong for packages of ES modules.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { problemAffectsResolutionKind } from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../structure/sources.js";
import { shell } from "../support/run.js";
import { folders, manifest } from "./packages.js";

const out = mkdtempSync(join(tmpdir(), "scitokens-publint-"));
const tarball = (folder: string): string => join(out, `scitokens-${folder}-${manifest(folder).version}.tgz`);

/** All that a package's tarball holds, by the name that it has in there. */
function filesIn(folder: string): readonly string[] {
  const { stdout } = spawnSync("tar", ["-tzf", tarball(folder)], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => (line.startsWith("package/") ? [line.slice("package/".length)] : []));
}

beforeAll(async () => {
  const filters = folders.map((folder) => `--filter ${manifest(folder).name}`).join(" ");
  await shell(`node scripts/pnpm.mjs --recursive ${filters} pack --pack-destination "${out}"`, { cwd: root });
}, 60_000);

afterAll(() => rmSync(out, { recursive: true }));

describe.each(folders)("@scitokens/%s", (folder) => {
  it("is without fault to publint", async () => {
    const data = readFileSync(tarball(folder));
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(data).buffer } });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it("is without fault to arethetypeswrong, as a package of ES modules", async () => {
    const types = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball(folder)))));
    if (types.types === false) throw new Error("expected types");
    // Resolution as before Node 12 finds nothing, and require() finds ES modules: without these it has looked at nothing.
    const problems = types.problems.map(({ kind }) => kind);
    expect(problems.length).toBeGreaterThan(0);
    const affecting = types.problems.filter((problem) =>
      (["node16-esm", "bundler"] as const).some((kind) => problemAffectsResolutionKind(problem, kind, types)),
    );
    expect(affecting).toEqual([]);
  });

  it("holds the build, its sources, README and licence, and nothing else", () => {
    const allowed = /^(?:dist\/.*\.(?:js|d\.ts)(?:\.map)?|src\/.*\.ts|package\.json|README\.md|LICENSE)$/;
    const files = filesIn(folder);
    expect(files).toEqual(expect.arrayContaining(["dist/index.js", "dist/index.d.ts", "src/index.ts", "LICENSE"]));
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
  });

  it("names no workspace and no machine in what it publishes", () => {
    const read = (...names: readonly string[]): string =>
      spawnSync("tar", ["-xzOf", tarball(folder), ...names], { encoding: "utf8", maxBuffer: 2 ** 26 }).stdout;
    expect(read("package/package.json")).not.toMatch(/workspace:|catalog:|file:/);
    expect(read().includes(root)).toBe(false);
  });
});
