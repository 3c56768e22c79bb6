// What a request asks of the present state before it is carried out. RFC 9110 13, RFC 4918 9, 10.
import type { IncomingMessage } from "node:http";
import type { Operation } from "@scitokens/core/http";
import type { Entry } from "./entry.js";
import { Failure } from "./failure.js";
import { namesOf } from "./path.js";

type Asked = Pick<IncomingMessage, "headers" | "method">;

/** @throws {Failure} */
export function refuseUnmet(request: Asked, present: Entry | undefined): void {
  const status = unmetCondition(request, present);
  if (status !== undefined) throw new Failure(status);
}

/** 412; or 304, where a reader has it already. */
export function unmetCondition({ headers, method }: Asked, present: Entry | undefined): 304 | 412 | undefined {
  const reads = method === "GET" || method === "HEAD";
  // Conditions on locks and other resources (RFC 4918 10.4) are not understood here, and so not met.
  if (headers.if !== undefined) return 412;
  const match = headers["if-match"];
  if (match === undefined ? isAfter(present, headers["if-unmodified-since"]) : !isOneOf(present, match)) return 412;
  const noneMatch = headers["if-none-match"];
  if (noneMatch !== undefined) {
    if (!isOneOf(present, noneMatch.replaceAll("W/", ""))) return undefined;
    return reads ? 304 : 412;
  }
  const since = headers["if-modified-since"];
  const isDate = !Number.isNaN(Date.parse(since ?? ""));
  return reads && isDate && !isAfter(present, since) ? 304 : undefined;
}

/** Whether a part may be sent. Not for a date: a file can have two states in one second (RFC 9110 13.1.5). */
export function allowsRange({ headers }: Asked, { etag }: Entry): boolean {
  return headers["if-range"] === undefined || headers["if-range"] === etag;
}

/** A Depth that asks for less than all is refused at a directory where it is not known: more would be done than asked. */
export function refuseDepth({ headers }: Asked, present: Entry, known: readonly string[] = ["infinity"]): void {
  const { depth = "infinity" } = headers;
  if (present.kind === "directory" && !known.includes(String(depth).toLowerCase())) throw new Failure(400);
}

/** 403 is what the same request would get from now on: its token may create, and that has been done. */
export function refuseReplacing({ mayReplace }: Operation, present: Entry | undefined): void {
  if (present !== undefined && !mayReplace) throw new Failure(403);
}

/** The root, and what is directly in it, are the areas of issuers: they stay. */
export function refuseArea(path: string): void {
  if (namesOf(path).length < 2) throw new Failure(403);
}

/** Compares strongly: ours are strong tags, and `W/"x"` is none of them. */
function isOneOf(present: Entry | undefined, tags: string): boolean {
  if (present === undefined) return false;
  const given: readonly string[] = tags.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.trim() === "*" || given.includes(present.etag);
}

/** In whole seconds, as dates are. What is no date is no condition. */
function isAfter(present: Entry | undefined, date: string | undefined): boolean {
  return present !== undefined && Math.floor(present.modified.getTime() / 1000) * 1000 > Date.parse(date ?? "");
}
