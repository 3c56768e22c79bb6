// What the cells of the tables mean: a verdict, a request, a list, a profile.
import type { ProfileName } from "@scitokens/core";
import { EVERY_PROFILE } from "../support/static-issuer.js";
import type { Asking, Told } from "./storage-server.js";

/** "+" allowed, "-" forbidden, else the status. */
export const sign = ({ verdict }: Told): string => (verdict === "403" ? "-" : verdict);

/** The words of a cell; "-" has none. */
export const listOf = (cell = ""): readonly string[] => cell.split(" ").filter((word) => word !== "" && word !== "-");

/** "MOVE /a -> /b", with a Destination; "PROPFIND1 /a", with a Depth; "PUTnew /a", where nothing is there. */
export function requestOf(cell = ""): Asking {
  const [line = "", destination] = cell.split(" -> ");
  const [, method = "", more = "", target = ""] = /^(PROPFIND|PUT|MKCOL|\w+?)(\d|infinity|new)? (.*)$/.exec(line) ?? [];
  const lines = [
    ...(destination === undefined ? [] : ["Destination", destination]),
    ...(method === "PROPFIND" && more !== "" ? ["Depth", more] : []),
  ];
  return { request: `${method} ${target}`, lines, ...(more === "new" ? { exists: false } : {}) };
}

export function profileOf(cell = ""): ProfileName {
  const profile = EVERY_PROFILE.find((name) => name === cell);
  if (profile === undefined) throw new Error(`expected a profile: ${cell}`);
  return profile;
}
