// A small file that should hold a token: whose is it, who can read it, what is in it. WLCG Bearer Token Discovery.
import { constants } from "node:fs";
import type { Stats } from "node:fs";
import { lstat, open, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { codeOf, describeFileError, meaningOf } from "./name-file.js";

export interface FileRules {
  /** Who should own it; undefined where the system has no owners. */
  readonly uid: number | undefined;
  /** Whether another's file is as good as none: where anybody can put files, as in /tmp. Else there is a warning. */
  readonly ownOnly: boolean;
}

/** `missing` is no fault, and nothing to stop at; `failed` is one. The words follow on the file's name. */
export type FileFinding =
  | { readonly kind: "text"; readonly text: string; readonly modifiedAt: number; readonly warning: string | undefined }
  | { readonly kind: "missing"; readonly why: string; readonly foreign: boolean }
  | { readonly kind: "failed"; readonly why: string; readonly code: "unusable" | "unreachable" };

const MAX_BYTES = 1_048_576;

/** Reads it. What was opened is what is judged, and nothing that blocks is waited for: a FIFO, a terminal. */
export async function readTokenFile(path: string, rules: FileRules): Promise<FileFinding> {
  try {
    const followed = rules.ownOnly ? await ownEntry(path, rules) : "any";
    if (typeof followed === "object") return followed;
    // O_NONBLOCK: opening a FIFO would wait for a writer. O_NOFOLLOW: the entry that was looked at is the one opened.
    const noFollow = followed === "none" ? constants.O_NOFOLLOW : 0;
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | noFollow);
    try {
      return await judge(file, rules);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = codeOf(error);
    // A folder on the way that is a file: the file is missing no less than with a folder that does not exist.
    if (code === "ENOENT" || code === "ENOTDIR") return missing("no such file");
    return failed(meaningOf(error), describeFileError(error));
  }
}

/**
 * Whoever may write to the folder can put a symbolic link there, to another file of ours: the link must be ours, too.
 * In a sticky folder nobody can exchange it behind our back.
 */
async function ownEntry(path: string, { uid }: FileRules): Promise<FileFinding | "any" | "none"> {
  const entry = await lstat(path);
  if (uid !== undefined && entry.uid !== uid) return foreign(entry, uid);
  return entry.isSymbolicLink() ? "any" : "none";
}

async function judge(file: FileHandle, { uid, ownOnly }: FileRules): Promise<FileFinding> {
  const stats = await file.stat();
  const isForeign = uid !== undefined && stats.uid !== uid;
  if (isForeign && ownOnly) return foreign(stats, uid);
  const modifiedAt = stats.mtimeMs / 1000;
  if (await isNullDevice(stats)) return { kind: "text", text: "", modifiedAt, warning: undefined };
  if (!stats.isFile()) {
    return failed("unusable", stats.isDirectory() ? "it is a directory" : "it is no regular file");
  }
  const text = await readLimited(file);
  if (text === undefined) return failed("unusable", "it is larger than 1 MiB");
  const warning = isForeign ? `it belongs to user ${stats.uid}, not to user ${uid}` : warnOfMode(stats);
  return { kind: "text", text, modifiedAt, warning };
}

/** Latin-1 keeps bytes apart: whatever is not ASCII, a byte order mark for one, is no part of a token and no white space. */
async function readLimited(file: FileHandle): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536), 0, 65_536);
    if (bytesRead === 0) return Buffer.concat(chunks).toString("latin1");
    length += bytesRead;
    if (length > MAX_BYTES) return undefined;
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

/** `BEARER_TOKEN_FILE=/dev/null` is how a person says: none. */
async function isNullDevice(stats: Stats): Promise<boolean> {
  return stats.isCharacterDevice() && stats.rdev === (await stat("/dev/null")).rdev;
}

function warnOfMode({ mode, uid }: Stats): string | undefined {
  if (uid === undefined || process.platform === "win32" || (mode & 0o077) === 0) return undefined;
  return `others may read or change it (mode 0${(mode & 0o777).toString(8)}): chmod 600`;
}

function foreign({ uid: owner }: Stats, uid: number): FileFinding {
  return { kind: "missing", why: `it belongs to user ${owner}, not to user ${uid}: passed over`, foreign: true };
}

function missing(why: string): FileFinding {
  return { kind: "missing", why, foreign: false };
}

function failed(code: "unusable" | "unreachable", why: string): FileFinding {
  return { kind: "failed", why, code };
}
