// JSON objects one after the other in one text, as the WLCG system cache has them. Rule I14.
import { JsonError, parseJsonObject } from "../base/json.js";
import type { JsonObject } from "../base/json.js";

export interface JsonObjects {
  readonly objects: readonly JsonObject[];
  /** Whether the text was such objects and nothing else. */
  readonly clean: boolean;
}

/** So many times reading begins anew behind something that is no object; each time it may cost the whole text. */
const MAX_FAULTS = 10;
const STRING_OR_BRACE = /"(?:[^"\\]|\\.)*"|[{}]/gs;

/** Takes the objects that can be read, and leaves out the rest: a torn object does not hide those on the lines below. */
export function parseJsonObjects(text: string): JsonObjects {
  const objects: JsonObject[] = [];
  let faults = 0;
  let at = text.indexOf("{");
  let clean = text.slice(0, at === -1 ? undefined : at).trim() === "";
  while (at !== -1 && faults < MAX_FAULTS) {
    const end = endOfObject(text, at);
    const object = end === undefined ? undefined : parse(text.slice(at, end));
    if (object === undefined || end === undefined) {
      faults++;
      const line = text.indexOf("\n{", at);
      at = line === -1 ? -1 : line + 1;
    } else {
      objects.push(object);
      const next = text.indexOf("{", end);
      if (text.slice(end, next === -1 ? undefined : next).trim() !== "") clean = false;
      at = next;
    }
  }
  return { objects, clean: clean && faults === 0 };
}

/** The index after the brace that closes the one at `start`. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  STRING_OR_BRACE.lastIndex = start;
  for (let found = STRING_OR_BRACE.exec(text); found !== null; found = STRING_OR_BRACE.exec(text)) {
    if (found[0] === "{") depth++;
    if (found[0] === "}" && --depth === 0) return STRING_OR_BRACE.lastIndex;
  }
  return undefined;
}

function parse(text: string): JsonObject | undefined {
  try {
    return parseJsonObject(new TextEncoder().encode(text), { duplicates: "refuse" });
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}
