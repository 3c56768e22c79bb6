// The other end of a MOVE or COPY, from its Destination or Source header: as strict as the target. RFC 4918 10.3, rules R2, R3.
import { InvalidPathError } from "../base/errors.js";
import type { CanonicalPath } from "../scopes/path.js";
import { parseTarget } from "./request-path.js";

/** A path of this server, or the URL of another one. */
export type OtherEnd = { readonly path: CanonicalPath } | { readonly remote: string };

/** The values of a request's header lines. */
export type ReadHeader = (name: string) => readonly string[];

export interface ThisServer {
  readonly header: ReadHeader;
  /** Its names; those that are URLs, or host and port, are hosts of it besides the request's own. */
  readonly audiences: readonly string[];
}

/** An absolute URL: no user, no fragment. */
const URL_FORM = /^(https?):\/\/((?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?)((?:[/?][!"$-~]*)?)$/i;

/**
 * @returns undefined when there is no such header
 * @throws {InvalidPathError} for what is no absolute path and no URL, for an encoded `..`, for several that differ
 */
export function readOtherEnd(name: "Destination" | "Source", server: ThisServer): OtherEnd | undefined {
  const [value, ...others] = server.header(name.toLowerCase());
  if (value === undefined) return undefined;
  if (others.some((other) => other !== value)) throw new InvalidPathError(`${name}: expected one; the lines differ`);
  // `//host/path` is a URL without its scheme: a path to some, another server to others.
  if (value.startsWith("/") && !value.startsWith("//")) return { path: parseTarget(value) };
  const url = URL_FORM.exec(value);
  if (url === null) throw new InvalidPathError(`${name}: expected an absolute path, or an http or https URL`);
  const [, scheme = "", authority = "", rest = ""] = url;
  const path = parseTarget(rest.startsWith("/") ? rest : `/${rest}`); // of another server's too: it may not be that strict
  if (isHere(authority, scheme.toLowerCase(), server)) return { path };
  if (!URL.canParse(value)) throw new InvalidPathError(`${name}: expected a URL`);
  return { remote: value };
}

function isHere(authority: string, scheme: string, { header, audiences }: ThisServer): boolean {
  const asked = normalise(authority, scheme);
  const own = header("host").map((host) => normalise(host, scheme));
  return own.includes(asked) || audiences.some((name) => hostOf(name, scheme) === asked);
}

/** The host of an audience: of a URL, or of `host:port` as compute elements are called. */
function hostOf(audience: string, scheme: string): string {
  const url = URL_FORM.exec(audience);
  return url === null ? normalise(audience, scheme) : normalise(url[2] ?? "", (url[1] ?? "").toLowerCase());
}

/** In lower case, without the scheme's own port. RFC 3986 6.2.3. */
function normalise(authority: string, scheme: string): string {
  const lower = authority.toLowerCase();
  const port = scheme === "http" ? ":80" : ":443";
  return lower.endsWith(port) ? lower.slice(0, -port.length) : lower;
}
