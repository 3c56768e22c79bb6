// JavaScript with Babel, which is what Jest uses by itself.
const presets = [["@babel/preset-env", { targets: { node: "current" } }]];

module.exports = {
  testMatch: ["**/*.test.js"],
  transform: { "\\.js$": ["babel-jest", { presets }] },
  // Packages of ES modules are transformed too (the first alternative is for pnpm's layout).
  transformIgnorePatterns: ["/node_modules/(?!\\.pnpm/|@scitokens/|jose/)"],
};
