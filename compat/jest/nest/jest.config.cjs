// Nest and TypeScript to CommonJS with @swc/jest.
const jsc = {
  parser: { syntax: "typescript", decorators: true },
  transform: { legacyDecorator: true, decoratorMetadata: true },
};

module.exports = {
  testMatch: ["**/*.test.ts"],
  transform: { "\\.[jt]s$": ["@swc/jest", { jsc }] },
  // Packages of ES modules are transformed too; from Nest 12 its own are among them.
  transformIgnorePatterns: ["/node_modules/(?!\\.pnpm/|@scitokens/|jose/|@nestjs/)"],
};
