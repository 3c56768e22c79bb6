// npm run bench:servers: installs, builds, and measures servers: `npm run bench:servers -- fastify koa --workload one`.
import { pnpm, run } from "./pnpm.mjs";

const ADAPTERS = ["express", "koa", "fastify", "nest"];

pnpm("install", "--frozen-lockfile", "--prefer-offline", "--reporter", "append-only", "--loglevel", "warn");
pnpm("exec", "tsc", "-b", ...ADAPTERS.map((name) => `packages/${name}`), "bench");
run(process.execPath, "bench/dist/servers/main.js", ...process.argv.slice(2));
