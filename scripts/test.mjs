// npm test: installs what is needed, then format, types, lint, and all tests: floors, rules, vectors, examples, packaging.
import { pnpm } from "./pnpm.mjs";

pnpm("install", "--frozen-lockfile", "--prefer-offline", "--reporter", "append-only", "--loglevel", "warn");
pnpm("exec", "oxfmt", "--check", ".");
pnpm("exec", "tsc", "-b");
pnpm("exec", "oxlint", "--type-aware");
pnpm("exec", "vitest", "run", ...process.argv.slice(2));
