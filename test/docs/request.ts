// A request as a table of the docs writes it: `MOVE /wlcg/a`, `Destination: /wlcg/b`; a body as JSON.
import type { RawRequest } from "../support/raw-request.js";
import { quotedIn } from "./page.js";

export function describedRequest(
  cell: string,
  raw: string | undefined,
): RawRequest & { readonly lines: readonly string[] } {
  const [first = "", ...others] = quotedIn(cell);
  const [method = "", target = ""] = first.split(" ");
  const body = others.find((text) => text.startsWith("{"));
  const type = body === undefined ? [] : ["Content-Type: application/json"];
  const token = raw === undefined ? [] : [`Authorization: Bearer ${raw}`];
  const lines = [...token, ...type, ...others.filter((text) => text !== body)];
  return body === undefined ? { method, target, lines } : { method, target, lines, body };
}
