// A JWK set, or one JWK, of a file. RFC 7517 5.
import { Trouble } from "../exit.js";
import { readTextFile } from "../input/read-text.js";
import type { Io } from "../io.js";
import { printable } from "../output/printable.js";

/** @throws {Trouble} for what cannot be read, or is none */
export async function readJwks(io: Io, file: string): Promise<{ readonly keys: readonly unknown[] }> {
  const text = await readTextFile(io, file);
  const document = parse(text);
  if (typeof document === "object" && document !== null) {
    if ("keys" in document && Array.isArray(document.keys)) return { keys: document.keys as readonly unknown[] };
    if ("kty" in document) return { keys: [document] };
  }
  throw new Trouble(`${printable(file)}: expected a JWK set: {"keys": [...]} (scitokens jwks makes one of PEM files)`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
