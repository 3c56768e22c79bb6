// The body of a request, limited in size. RFC 9110 15.5.14.
import type { IncomingMessage } from "node:http";
import { Refusal } from "./answer.js";

const LIMIT = 64 * 1024; // bytes

/**
 * Reads the body; refuses more than 64 KiB (413).
 *
 * To its end though no longer kept, so that the sender sees the answer instead of a reset connection.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size <= LIMIT) chunks.push(chunk);
  }
  if (size > LIMIT) throw new Refusal(413, "the body is larger than 64 KiB");
  return Buffer.concat(chunks);
}
