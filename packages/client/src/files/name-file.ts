// How a file is called in messages. A token that was put where its file's name belongs must not be printed as a name.
import { printable } from "../base/printable.js";

/** `the file /tmp/bt_u1000`; where the name could be a token itself: `the file that BEARER_TOKEN_FILE names`. */
export function nameFile(path: string, variable?: string): string {
  const isPath = /^(?:\.{0,2}\/|[A-Za-z]:[\\/])/.test(path);
  if (isPath) return `the file ${printable(path)}${variable === undefined ? "" : ` (${variable})`}`;
  return variable === undefined ? "the token file" : `the file that ${variable} names`;
}

/** An error of the file system in words; its own message quotes the path, and so is left out. */
export function describeFileError(error: unknown): string {
  const code = codeOf(error);
  if (code === undefined) return "it cannot be read";
  const words = WORDS.get(code);
  return words === undefined ? code : `${words} (${code})`;
}

/** What an error of the file system means for whoever wants the file: ENXIO is a socket, or a device without its driver. */
export function meaningOf(error: unknown): "unusable" | "unreachable" {
  return codeOf(error) === "ENXIO" ? "unusable" : "unreachable";
}

/** The code of a system error: `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ["EACCES", "permission denied"],
  ["EPERM", "not permitted"],
  ["EISDIR", "it is a directory"],
  ["ELOOP", "too many symbolic links"],
  ["ENAMETOOLONG", "the name is too long"],
  ["ENOENT", "no such file or folder"],
  ["ENOTDIR", "a part of its path is no folder"],
  ["ENOSPC", "the disk is full"],
  ["EROFS", "the file system is read-only"],
  ["ENXIO", "it is no regular file"],
]);
