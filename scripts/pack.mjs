// npm run pack: tarballs of all packages in out/, as they will be published.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { pnpm, root } from "./pnpm.mjs";

/** The packages that there are, with their manifests; a folder whose sources have no entry yet is none. */
export function findPackages() {
  return readdirSync(`${root}packages`)
    .filter((folder) => existsSync(`${root}packages/${folder}/src/index.ts`))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(`${root}packages/${folder}/package.json`, "utf8"));
      return { folder, name: manifest.name, manifest };
    });
}

/** Builds packages and puts their tarballs into a folder, which is emptied. */
export function packInto(out, packages = findPackages()) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  pnpm("exec", "tsc", "-b", ...packages.map(({ folder }) => `packages/${folder}`));
  const filters = packages.flatMap(({ name }) => ["--filter", name]);
  pnpm("--recursive", "--reporter", "silent", ...filters, "pack", "--pack-destination", resolve(out));
}

/** Installs what the lockfile says. */
export function install() {
  pnpm("install", "--frozen-lockfile", "--prefer-offline", "--reporter", "append-only", "--loglevel", "warn");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  install();
  packInto(`${root}out`);
}
