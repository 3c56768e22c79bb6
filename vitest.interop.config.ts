// npm run test:interop: tests with real software, which `npm test` leaves out. They run on the sources.
import { defineConfig } from "vitest/config";
import { sources } from "./vitest.config.js";

export default defineConfig({
  resolve: { alias: [...sources] },
  test: {
    include: ["test/interop/**/*.interop.ts"],
    pool: "threads",
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
