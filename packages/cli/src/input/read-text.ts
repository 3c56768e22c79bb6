// Text from stdin or a file, bounded. What cannot be read is trouble that names the place.
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { Trouble } from "../exit.js";
import type { Io } from "../io.js";
import { printable } from "../output/printable.js";

/** Bytes; a token has at most 16 KiB, a large key set a few hundred. */
const LIMIT = 1_048_576;

/** Reads all of stdin, until Ctrl-D on a terminal: `prompt` then says what is waited for. */
export async function readStdin(io: Io, prompt?: string): Promise<string> {
  if (io.stdin.isTTY === true && prompt !== undefined) io.stderr.write(`${prompt}\n`);
  return readStream(io, io.stdin, "stdin");
}

/** Reads a file, a pipe or a device; `-` is stdin. */
export async function readTextFile(io: Io, path: string): Promise<string> {
  return path === "-" ? readStdin(io) : readStream(io, createReadStream(path), printable(path));
}

async function readStream(io: Io, stream: Readable, name: string): Promise<string> {
  const stop = (): void => void stream.destroy(new Trouble("interrupted"));
  if (io.signal.aborted) stop();
  io.signal.addEventListener("abort", stop);
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<string | Uint8Array>) {
      const bytes = Buffer.from(chunk as Uint8Array);
      size += bytes.length;
      if (size > LIMIT) throw new Trouble(`${name}: expected at most ${LIMIT} bytes`);
      chunks.push(bytes);
    }
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    throw error instanceof Trouble ? error : new Trouble(`${name}: ${whyUnreadable(error)}`);
  } finally {
    io.signal.removeEventListener("abort", stop);
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "you may not read this file",
  EPERM: "you may not read this file",
  EISDIR: "this is a directory, not a file",
  ENOTDIR: "a part of the path is not a directory",
  ENAMETOOLONG: "the name is too long for a file",
};

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "an unknown error";
  return WHY[code] ?? `it cannot be read (${printable(code, 40)})`;
}
