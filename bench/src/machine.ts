// What the figures were measured on: no host names, no paths.
import { createRequire } from "node:module";
import { cpus } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly platform: string;
  readonly node: string;
  readonly openssl: string;
  /** Of the libraries that take part. */
  readonly versions: Readonly<Record<string, string>>;
}

const LIBRARIES = ["@scitokens/core", "jose", "fast-jwt", "jsonwebtoken"];

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

function versionOf(library: string): string {
  const found = createRequire(import.meta.url)(`${library}/package.json`) as { readonly version: string };
  return found.version;
}
