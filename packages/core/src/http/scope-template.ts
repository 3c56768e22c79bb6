// scope`read:/frames/${run}`: a value of the request becomes one encoded segment of a required scope. Rules R4, R6.
import { InvalidPathError } from "../base/errors.js";
import { parseScope, ScopeError } from "../scopes/parse.js";
import { decodeSegment, encodeSegment, PathError } from "../scopes/path.js";

/**
 * Writes a scope whose values come from a request. Each value stands for one path segment, or a part of one.
 * @throws {InvalidPathError} (that request's 400) for a value that is no segment: empty, `.`, `..`, with a slash, ...
 * @example protect({ issuer, audience, scope: (req) => scope`read:/frames/${req.params.run}` })
 */
export function scope(strings: TemplateStringsArray, ...values: readonly unknown[]): string {
  const text = strings.reduce((before, next, i) => {
    if (!before.includes(":/")) throw new TypeError("scope template: expected values in the path only, after ':/'");
    return before + encodeValue(values[i - 1]) + next;
  });
  return checkWhole(text);
}

/** Two values side by side may make what neither is alone. */
function checkWhole(text: string): string {
  try {
    parseScope(text, { pathsRequired: false });
    return text;
  } catch (cause) {
    if (cause instanceof ScopeError) throw notASegment(cause);
    throw cause;
  }
}

function encodeValue(value: unknown): string {
  if (typeof value === "number" && Number.isFinite(value)) return encodeSegment(String(value));
  if (typeof value !== "string" || value === "" || value === "." || value === "..") throw notASegment();
  try {
    const encoded = encodeSegment(value);
    decodeSegment(encoded);
    return encoded;
  } catch (cause) {
    // URIError: half of a surrogate pair, which has no UTF-8.
    if (cause instanceof PathError || cause instanceof URIError) throw notASegment(cause);
    throw cause;
  }
}

function notASegment(cause?: Error): InvalidPathError {
  return new InvalidPathError("scope template: expected a value that is one path segment", { cause });
}
