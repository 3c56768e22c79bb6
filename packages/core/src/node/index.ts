// @scitokens/core/node: what only Node has. Keys in files, the configuration file, a log in a file.
export { directoryKeyStore } from "./directory-key-store.js";
export type { DirectoryKeyStore, DirectoryKeyStoreOptions, EntriesOptions } from "./directory-key-store.js";
export { defaultKeyFolder } from "./default-folders.js";
export type { Environment } from "./default-folders.js";
export type { StoredKeys } from "./list-stored-keys.js";
export { storedJwks } from "./stored-jwks.js";
export type { JwksForStore, JwksToStore } from "./stored-jwks.js";
export { wlcgSystemKeys } from "./system-keys.js";
export type { SystemKeysOptions } from "./system-keys.js";
export { loadConfig } from "./config.js";
export type { Config, ConfigOptions } from "./config.js";
export type { LogLevelName } from "./file-log.js";
export { IniError, parseIni } from "./ini.js";
export type { Ini, IniEntry, IniOptions, IniSection } from "./ini.js";
