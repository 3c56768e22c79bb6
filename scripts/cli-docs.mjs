// node scripts/cli-docs.mjs: writes docs/cli.md and docs/explain.md anew, from what the scitokens command says of itself.
import { pnpm } from "./pnpm.mjs";

pnpm("exec", "vitest", "run", "--project", "all", "test/cli/reference.test.ts", "--update");
