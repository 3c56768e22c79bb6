// The sources as data: which file imports which.
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Source {
  /** From the repository's root, with slashes. */
  readonly path: string;
  readonly text: string;
  /** As they are written. */
  readonly imports: readonly string[];
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\b[^;"']*?\bfrom\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;

export function sources(folder: string, ending = ".ts"): readonly Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending) && !/(^|[\\/])(node_modules|dist|out)[\\/]/.test(name))
    .map((name) => {
      const text = readFileSync(join(root, folder, name), "utf8");
      const imports = [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? "");
      return { path: posix.join(folder, ...name.split(sep)), text, imports };
    });
}

/** The file that a relative import means; undefined for a package. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, ".ts");
}

export const fromRoot = (path: string): string => relative(root, path).split(sep).join("/");

export interface Package {
  /** Below packages/. */
  readonly folder: string;
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

export function packages(): readonly Package[] {
  return readdirSync(join(root, "packages")).map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")) as Package;
    return { folder, name: manifest.name, exports: manifest.exports };
  });
}
