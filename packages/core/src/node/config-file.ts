// The section [scitokens] of a configuration file, in the Python library's words. A wrong value stops the program here.
import { ALGORITHMS } from "../base/algorithms.js";
import type { Algorithm } from "../base/algorithms.js";
import { forLog } from "../base/events.js";
import { suggest } from "../base/option-names.js";
import type { LogLevelName } from "./file-log.js";
import { IniError, parseIni } from "./ini.js";
import type { Ini, IniEntry } from "./ini.js";
import { limited, REFRESH_LIMITS, USE_LIMITS } from "./config-limits.js";

/** What file and environment can say. Seconds. */
export interface ConfigValues {
  readonly refreshAfter?: number;
  readonly usableFor?: number;
  /** The folder that has `scitokens/` in it. */
  readonly cacheHome?: string;
  readonly logLevel?: LogLevelName;
  readonly logFile?: string;
  readonly defaultAlg?: Algorithm;
  readonly caFile?: string;
}

export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

type Warn = (sentence: string) => void;
/** A value in words, and what it means; undefined where it is wrong. */
type Read = (value: string, warn: Warn) => ConfigValues | undefined;

/** Beside each name what is expected, for the sentence when it is something else. An empty value counts as none. */
const NAMES: Readonly<Record<string, readonly [expected: string, read: Read]>> = {
  log_level: ["CRITICAL, ERROR, WARNING, INFO or DEBUG", readLevel],
  log_file: ["the path of a file", (logFile) => ({ logFile })],
  cache_lifetime: ["a whole number of seconds, at least 1", readLifetime],
  cache_location: ["the path of a folder", (cacheHome) => ({ cacheHome })],
  default_alg: [`one of ${ALGORITHMS.join(", ")}`, readAlgorithm],
};

/** @throws {TypeError} with file and line */
export function readFromFile(file: ConfigFile, warn: Warn): ConfigValues {
  const section = parse(file).get("scitokens");
  if (section === undefined) {
    warn(`${file.path}: expected a section [scitokens]`);
    return {};
  }
  let values: ConfigValues = {};
  for (const [name, entry] of section) values = { ...values, ...readEntry(name, entry, { file, warn }) };
  return values;
}

function parse({ path, text }: ConfigFile): Ini {
  try {
    return parseIni(text);
  } catch (error) {
    if (error instanceof IniError) throw new TypeError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

function readEntry(
  name: string,
  { value, line }: IniEntry,
  { file, warn }: { readonly file: ConfigFile; readonly warn: Warn },
): ConfigValues {
  const where = `${file.path}: line ${line}`;
  const known = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (known === undefined) {
    warn(`${where}: unknown name '${forLog(name)}'${suggest(name, Object.keys(NAMES))}`);
    return {};
  }
  if (value === "") return {};
  const [expected, read] = known;
  const values = read(value, (sentence) => warn(`${where}: ${name}: ${sentence}`));
  if (values === undefined) throw new TypeError(`${where}: ${name}: expected ${expected}`);
  return values;
}

function readLevel(value: string): ConfigValues | undefined {
  const name = value.toUpperCase();
  if (name === "WARN") return { logLevel: "WARNING" };
  const known: readonly LogLevelName[] = ["CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"];
  const logLevel = known.find((level) => level === name);
  return logLevel && { logLevel };
}

/**
 * For Python, how long a key is used without the issuer: more than an hour says how long it may be away; less, that it is to
 * be asked more often than every hour.
 */
function readLifetime(value: string, warn: Warn): ConfigValues | undefined {
  if (!/^[0-9]{1,12}$/.test(value) || Number(value) < 1) return undefined;
  const seconds = Number(value);
  if (seconds < 3600) return { refreshAfter: limited(seconds, REFRESH_LIMITS, warn) };
  return { usableFor: limited(seconds, USE_LIMITS, warn) };
}

function readAlgorithm(value: string): ConfigValues | undefined {
  const defaultAlg = ALGORITHMS.find((name) => name === value);
  return defaultAlg && { defaultAlg };
}
