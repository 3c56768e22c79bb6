// What the figures were measured on: no host names, no paths.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { join } from "node:path";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly platform: string;
  readonly node: string;
  readonly openssl: string;
  /** Of the libraries that take part. */
  readonly versions: Readonly<Record<string, string>>;
}

const LIBRARIES = [
  "@scitokens/core",
  "jose",
  "fast-jwt",
  "jsonwebtoken",
  "aws-jwt-verify",
  "hono",
  "express",
  "express-oauth2-jwt-bearer",
  "express-jwt",
  "koa",
  "koa-jwt",
  "fastify",
  "@fastify/jwt",
  "@nestjs/core",
  "passport-jwt",
];

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? "unknown CPU",
    cores: processors.length,
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    openssl: process.versions.openssl,
    versions: Object.fromEntries(LIBRARIES.map((name) => [name, versionOf(name)])),
  };
}

/** From the package's own file, which not every package exports. */
function versionOf(library: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(library) ?? [];
  const file = folders.map((folder) => join(folder, library, "package.json")).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`expected ${library} to be installed`);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
