// A log of lines in a file, or on stderr: what cannot be written is dropped with one warning, and nobody waits for it.
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import type { Logger, LogLevel } from "../base/log-events.js";
import { checkUser } from "./own-folder.js";
import { walkTo } from "./walk-to.js";

/** Python's names of levels. `CRITICAL`: none of ours is so bad, so nothing is logged. */
export type LogLevelName = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";

const RANKS: Readonly<Record<LogLevelName, number>> = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 };
const NAMES: Readonly<Record<LogLevel, LogLevelName>> = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  error: "ERROR",
};
/** Bytes that may wait for a slow disk. */
const MAX_WAITING = 1_048_576;

export interface FileLogOptions {
  readonly level: LogLevelName;
  readonly file: string | undefined;
  /** Where lines go without a file. Default: stderr. */
  readonly print?: ((line: string) => void) | undefined;
  /** Hears once why the file cannot be written to, until it can again. */
  readonly onFault: (message: string) => void;
}

/**
 * Makes a logger that appends lines of JSON. The file is opened for each batch, so that it may be moved away at any time;
 * where it is new, its mode is 0600.
 */
export function createFileLog({ level, file, print = toStderr, onFault }: FileLogOptions): Logger {
  const write = file === undefined ? print : createAppender(file, onFault);
  const log = (at: LogLevel) => (fields: object, message: string) => {
    if (RANKS[NAMES[at]] < RANKS[level]) return;
    const line = { time: new Date().toISOString(), level: NAMES[at], message };
    write(`${JSON.stringify({ ...line, ...fields, ...line })}\n`); // first in the line, and no field in their place
  };
  return Object.freeze({ debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") });
}

/** As console does: a terminal or a pipe that is gone, or a disk that is full, is no reason to end the service. */
function toStderr(line: string): void {
  const { stderr } = process;
  try {
    stderr.write(line, (error) => {
      if (error instanceof Error && stderr.listenerCount("error") === 0) stderr.once("error", () => {});
    });
  } catch {
    // There is nowhere to say it.
  }
}

function createAppender(file: string, onFault: (message: string) => void): (line: string) => void {
  const path = resolve(file);
  let waiting: string[] = [];
  let size = 0;
  let writing = false;
  let faulty = false;

  async function writeAll(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const text = waiting.join("");
      [waiting, size] = [[], 0];
      try {
        await append(path, text);
        faulty = false;
      } catch (error) {
        tell(error instanceof Error ? error.message : "it cannot be written to");
      }
    }
    writing = false;
  }

  function tell(fault: string): void {
    if (!faulty) onFault(fault);
    faulty = true;
  }

  return (line) => {
    if (size + line.length > MAX_WAITING) return tell(`${path}: lines are dropped, the disk is too slow for them`);
    waiting.push(line);
    size += line.length;
    if (!writing) void writeAll();
  };
}

/** Not waiting for whoever may hold the other end of a pipe. */
const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NONBLOCK ?? 0);

async function append(path: string, text: string): Promise<void> {
  const file = await open(path, APPEND | (await checkLinks(path)), 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

/**
 * Links on the way must be this user's or root's: in /tmp others make links, too.
 * @returns the flag that lets nobody put one at the end since
 */
async function checkLinks(path: string): Promise<number> {
  let endsInLink = false;
  await walkTo(path, (step) => {
    if (!step.facts.isSymbolicLink()) return;
    checkUser(step);
    if (step.path === path) endsInLink = true;
  });
  return endsInLink ? 0 : (constants.O_NOFOLLOW ?? 0);
}
