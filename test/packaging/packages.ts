// The packages of this repository, as their manifests say.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { root } from "../structure/sources.js";

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly type: string;
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string } | string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional: boolean }>>;
}

/** The folders below packages/, `core` and so on. */
export const folders: readonly string[] = readdirSync(`${root}packages`).filter((folder) =>
  existsSync(`${root}packages/${folder}/src/index.ts`),
);

export function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(`${root}packages/${folder}/package.json`, "utf8")) as Manifest;
}
