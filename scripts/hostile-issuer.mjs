// node scripts/hostile-issuer.mjs: measures every behaviour of a hostile issuer, minutes, and writes the table of docs/hostile-issuer.md.
import { pnpm } from "./pnpm.mjs";

process.env.SCITOKENS_WRITE = "1";
pnpm("exec", "tsc", "-b");
pnpm("exec", "vitest", "run", "--config", "vitest.long.config.ts", "test/robustness/hostile-issuer.long.ts");
