// The other end of a MOVE or COPY, as its header names it: a path here, or another server's URL. Rules R2, R3; RFC 4918 10.3.
import { isRefused, readTarget } from "./path-model.js";
import type { ModelPath } from "./path-model.js";

export type End = "bad" | { readonly path: ModelPath } | { readonly remote: string };

export interface Here {
  /** The request's Host. */
  readonly host: string;
  readonly audiences: readonly string[];
}

export function readEnd(lines: readonly string[], here: Here): End {
  const [line = ""] = lines;
  if (lines.some((other) => other !== line) || line.includes("#")) return "bad";
  if (line.startsWith("/")) return line.startsWith("//") ? "bad" : local(line);
  const [, scheme = "", authority = "", path = ""] = /^(https?):\/\/([^/?]*)(.*)$/is.exec(line) ?? [];
  if (!/^[\w.-]+(:\d+)?$/.test(authority)) return "bad"; // no user, and a name
  const end = local(path.startsWith("/") ? path : `/${path}`);
  if (end === "bad") return "bad";
  return isHere(scheme, authority, here) ? end : { remote: line };
}

function local(text: string): "bad" | { readonly path: ModelPath } {
  const path = readTarget(text);
  return isRefused(path) ? "bad" : { path };
}

/** The request's Host, or what one of the audiences names: with or without a scheme. */
function isHere(scheme: string, authority: string, { host, audiences }: Here): boolean {
  const own = [host, ...audiences.map((audience) => audience.replace(/^https?:\/\//i, "").replace(/\/.*$/s, ""))];
  return own.some((name) => plain(scheme, name) === plain(scheme, authority));
}

/** In small letters, and without the port that the scheme implies. */
function plain(scheme: string, authority: string): string {
  return authority.toLowerCase().replace(scheme.toLowerCase() === "https" ? /:443$/ : /:80$/, "");
}
