import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

// Tests run against the sources, so that a broken line shows at once; packaging and examples run what is built.
export const sources: readonly { readonly find: RegExp; readonly replacement: string }[] = [
  { find: /^@scitokens\/(core|nest|issuer)\/(\w+)$/, replacement: path("packages/$1/src/$2/index.ts") },
  {
    find: /^@scitokens\/(core|issuer|express|koa|fastify|nest|client|cli)$/,
    replacement: path("packages/$1/src/index.ts"),
  },
];

/** The sources of @scitokens/nest would find Nest where they stand: other majors are put in its place. */
const nestOf = (workspace: string): { readonly find: RegExp; readonly replacement: string } => ({
  find: /^(@nestjs\/[^/]+|reflect-metadata|rxjs)(\/.*)?$/,
  replacement: path(`test/${workspace}/node_modules/$1$2`),
});

const common = { testTimeout: 20_000, pool: "threads" } as const;
/** These leave nothing behind in their modules, so that files may share them: half of their time was spent loading the same code. */
const folders = "http,issuer,storage,docs,conformance,contract,express,koa,fastify,fetch,mcp,robustness/fuzz";
/** Two of the core's have false timers, which would outlive them. */
const together = [`test/{${folders}}/**/*.test.ts`, "test/core/!(key-store-faults|key-store-rotated).test.ts"];
const ofNest = ["test/contract/nest.test.ts", "test/robustness/corpus-nest.test.ts", "test/nest/majors.test.ts"];

export default defineConfig({
  test: {
    maxWorkers: "100%", // by default one processor is left idle, which of two is half of them
    projects: [
      {
        resolve: { alias: [...sources] },
        test: { ...common, name: "all", include: ["test/**/*.test.ts"], exclude: ["**/node_modules/**", ...together] },
      },
      { resolve: { alias: [...sources] }, test: { ...common, name: "together", include: together, isolate: false } },
      ...["nest10", "nest11"].map((name) => ({
        resolve: { alias: [...sources, nestOf(name)] },
        test: { ...common, name, include: ofNest },
      })),
    ],
  },
});
