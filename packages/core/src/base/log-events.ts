// Events as lines of a log: for each a level, a sentence, and what a machine may search for. Rule H6.
import type { SciTokenEvent } from "./events.js";
import { checkOptionNames } from "./option-names.js";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** What a logger must be able to do: pino and console both can. */
export type Logger = Readonly<Record<LogLevel, (fields: object, message: string) => void>>;

export interface LogEventsOptions {
  /** Another level for a type of event; false: it is not logged. */
  readonly levels?: Readonly<Partial<Record<SciTokenEvent["type"], LogLevel | false>>>;
}

const LEVELS: Readonly<Record<SciTokenEvent["type"], LogLevel>> = {
  allowed: "debug",
  refused: "info",
  claim_owed: "info",
  keys_fetched: "info",
  keys_recalled: "info",
  keys_failed: "warn",
  key_store_failed: "warn",
  private_key_published: "error",
  report_only: "warn",
};

/**
 * Makes an `onEvent` that writes to a log. No line holds a token: of an unverified one only what it calls itself, made
 * fit for print.
 *
 * Levels by default: `allowed` debug; `refused`, `claim_owed`, `keys_fetched`, `keys_recalled` info; `keys_failed`,
 * `key_store_failed`, `report_only` warn; `private_key_published` error.
 * @throws {TypeError} for a logger that lacks a level, and for a wrong option, which it names
 * @example
 * createEnforcer({ issuer, audience, onEvent: logEvents(pino()) });
 * createEnforcer({ issuer, audience, onEvent: logEvents(console, { levels: { allowed: false } }) });
 */
export function logEvents(logger: Logger, options: LogEventsOptions = {}): (event: SciTokenEvent) => void {
  for (const level of ["debug", "info", "warn", "error"] as const) {
    if (typeof logger?.[level] !== "function") throw new TypeError(`logger: expected a function '${level}'`);
  }
  const levels = { ...LEVELS, ...checkLevels(options) };
  return (event) => {
    const level = levels[event.type];
    if (level === false) return;
    const { type, ...rest } = event;
    logger[level]({ event: type, ...withoutUndefined(rest) }, sentence(event));
  };
}

function checkLevels(options: LogEventsOptions): NonNullable<LogEventsOptions["levels"]> {
  checkOptionNames("logEvents", options, ["levels"]);
  const { levels = {} } = options;
  checkOptionNames("logEvents: levels", levels, Object.keys(LEVELS));
  for (const [type, level] of Object.entries<unknown>(levels)) {
    if (level !== false && !["debug", "info", "warn", "error"].includes(String(level))) {
      throw new TypeError(`logEvents: levels.${type}: expected debug, info, warn, error or false`);
    }
  }
  return levels;
}

function sentence(event: SciTokenEvent): string {
  switch (event.type) {
    case "allowed":
      return `allowed: ${event.required ?? (event.token === undefined ? "no token" : "any good token")}`;
    case "refused":
      return `${event.enforced ? "refused" : "would be refused"}: ${event.message}${event.hint === undefined ? "" : ` (${event.hint})`}`;
    case "claim_owed":
      return `a token of ${event.issuer} lacks ${event.claims.join(", ")}, which its issuer owes`;
    case "keys_fetched":
      return `fetched ${count(event.keys)} of ${event.issuer}${gone(event.removed)}`;
    case "keys_recalled":
      return `took ${count(event.keys)} of ${event.issuer} from outside the process${gone(event.removed)}`;
    case "keys_failed":
      return `cannot fetch the keys of ${event.issuer}, trying again in ${Math.ceil(event.retryAfter)} s: ${event.message}`;
    case "key_store_failed":
      return `${STORE_FAULTS[event.fault]} of ${event.issuer}, going on without: ${event.message}`;
    case "private_key_published":
      return `${event.issuer} publishes PRIVATE keys, whoever reads them can sign tokens: ${event.keyIds.join(", ")}`;
    case "report_only":
      return `routes for tokens of ${event.issuers.join(", ")} ONLY REPORT what they would refuse, and protect nothing`;
  }
}

const STORE_FAULTS = {
  reading: "cannot read the stored keys",
  content: "what is stored is no key set",
  writing: "cannot store the keys",
} as const;

const count = (keys: number): string => (keys === 1 ? "1 key" : `${keys} keys`);

const gone = (removed: readonly string[]): string => (removed.length === 0 ? "" : `; gone are ${removed.join(", ")}`);

function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
