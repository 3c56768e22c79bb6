// A JSON object that came as text. What is none is undefined: the parser's own message would quote the text.

export type JsonFields = Readonly<Record<string, unknown>>;

/** The object that the text holds. */
export function readObject(text: string): JsonFields | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined; // no JSON
  }
}

/** The value itself, if it is an object and no list. */
export function asObject(value: unknown): JsonFields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonFields) : undefined;
}
