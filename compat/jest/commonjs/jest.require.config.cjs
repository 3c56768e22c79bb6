// From Node 24.9, nothing is transformed: NODE_OPTIONS=--experimental-vm-modules npx jest
module.exports = {
  testMatch: ["**/*.test.js"],
  transform: {},
};
