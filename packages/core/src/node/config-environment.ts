// The environment of the C++ library, where we have the same thing. It wins over the file.
import { suggest } from "../base/option-names.js";
import type { ConfigValues } from "./config-file.js";
import { limited, REFRESH_LIMITS, USE_LIMITS } from "./config-limits.js";
import type { Environment } from "./default-folders.js";

const PREFIX = "SCITOKEN_CONFIG_";

type Warn = (sentence: string) => void;

const READ: Readonly<Record<string, (value: string, warn: Warn, name: string) => ConfigValues>> = {
  KEYCACHE_UPDATE_INTERVAL_S: (value, warn, name) => ({
    refreshAfter: limited(seconds(value, name), REFRESH_LIMITS, warn),
  }),
  KEYCACHE_EXPIRATION_INTERVAL_S: (value, warn, name) => ({
    usableFor: limited(seconds(value, name), USE_LIMITS, warn),
  }),
  KEYCACHE_CACHE_HOME: (cacheHome) => ({ cacheHome }),
  TLS_CA_FILE: (caFile) => ({ caFile }),
};

/** What the C++ library has and we have not, or have always. */
const PASSED_OVER = [
  "KEYCACHE_ALLOW_IN_MEMORY",
  "KEYCACHE_REFRESH_INTERVAL_MS",
  "KEYCACHE_REFRESH_THRESHOLD_MS",
  "MONITORING_FILE",
  "MONITORING_FILE_INTERVAL_S",
];

/** @throws {TypeError} that names the variable */
export function readFromEnvironment(env: Environment, warn: Warn): ConfigValues {
  let values: ConfigValues = {};
  const known = Object.keys(READ);
  for (const [name, value] of variables(env)) {
    const read = Object.hasOwn(READ, name) ? READ[name] : undefined;
    if (read !== undefined) {
      const told: Warn = (sentence) => warn(`${PREFIX}${name}: ${sentence}`);
      values = { ...values, ...read(value, told, `${PREFIX}${name}`) };
    } else if (!PASSED_OVER.includes(name)) {
      warn(`unknown variable ${PREFIX}${name}${suggest(name, [...known, ...PASSED_OVER])}`);
    }
  }
  return values;
}

/** By name without prefix. All in lower case is taken, too, where it does not stand in upper case. */
function variables(env: Environment): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const prefix of [PREFIX.toLowerCase(), PREFIX]) {
    for (const [name, value] of Object.entries(env)) {
      if (value === undefined || value === "" || !name.startsWith(prefix)) continue;
      found.set(name.slice(prefix.length).toUpperCase(), value);
    }
  }
  return found;
}

function seconds(value: string, name: string): number {
  if (!/^\s*[0-9]{1,12}\s*$/.test(value)) throw new TypeError(`${name}: expected a whole number of seconds`);
  return Number(value);
}
