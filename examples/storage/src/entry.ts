// What is at a path. Only regular files and directories are anything: links, sockets and devices are as if not there.
import type { BigIntStats } from "node:fs";

export interface Entry {
  readonly kind: "file" | "directory";
  readonly size: number;
  readonly modified: Date;
  /** Strong (RFC 9110 8.8.3): a file is never written to again, and no two uploads have one time of modification. */
  readonly etag: string;
}

export function entryOf(stats: BigIntStats): Entry | undefined {
  if (!stats.isFile() && !stats.isDirectory()) return undefined;
  return {
    kind: stats.isFile() ? "file" : "directory",
    size: Number(stats.size),
    modified: stats.mtime,
    etag: `"${[stats.ino, stats.size, stats.mtimeNs].map((number) => number.toString(36)).join("-")}"`,
  };
}
