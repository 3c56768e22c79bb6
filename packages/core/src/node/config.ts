// The configuration file of the Python library and the environment of the C++ library, as options of ours.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Algorithm } from "../base/algorithms.js";
import type { SciTokenEvent } from "../base/events.js";
import { forLog } from "../base/events.js";
import { logEvents } from "../base/log-events.js";
import { checkOptionNames } from "../base/option-names.js";
import type { KeyOptions } from "../enforcer/option-types.js";
import { codeOf } from "./code-of.js";
import { readFromEnvironment } from "./config-environment.js";
import { readFromFile } from "./config-file.js";
import type { ConfigFile, ConfigValues } from "./config-file.js";
import { configFolder } from "./default-folders.js";
import type { Environment } from "./default-folders.js";
import { directoryKeyStore } from "./directory-key-store.js";
import { createFileLog } from "./file-log.js";
import type { LogLevelName } from "./file-log.js";

export interface ConfigOptions {
  /** Which file to read. Default: the first of the usual places that is there. */
  readonly file?: string | undefined;
  /** Default `process.env`. */
  readonly env?: Environment | undefined;
  /** Where the log goes when there is no `log_file`, line by line. Default: stderr. */
  readonly print?: ((line: string) => void) | undefined;
}

export interface Config {
  /** The file that was read; undefined: there is none in any of the usual places. */
  readonly file: string | undefined;
  /** For `createEnforcer({ keys })`. */
  readonly keys: KeyOptions;
  /** The algorithm of new keys and tokens, where the file names one. */
  readonly defaultAlg: Algorithm | undefined;
  readonly log: { readonly level: LogLevelName; readonly file: string | undefined };
  /** Certificates of authorities in PEM, to be trusted where keys are fetched. */
  readonly caFile: string | undefined;
  /** For `createEnforcer({ onEvent })`: writes to the log. */
  readonly onEvent: (event: SciTokenEvent) => void;
  /** What is odd about the file or the environment, in sentences. They are in the log, too. */
  readonly warnings: readonly string[];
}

/**
 * Reads the configuration: `file`, else `$SCITOKENS_CONFIG`, else the first that is there of
 * `$XDG_CONFIG_HOME/scitokens/scitokens.ini` (`~/.config`) and `/etc/scitokens/scitokens.ini`; over it the `SCITOKEN_CONFIG_*`
 * variables of the C++ library.
 * @throws {TypeError} for a wrong value, with file, line and what is expected
 * @throws {Error} when the file that was named cannot be read
 * @example
 * const config = loadConfig();
 * const enforcer = createEnforcer({ issuer, audience, keys: config.keys, onEvent: config.onEvent });
 */
export function loadConfig(options: ConfigOptions = {}): Config {
  checkOptionNames("loadConfig", options, ["file", "env", "print"]);
  const { env = process.env } = options;
  const warnings: string[] = [];
  const warn = (sentence: string): void => void warnings.push(sentence);
  const found = findFile(options.file, env, warn);
  const fromFile: ConfigValues = found === undefined ? {} : readFromFile(found, warn);
  const values: ConfigValues = { ...fromFile, ...readFromEnvironment(env, warn) };
  const log = { level: values.logLevel ?? "WARNING", file: values.logFile } as const;
  const logger = createFileLog({ ...log, print: options.print, onFault: (why) => warnProcess(`log_file: ${why}`) });
  for (const sentence of warnings) logger.warn({ event: "configuration" }, sentence);
  return Object.freeze({
    file: found?.path,
    keys: Object.freeze(keyOptions(values)),
    defaultAlg: values.defaultAlg,
    log: Object.freeze(log),
    caFile: values.caFile,
    onEvent: logEvents(logger),
    warnings: Object.freeze(warnings),
  });
}

function keyOptions({ refreshAfter, usableFor, cacheHome }: ConfigValues): KeyOptions {
  return {
    ...(refreshAfter !== undefined && { refreshAfter }),
    ...(usableFor !== undefined && { usableFor }),
    // As both libraries have it: what is named holds the folder of all caches' name.
    ...(cacheHome !== undefined && { store: directoryKeyStore(join(cacheHome, "scitokens")) }),
  };
}

function findFile(
  given: string | undefined,
  env: Environment,
  warn: (sentence: string) => void,
): ConfigFile | undefined {
  const named = given ?? (env["SCITOKENS_CONFIG"] === "" ? undefined : env["SCITOKENS_CONFIG"]);
  if (named !== undefined) return { path: resolve(named), text: readFileSync(named, "utf8") };
  const folder = configFolder(env);
  for (const place of [...(folder === undefined ? [] : [folder]), "/etc"]) {
    const path = join(place, "scitokens", "scitokens.ini");
    try {
      return { path, text: readFileSync(path, "utf8") };
    } catch (error) {
      const code = String(codeOf(error));
      // A service that runs as another user than its HOME says, say: nobody named the file, so nobody counts on it.
      if (["EACCES", "EPERM"].includes(code)) warn(`${path}: it is passed over, since it cannot be read (${code})`);
      else if (!["ENOENT", "ENOTDIR"].includes(code)) throw error;
    }
  }
  return undefined;
}

function warnProcess(message: string): void {
  process.emitWarning(forLog(message) ?? "", { type: "SciTokensWarning" });
}
