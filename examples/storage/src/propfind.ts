// PROPFIND, Depth 0 and 1: what is at a path, and what is in it. RFC 4918 9.1, 14, 15. Clients are told these few
// properties, whichever they ask for.
import type { Entry } from "./entry.js";
import type { Exchange } from "./exchange.js";
import { Failure } from "./failure.js";
import { list } from "./list.js";

export async function propfind({ request, response, operation, storage }: Exchange): Promise<void> {
  // `stat` is how Depth 0 was judged, and `list` any other.
  const lists = operation.name === "list";
  const write = (status: number, xml: string): unknown =>
    response
      .writeHead(status, { "Content-Type": "application/xml; charset=utf-8", "Content-Length": Buffer.byteLength(xml) })
      .end(xml);
  if (lists && request.headers.depth !== "1") return void write(403, TOO_DEEP);

  const own = await storage.entry(operation.path);
  if (own === undefined) throw new Failure(404);
  const inside = lists && own.kind === "directory" ? await list(storage, operation.path) : undefined;
  const path = operation.path.replace(/\/$/, "");
  const responses = [...(inside ?? [])].map(([name, entry]) => describe(`${path}/${name}`, entry));
  write(
    207,
    `${HEAD}<D:multistatus xmlns:D="DAV:">\n${[describe(path, own), ...responses].join("")}</D:multistatus>\n`,
  );
}

const HEAD = '<?xml version="1.0" encoding="utf-8"?>\n';
const TOO_DEEP = `${HEAD}<D:error xmlns:D="DAV:"><D:propfind-finite-depth/></D:error>\n`;

/** Nothing needs an escape of XML's: what could is percent-encoded, or a number, a date, a tag of our own. */
function describe(path: string, { kind, size, modified, etag }: Entry): string {
  const isDirectory = kind === "directory";
  const href = path.split("/").map(encodeURIComponent).join("/") + (isDirectory ? "/" : "");
  const properties = isDirectory
    ? "<D:resourcetype><D:collection/></D:resourcetype>"
    : `<D:resourcetype/><D:getcontentlength>${size}</D:getcontentlength><D:getetag>${etag}</D:getetag>`;
  const date = `<D:getlastmodified>${modified.toUTCString()}</D:getlastmodified>`;
  const found = `<D:prop>${properties}${date}</D:prop><D:status>HTTP/1.1 200 OK</D:status>`;
  return `<D:response><D:href>${href}</D:href><D:propstat>${found}</D:propstat></D:response>\n`;
}
