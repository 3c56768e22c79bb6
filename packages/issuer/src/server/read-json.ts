// The JSON body of a request, limited in size. RFC 8259, RFC 9110 8.3 and 15.5.14.
import type { IncomingMessage } from "node:http";
import { Refusal } from "./answer.js";
import { readBody } from "./read-body.js";

/** Reads and parses the body; refuses another media type (415), more than 64 KiB (413) and what is not JSON (400). */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const { "content-type": type = "", "content-encoding": encoding = "identity" } = request.headers;
  if (!/^application\/json[\t ]*(?:;|$)/i.test(type))
    throw new Refusal(415, "the content type must be application/json");
  if (encoding !== "identity") throw new Refusal(415, "the body must not be compressed");
  const bytes = await readBody(request);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal(400, "the body is not JSON in UTF-8");
  }
}
