// What a package holds: all that its exports name, and nothing of the tests.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { root } from "../structure/sources.js";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly type: string;
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string } | string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifest = (name: string): Manifest =>
  JSON.parse(readFileSync(`${root}packages/${name}/package.json`, "utf8")) as Manifest;

describe.each(["core", "issuer", "express"])("@scitokens/%s", (name) => {
  it("exports files that the build makes, types first", () => {
    for (const target of Object.values(manifest(name).exports)) {
      const files = typeof target === "string" ? [target] : [target.types, target.default];
      for (const file of files) expect([file, existsSync(`${root}packages/${name}/${file}`)]).toEqual([file, true]);
      if (typeof target !== "string") expect(Object.keys(target)).toEqual(["types", "default"]);
    }
  });

  it("can be required from CommonJS, since it has no top-level await", async () => {
    const { createRequire } = await import("node:module");
    const required = createRequire(import.meta.url)(`${root}packages/${name}/dist/index.js`) as object;
    const imported = (await import(`${root}packages/${name}/dist/index.js`)) as object;
    expect(Object.keys(required).toSorted()).toEqual(Object.keys(imported).toSorted());
  });
});

it("has no dependency at run time but those with an ADR", () => {
  const dependencies = (name: string): readonly string[] => Object.keys(manifest(name).dependencies ?? {});
  expect(dependencies("core")).toEqual(["jose"]);
  expect(dependencies("issuer")).toEqual(["jose"]);
  expect(dependencies("express")).toEqual(["@scitokens/core"]);
  expect(Object.keys(manifest("express").peerDependencies ?? {})).toEqual(["@types/express", "express"]);
});
