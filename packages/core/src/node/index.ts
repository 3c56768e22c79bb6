// @scitokens/core/node: what only Node has. Keys in files, the configuration file, a log in a file.
export {};
