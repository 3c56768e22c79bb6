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
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

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

/** The index after the brace that closes the one at `start`. No pattern: one that fails tries again from each quote. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case 0x7b /* { */:
        depth++;
        break;
      case 0x7d /* } */:
        if (--depth === 0) return at + 1;
        break;
      default:
    }
  }
  return undefined;
}

/** The index of the quote that closes the string opened at `start`; the text's end when there is none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return text.length;
}

function parse(text: string): JsonObject | undefined {
  try {
    return parseJsonObject(new TextEncoder().encode(text), { duplicates: "refuse" });
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}
