// What the configuration file and the environment say, and where keys are kept between runs. Rules I13, I14.
import type { KeyOptions, KeyStore, SciTokenEvent } from "@scitokens/core";
import { defaultKeyFolder, directoryKeyStore, loadConfig, wlcgSystemKeys } from "@scitokens/core/node";
import type { Config } from "@scitokens/core/node";
import { Trouble } from "../exit.js";
import type { Io } from "../io.js";
import { warn } from "../output/print.js";
import { printable } from "../output/printable.js";

export interface Settings {
  readonly keys: KeyOptions;
  readonly caFile: string | undefined;
  readonly onEvent: (event: SciTokenEvent) => void;
  /** Waits until what was fetched is kept on disk: an enforcer does not. */
  settled(): Promise<void>;
}

export interface SettingsFlags {
  readonly config?: string;
  /** false: no key is kept on disk. */
  readonly keyCache: boolean;
  readonly systemKeys?: boolean;
}

/** @throws {Trouble} when the file cannot be read, or says what it may not */
export function readSettings(io: Io, flags: SettingsFlags): Settings {
  let verbose = false;
  const print = (line: string): void => void (verbose && io.stderr.write(line));
  const config = load(io, flags.config, print);
  // A command says itself what matters; who wants the library's log on stderr too sets a level below WARNING.
  verbose = config.log.file === undefined && ["DEBUG", "INFO"].includes(config.log.level);
  const { store, ...keys } = config.keys;
  const writes: Promise<unknown>[] = [];
  const stores = storesOf(io, flags, store).map((one) => noteWrites(one, writes));
  for (const sentence of config.warnings) warn(io, printable(sentence));
  return {
    keys: stores.length === 0 ? keys : { ...keys, store: stores },
    caFile: config.caFile,
    onEvent(event) {
      config.onEvent(event);
      tell(io, event);
    },
    settled: async () => void (await Promise.allSettled(writes)),
  };
}

function noteWrites(store: KeyStore, writes: Promise<unknown>[]): KeyStore {
  return {
    get: (key) => store.get(key),
    ...(store.set !== undefined && {
      set(key, value, ttl) {
        const written = Promise.resolve(store.set?.(key, value, ttl));
        writes.push(written);
        return written;
      },
    }),
  };
}

function load(io: Io, file: string | undefined, print: (line: string) => void): Config {
  try {
    return loadConfig({ file, env: io.env, print });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Trouble(`configuration: ${printable(error.message)}`);
  }
}

/** The keys of the system first: where there are some, nobody else need be asked. */
function storesOf(io: Io, { keyCache, systemKeys }: SettingsFlags, named: KeyOptions["store"]): readonly KeyStore[] {
  const own = keyCache ? [named ?? defaultStore(io)].flat() : [];
  const system = systemKeys === true ? [wlcgSystemKeys({ env: io.env, clock: io.clock })] : [];
  return [...system, ...own].filter((store) => store !== undefined);
}

/** Undefined for a user without a home. */
function defaultStore(io: Io): KeyStore | undefined {
  try {
    return directoryKeyStore(defaultKeyFolder(io.env));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** What a person at a terminal should know, though it changes no verdict. */
function tell(io: Io, event: SciTokenEvent): void {
  if (event.type === "private_key_published") {
    warn(
      io,
      `${printable(event.issuer)} publishes PRIVATE keys: whoever reads them can sign tokens. Tell its administrators`,
    );
  }
  if (event.type === "key_store_failed") warn(io, `the key cache is not used: ${printable(event.message)}`);
}
