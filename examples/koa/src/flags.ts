// The flags this service knows, in memory: a real one asks its database.
import { unite } from "./segments.js";
import type { Segment } from "./segments.js";

/** When the data of a detector were of some quality, and who said so. */
export interface Flag {
  readonly active: readonly Segment[];
  readonly reporters: readonly string[];
}

export interface Report {
  readonly active: readonly Segment[];
  readonly by: string | undefined;
}

export interface Flags {
  find(name: FlagName): Flag | undefined;
  add(name: FlagName, report: Report): Flag;
}

/** The parameters of a flag's route: `ifo`, `flag` and `version`. */
export type FlagName = Readonly<Record<string, string>>;

export function createFlags(): Flags {
  const flags = new Map<string, Flag>();
  const keyOf = ({ ifo, flag, version }: FlagName): string => JSON.stringify([ifo, flag, version]);
  const find = (name: FlagName): Flag | undefined => flags.get(keyOf(name));
  const add = (name: FlagName, { active, by = "somebody" }: Report): Flag => {
    const before = find(name) ?? { active: [], reporters: [] };
    const reporters = [...new Set([...before.reporters, by])];
    const after = { active: unite([...before.active, ...active]), reporters };
    flags.set(keyOf(name), after);
    return after;
  };
  const observing: Segment = [1_187_008_882, 1_187_012_978];
  add({ ifo: "H1", flag: "DMT-ANALYSIS_READY", version: "1" }, { active: [observing], by: "detchar" });
  return { find, add };
}
