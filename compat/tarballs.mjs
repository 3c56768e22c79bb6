// The packages as they will be published: packed once, and which of them a consumer must be given.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { findPackages, packInto } from "../scripts/pack.mjs";

/** Packs the packages of these folders and what they depend on; all when none is named. */
export function packTarballs(out, folders) {
  const packages = findPackages();
  const byName = new Map(packages.map((one) => [one.name, one]));

  /** These packages and all that they depend on and that is ours. */
  const withDependencies = (start) => {
    const found = new Set(start);
    for (const one of found) {
      for (const name of Object.keys(one.manifest.dependencies ?? {})) {
        if (byName.has(name)) found.add(byName.get(name));
      }
    }
    return [...found];
  };
  const named = (names) => packages.filter(({ folder }) => names.includes(folder));
  const packed = folders.length === 0 ? packages : withDependencies(named([...folders, "issuer"]));
  packInto(out, packed);
  const files = readdirSync(out);

  return {
    /** The tarballs that a consumer of these packages installs: a registry would find the dependencies, a file cannot. */
    needed: (names) =>
      withDependencies(named(names)).map(({ folder, manifest }) => {
        const file = files.find((name) => name === `scitokens-${folder}-${manifest.version}.tgz`);
        if (file === undefined) throw new Error(`no tarball of ${folder}`);
        return join(out, file);
      }),
  };
}
