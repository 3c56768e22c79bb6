// TypeScript or JavaScript to CommonJS with @swc/jest.
module.exports = {
  testMatch: ["**/*.test.ts"],
  transform: { "\\.[jt]s$": "@swc/jest" },
  // Packages of ES modules are transformed too (the first alternative is for pnpm's layout).
  transformIgnorePatterns: ["/node_modules/(?!\\.pnpm/|@scitokens/|jose/)"],
};
