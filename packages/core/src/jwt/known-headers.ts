// The headers of good tokens: an issuer writes the same one into all of its tokens, and it is read once. Rule T2.
import { deepFreeze } from "../base/json.js";
import type { JsonObject } from "../base/json.js";

export interface KnownHeaders {
  /** What this text was read as before. */
  get(text: string): JsonObject | undefined;
  /** Only of tokens whose signature was good: whoever cannot sign cannot fill this. Gives the one that is kept. */
  keep(text: string, header: JsonObject): JsonObject;
}

const MAX_HEADERS = 100;
const MAX_LENGTH = 1024;

export function createKnownHeaders(): KnownHeaders {
  const headers = new Map<string, JsonObject>();
  return {
    get: (text) => headers.get(text),
    keep(text, header) {
      const known = headers.get(text);
      if (known !== undefined) return known;
      deepFreeze(header);
      if (headers.size >= MAX_HEADERS) headers.clear(); // keys were changed a hundred times
      // A copy: the text is a part of the token's, and would hold all of it.
      if (text.length <= MAX_LENGTH) headers.set(text.split("").join(""), header);
      return header;
    },
  };
}
