// npm run bench: installs, builds, and runs the benchmarks; `npm run bench -- --write` also renews docs/performance.md.
import { pnpm, run } from "./pnpm.mjs";

pnpm("install", "--frozen-lockfile", "--prefer-offline", "--reporter", "append-only", "--loglevel", "warn");
pnpm("exec", "tsc", "-b", "bench");
run(process.execPath, "bench/dist/main.js", ...process.argv.slice(2));
