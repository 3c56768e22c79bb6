// npm run test:long: tests that take minutes, which `npm test` leaves out. They run on the sources, one file after the other.
import { defineConfig } from "vitest/config";
import { sources } from "./vitest.config.js";

const HALF_AN_HOUR = 1_800_000;

export default defineConfig({
  resolve: { alias: [...sources] },
  test: {
    include: ["test/**/*.long.ts"],
    // A process for each file: what it measures of memory and of the event loop is its own.
    pool: "forks",
    fileParallelism: false,
    testTimeout: HALF_AN_HOUR,
    hookTimeout: HALF_AN_HOUR,
  },
});
