// npm start: installs, builds, and starts the demonstration.
import { pnpm, run } from "./pnpm.mjs";

pnpm("install", "--frozen-lockfile", "--prefer-offline", "--reporter", "append-only", "--loglevel", "warn");
pnpm("exec", "tsc", "-b");
run(process.execPath, "examples/demo/dist/demo.js");
