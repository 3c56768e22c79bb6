// npm run pack: tarballs of all packages in out/, as they will be published.
import { mkdirSync, rmSync } from "node:fs";
import { pnpm, root } from "./pnpm.mjs";

const out = `${root}out`;
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
pnpm("install", "--frozen-lockfile", "--prefer-offline", "--reporter", "append-only", "--loglevel", "warn");
pnpm("exec", "tsc", "-b", "packages/core", "packages/issuer", "packages/express");
pnpm("--recursive", "--filter", "./packages/*", "pack", "--pack-destination", out);
