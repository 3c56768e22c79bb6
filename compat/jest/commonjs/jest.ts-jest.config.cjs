// TypeScript to CommonJS with ts-jest.
const tsconfig = { module: "nodenext", isolatedModules: true, allowJs: true, strict: true };

module.exports = {
  testMatch: ["**/*.test.ts"],
  transform: { "\\.[jt]s$": ["ts-jest", { tsconfig }] },
  // Packages of ES modules are transformed too (the first alternative is for pnpm's layout).
  transformIgnorePatterns: ["/node_modules/(?!\\.pnpm/|@scitokens/|jose/)"],
};
