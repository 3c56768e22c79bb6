// What a package holds: all that its exports name, and nothing of the tests.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, describe, it } from "vitest";
import { root } from "../structure/sources.js";
import { folders, manifest } from "./packages.js";

describe.each(folders)("@scitokens/%s", (folder) => {
  const { name, type, license, version, exports } = manifest(folder);
  const targets = Object.values(exports);
  const entries = targets.flatMap((target) => (typeof target === "string" ? [] : [target.default]));

  it("exports files that the build makes, types first", () => {
    for (const target of targets) {
      const files = typeof target === "string" ? [target] : [target.types, target.default];
      for (const file of files) expect([file, existsSync(`${root}packages/${folder}/${file}`)]).toEqual([file, true]);
      if (typeof target !== "string") expect(Object.keys(target)).toEqual(["types", "default"]);
    }
  });

  it.each(entries)("can be required from CommonJS, since it has no top-level await: %s", async (entry) => {
    const file = `${root}packages/${folder}/${entry}`;
    const required = createRequire(import.meta.url)(file) as object;
    const imported = (await import(file)) as object;
    // Node adds __esModule where there is a default export, for CommonJS that was made by a compiler.
    const added = "default" in imported ? ["__esModule"] : [];
    expect(Object.keys(required).toSorted()).toEqual([...Object.keys(imported), ...added].toSorted());
  });

  it("is named for its folder, and has the version and the licence of all", () => {
    expect([name, type, license]).toEqual([`@scitokens/${folder}`, "module", "Apache-2.0"]);
    expect(version).toBe(manifest("core").version);
  });

  it("has a README", () => {
    expect(existsSync(`${root}packages/${folder}/README.md`)).toBe(true);
  });
});

/** Each with its reason in docs/adr. */
const DEPENDENCIES: Readonly<Record<string, readonly string[]>> = {
  core: ["jose"],
  issuer: ["jose", "oidc-provider"],
  client: ["@scitokens/core", "openid-client"],
  cli: ["@scitokens/client", "@scitokens/core", "@scitokens/issuer", "commander", "undici", "uqr"],
  express: ["@scitokens/core"],
  fastify: ["@scitokens/core", "fastify-plugin"],
  koa: ["@scitokens/core"],
  nest: ["@scitokens/core"],
};

/** What an application has anyway; those in brackets only where it uses what they belong to. */
const PEERS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  issuer: [],
  client: ["[kerberos]"], // for robots that log in to Vault by their keytab
  cli: [],
  express: ["[@types/express]", "express"],
  fastify: ["fastify"],
  koa: ["[@types/koa]", "koa"],
  nest: [
    "@nestjs/common",
    "@nestjs/core",
    "[@nestjs/microservices]",
    "[@nestjs/swagger]",
    "[@nestjs/websockets]",
    "[@scitokens/issuer]", // for @scitokens/nest/testing
    "reflect-metadata",
  ],
};

describe.each(folders)("@scitokens/%s", (folder) => {
  const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta: peerFacts = {} } = manifest(folder);

  it("has no dependency at run time but those with an ADR", () => {
    expect(Object.keys(dependencies)).toEqual(DEPENDENCIES[folder]);
  });

  it("has its framework, and nothing else, as a peer", () => {
    const written = Object.keys(peerDependencies).map((name) =>
      peerFacts[name]?.optional === true ? `[${name}]` : name,
    );
    expect(written).toEqual(PEERS[folder]);
  });
});
