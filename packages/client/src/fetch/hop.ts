// One request on its way, and the next one where the answer is a redirect. Fetch standard, HTTP-redirect fetch.
import { hasLine, toLines, withoutLines } from "./header-lines.js";
import type { HeaderLines } from "./header-lines.js";
import { canSendAgain } from "./request-body.js";

export interface Hop {
  readonly url: URL;
  /** Of the six that every fetch knows, in capitals. */
  readonly method: string;
  readonly lines: HeaderLines;
  /** What else the caller gave, the body included. */
  readonly init: RequestInit;
  /** The caller's own Request; it is sent itself, for it may know more than can be read from it. */
  readonly request: Request | undefined;
  /** Whether the token may go there: not once a redirect has led to another origin. */
  readonly trusted: boolean;
}

/** @throws {TypeError} when there is no URL, or one that holds credentials; or when the caller has put an Authorization header */
export function firstHop(input: string | URL | Request, init: RequestInit = {}): Hop {
  const request = typeof input === "object" && "url" in input ? input : undefined;
  const address = typeof input === "string" ? input : "url" in input ? input.url : input.href;
  if (!URL.canParse(address)) throw new TypeError("authorized fetch: expected an absolute URL");
  const url = new URL(address);
  checkTarget(url);
  const lines = toLines(init.headers ?? request?.headers);
  if (hasLine(lines, "authorization")) {
    throw new TypeError(
      "authorized fetch: the request has an Authorization header of its own; use fetch itself for it",
    );
  }
  const method = spellMethod(init.method ?? request?.method ?? "GET");
  return { url, method, lines, init, request, trusted: true };
}

/** Whether redirects are followed: fetch's own default. */
export function follows({ init, request }: Hop): boolean {
  return (init.redirect ?? request?.redirect ?? "follow") === "follow";
}

export function signalOf({ init, request }: Hop): AbortSignal | undefined {
  return init.signal ?? request?.signal;
}

/** Whether it can be sent a second time. */
export function isRepeatable({ init, request }: Hop): boolean {
  if (init.body !== undefined && init.body !== null) return canSendAgain(init.body);
  return request === undefined || request.body === null;
}

/**
 * Where the answer sends the caller; undefined when it is no redirect.
 * @throws {TypeError} for a redirect that fetch would not follow either
 */
export function nextHop(hop: Hop, response: Response): Hop | undefined {
  if (response.type === "opaqueredirect") throw new TypeError("authorized fetch: this fetch does not show redirects");
  const location = response.headers.get("location");
  if (!REDIRECTS.includes(response.status) || location === null) return undefined;
  if (!URL.canParse(location, hop.url.href)) throw new TypeError("authorized fetch: a redirect to what is no URL");
  const url = new URL(location, hop.url);
  checkTarget(url);
  if (url.hash === "") url.hash = hop.url.hash;
  const left = url.origin !== hop.url.origin;
  const lines = left ? withoutLines(hop.lines, CREDENTIALS) : hop.lines;
  const next = { ...hop, url, lines, trusted: hop.trusted && !left };
  return losesBody(hop.method, response.status) ? asGet(next) : asBefore(next);
}

const REDIRECTS = [301, 302, 303, 307, 308];
const CREDENTIALS = ["cookie", "proxy-authorization", "host"];
const OF_THE_BODY = ["content-encoding", "content-language", "content-length", "content-location", "content-type"];

function checkTarget(url: URL): void {
  if (url.username !== "" || url.password !== "") {
    throw new TypeError(`authorized fetch: credentials in a URL (of ${url.origin}) are not sent`);
  }
  if (!/^https?:$/.test(url.protocol)) throw new TypeError("authorized fetch: expected an http or https URL");
}

/** As fetch does: methods are case-sensitive, and `patch` is not `PATCH`. */
function spellMethod(method: string): string {
  return /^(?:delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method;
}

function losesBody(method: string, status: number): boolean {
  if (status === 303) return method !== "GET" && method !== "HEAD";
  return method === "POST" && (status === 301 || status === 302);
}

function asGet(hop: Hop): Hop {
  const { body: _, ...init } = withMembers(hop);
  return { ...hop, method: "GET", lines: withoutLines(hop.lines, OF_THE_BODY), init, request: undefined };
}

function asBefore(hop: Hop): Hop {
  if (!isRepeatable(hop))
    throw new TypeError("authorized fetch: a redirect would need the body again, and it was a stream");
  return { ...hop, init: withMembers(hop), request: undefined };
}

/** A Request cannot be sent to another URL; what it says can. */
function withMembers({ init, request }: Hop): RequestInit {
  if (request === undefined) return init;
  const { signal, integrity, keepalive } = request;
  return { signal, integrity, keepalive, ...init };
}
