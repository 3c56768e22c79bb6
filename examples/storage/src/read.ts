// GET and HEAD: a file, or one range of its bytes. RFC 9110 9.3, 13, 14. A directory is not read (405) but listed, by PROPFIND.
import { pipeline } from "node:stream/promises";
import { allowsRange, unmetCondition } from "./conditions.js";
import type { OpenFile } from "./directory.js";
import { answer } from "./exchange.js";
import type { Exchange } from "./exchange.js";
import { Failure } from "./failure.js";
import { whileOpen } from "./while-open.js";

export async function read(exchange: Exchange): Promise<void> {
  const { operation, storage } = exchange;
  const file = await storage.open(operation.path);
  if (file === undefined) throw new Failure(404);
  if (file === "directory") throw new Failure(405);
  await whileOpen(file.handle, () => send(file, exchange));
}

async function send({ handle, entry }: OpenFile, { request, response, patience }: Exchange): Promise<void> {
  const { size, etag, modified } = entry;
  response.setHeader("ETag", etag).setHeader("Last-Modified", modified.toUTCString());
  const unmet = unmetCondition(request, entry);
  if (unmet !== undefined) return answer(response, unmet);
  const isGet = request.method === "GET";
  const range = isGet && allowsRange(request, entry) ? parseRange(request.headers.range, size) : undefined;
  if (range === "unsatisfiable") return answer(response.setHeader("Content-Range", `bytes */${size}`), 416);

  const { start, end } = range ?? { start: 0, end: size - 1 };
  response.writeHead(range === undefined ? 200 : 206, {
    ...(range && { "Content-Range": `bytes ${start}-${end}/${size}` }),
    "Content-Length": end - start + 1,
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Accept-Ranges": "bytes",
  });
  if (isGet && size > 0) {
    const bytes = handle.createReadStream({ start, end });
    response.setTimeout(patience * 1000);
    await pipeline(bytes, response, { end: false });
    // Somebody on this machine has cut the file short: that ends the connection, or the client would wait for the rest.
    if (bytes.bytesRead < end - start + 1) return void response.destroy();
  }
  response.end();
}

/** Both inclusive. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** Undefined: the whole file. So for several ranges, and for what is no range by its form, or runs backwards. */
export function parseRange(header: string | undefined, size: number): Range | "unsatisfiable" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  return start < size ? { start, end } : "unsatisfiable";
}
