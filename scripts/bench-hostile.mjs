// npm run bench:hostile: the hostile corpus against two other middlewares and ours; `-- --write` also renews docs/security.md.
import { pnpm, run } from "./pnpm.mjs";

pnpm("install", "--frozen-lockfile", "--prefer-offline", "--reporter", "append-only", "--loglevel", "warn");
pnpm("exec", "tsc", "-b", "packages/express", "packages/fastify", "bench");
run(process.execPath, "bench/dist/hostile/main.js", ...process.argv.slice(2));
