// One scope value, read as narrowly as any verifier reads it. RFC 6749 3.3, WLCG 2.2.1, rules S1 to S3 and S6, ADR 0015.
import { Refused, quote } from "../refused.js";

/** The decoded segments of a path; `/` has none. */
export interface ScopePath {
  readonly segments: readonly string[];
  /** Whether it ends in a slash: then it names what is below, not the file of that name (S4). */
  readonly directory: boolean;
}

/** A capability on a path, or a value without one. */
export interface ScopeValue {
  readonly text: string;
  /** Before the colon; the whole text where what follows is no path, as in `wlcg:1.0`. */
  readonly name: string;
  readonly path: ScopePath | undefined;
}

const VALUE = /^[\x21\x23-\x5B\x5D-\x7E]+$/;
/** A segment says what it means: nothing that a second decoding, or another program, could read as a step or a slash. */
const BAD_SEGMENT = /^\.{0,2}$|[%/\\]|[\p{Cc}\p{Cs}]/u;

const GROUP = /^(?:\/[a-zA-Z0-9][a-zA-Z0-9_.-]*)+$/;

/** Whether it is the name of a group, such as '/cms/uscms', or of a capability set (WLCG 2.2.2). */
export function isGroupName(text: string): boolean {
  return GROUP.test(text);
}

/** Names that mean nothing without a path (S2). */
export function needsPath(name: string): boolean {
  return name === "read" || name === "write" || name === "condor" || name.startsWith("storage.");
}

/**
 * Parses a value that is going to stand in a token.
 *
 * Stricter than a verifier has to be: what two of them could read in two ways is refused here.
 * @throws {Refused} invalid_scope
 */
export function parseScopeValue(text: string): ScopeValue {
  if (!VALUE.test(text)) throw new Refused("invalid_scope", "a scope has characters that RFC 6749 does not allow");
  const colon = text.indexOf(":");
  const name = colon === -1 ? text : text.slice(0, colon);
  if (name === "") throw new Refused("invalid_scope", `${quote(text)} has no name before the colon`);
  const rest = colon === -1 ? "" : text.slice(colon + 1);
  const pathless = !rest.startsWith("/");
  if (pathless && needsPath(name)) throw new Refused("invalid_scope", `${quote(text)} needs a path, such as ${name}:/`);
  if (pathless) return { text, name: text, path: undefined };
  if (name.startsWith("compute."))
    throw new Refused("invalid_scope", `${quote(text)} has a path, and compute.* has none`);
  return { text, name, path: parsePath(rest, text) };
}

function parsePath(path: string, text: string): ScopePath {
  if (path === "/") return { segments: [], directory: true };
  if (needless(path)) throw new Refused("invalid_scope", `${quote(text)} has a path that escapes what needs no escape`);
  const directory = path.endsWith("/");
  const segments = path
    .slice(1, directory ? -1 : undefined)
    .split("/")
    .map(decode);
  if (segments.every((segment) => segment !== undefined && !BAD_SEGMENT.test(segment)))
    return { segments: segments.filter((segment) => segment !== undefined), directory };
  throw new Refused("invalid_scope", `${quote(text)} has a path that could be read in two ways`);
}

/** Whether it escapes what stands for itself (RFC 3986 2.3): a verifier that compares texts takes it for another path. */
function needless(path: string): boolean {
  return (path.match(/%[0-9a-f]{2}/gi) ?? []).some((escape) =>
    /[\w.~-]/.test(String.fromCharCode(Number.parseInt(escape.slice(1), 16))),
  );
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined; // a bad escape, or bytes that are not UTF-8
  }
}
