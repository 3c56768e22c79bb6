// Where the packages' own sources are, as in vitest.config.ts.
import { root } from "../pnpm.mjs";

export const sources = [
  { find: /^@scitokens\/(core)\/(\w+)$/, replacement: `${root}packages/$1/src/$2/index.ts` },
  { find: /^@scitokens\/(core)$/, replacement: `${root}packages/$1/src/index.ts` },
];
