// A path as a scope, an application and a request write it: the model's meaning, or refused. S3, S4, R1, R2.
import { InvalidPathError } from "@scitokens/core";
import { requestPath } from "@scitokens/core/http";
import { isBelow, parseDecodedPath, parseEncodedPath, PathError } from "../fuzz/inside.js";
import { isRefused, isWithin, readDecoded, readEncoded, readTarget, write } from "../fuzz/path-model.js";
import type { Read } from "../fuzz/path-model.js";

export const seeds: readonly string[] = [
  "/a/b\n/a",
  "/a%2Fb/\n/%61",
  "/%252e%252e\n/..",
  "/\xc3\xa9?x\n/a/./b//",
  "/%c3%a9/%25\n/%2525252e",
];
export const words: readonly string[] = [
  "..",
  "/../",
  "%2e",
  "%252e",
  "%2F",
  "%5C",
  "%00",
  "%25",
  "%C3%A9",
  "%ff",
  "//",
  "/./",
  "?",
  "#",
  "\\",
];

function outcome(parse: (text: string) => string, text: string): string {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof PathError || error instanceof InvalidPathError) return "refused";
    throw error;
  }
}

function same(parse: (text: string) => string, text: string, read: Read): void {
  const [found, expected] = [outcome(parse, text), isRefused(read) ? "refused" : write(read)];
  if (found !== expected)
    throw new Error(`${parse.name}: ${JSON.stringify(found)}, and by the model ${JSON.stringify(expected)}`);
}

export function run(input: Uint8Array): void {
  const texts = [Buffer.from(input).toString(), Buffer.from(input).toString("latin1")].flatMap((text) =>
    text.split("\n"),
  );
  for (const text of texts) {
    same(parseEncodedPath, text, readEncoded(text));
    same(parseDecodedPath, text, readDecoded(text));
    same(requestPath, text, readTarget(text));
  }
  const [one = "/", another = "/"] = texts;
  const [held, asked] = [readEncoded(one), readDecoded(another)];
  if (isRefused(held) || isRefused(asked)) return;
  if (isBelow(parseDecodedPath(another), parseEncodedPath(one)) !== isWithin(asked, held))
    throw new Error("covers otherwise");
}
