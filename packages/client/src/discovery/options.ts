// Where discovery looks: this process, unless told otherwise.
import { systemClock } from "../base/clock.js";
import { checkFunction, checkUid } from "../base/option-checks.js";
import { checkOptionNames } from "../base/option-names.js";

const NAMES = ["env", "uid", "onWarning", "temporaryFolder", "clock"];

export interface DiscoveryOptions {
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Whose tokens are looked for. Default: the effective user's id. Where the system has none, no `bt_u$ID` is looked at. */
  readonly uid?: number | undefined;
  /** Told in a sentence what is worth a look: another's file that was passed over, a file that others may read. Never a token. */
  readonly onWarning?: ((sentence: string) => void) | undefined;
  /** The folder of the last step, for tests. Default: `/tmp`, whatever TMPDIR says. */
  readonly temporaryFolder?: string | undefined;
  /** Seconds since the epoch. Default: the system's clock. */
  readonly clock?: (() => number) | undefined;
}

/** The options with their defaults. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number | undefined;
  readonly onWarning: ((sentence: string) => void) | undefined;
  readonly temporaryFolder: string;
  readonly clock: () => number;
}

/** @throws {TypeError} for an unknown option, or a uid that is none */
export function readSurroundings(where: string, options: DiscoveryOptions = {}): Surroundings {
  checkOptionNames(where, options, NAMES);
  const { env = process.env, uid = process.geteuid?.(), onWarning, temporaryFolder = "/tmp" } = options;
  const { clock = systemClock } = options;
  checkUid(where, uid);
  checkFunction(where, "onWarning", onWarning);
  checkFunction(where, "clock", clock);
  return { env, uid, onWarning, temporaryFolder, clock };
}
