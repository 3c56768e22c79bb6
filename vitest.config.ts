import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // Tests run against the sources, so that a broken line shows at once; packaging and examples run what is built.
    alias: [
      { find: /^@scitokens\/(core|nest)\/(\w+)$/, replacement: source("packages/$1/src/$2/index.ts") },
      { find: /^@scitokens\/(core|issuer|express|koa|fastify|nest)$/, replacement: source("packages/$1/src/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    pool: "threads",
  },
});
