// Paths as the rules say, and no faster: a list of names, compared name by name. Rules S3, S4, S8, R1, R2.

export interface ModelPath {
  readonly names: readonly string[];
  /** Whether it is written as a directory, with a slash at its end; the root always is. */
  readonly directory: boolean;
}

export type Read = ModelPath | "refused";

const CONTROL_OR_HALF = /[\p{Cc}\p{Cs}]/u;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A path of a scope. */
export function readEncoded(text: string): Read {
  const names: string[] = [];
  for (const segment of text.split("/")) {
    const name = decodeOnce(segment);
    if (name === undefined) return "refused";
    const depths = everyDepth(name);
    if (depths === undefined) return "refused";
    if (depths.some((one) => one === ".." || /[/\\]/.test(one) || CONTROL_OR_HALF.test(one))) return "refused";
    names.push(name);
  }
  return assembled(names);
}

/** A path that an application asks for. */
export function readDecoded(text: string): Read {
  if (text.includes("\\") || CONTROL_OR_HALF.test(text)) return "refused";
  const names = text.split("/");
  for (const name of names) {
    const depths = everyDepth(name);
    if (depths === undefined) return "refused";
    if (depths.some((one) => one.split(/[/\\]/).includes(".."))) return "refused";
  }
  return assembled(names);
}

/** The path of a request target: printable ASCII from its slash to its query. */
export function readTarget(target: string): Read {
  const [path = ""] = target.split("?");
  for (const character of path) {
    if (character <= " " || character > "~" || character === "#" || character === "\\") return "refused";
  }
  return path.startsWith("/") ? readEncoded(path) : "refused";
}

function assembled(segments: readonly string[]): Read {
  const [first, ...rest] = segments;
  if (first !== "" || rest.length === 0 || rest.includes("..")) return "refused";
  const names = rest.filter((name) => name !== "" && name !== ".");
  const last = rest.at(-1);
  return { names, directory: names.length === 0 || last === "" || last === "." };
}

/** Byte by byte: an escape is a byte, and all bytes together must be UTF-8. */
function decodeOnce(segment: string): string | undefined {
  if (/\p{Cs}/u.test(segment)) return undefined;
  const bytes: number[] = [];
  for (let i = 0; i < segment.length;) {
    if (segment.charAt(i) === "%") {
      const hex = segment.slice(i + 1, i + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(hex)) return undefined;
      bytes.push(Number.parseInt(hex, 16));
      i += 3;
    } else {
      const character = String.fromCodePoint(segment.codePointAt(i) ?? 0);
      bytes.push(...Buffer.from(character));
      i += character.length;
    }
  }
  try {
    return utf8.decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

/** What somebody gets who decodes it again and again: of escapes that stand for ASCII. Undefined: there is no end to it. */
function everyDepth(name: string): readonly string[] | undefined {
  const depths = [name];
  for (let text = name; ;) {
    const parts = text.split(/(%[0-7][0-9a-fA-F])/);
    const next = parts.map((part, i) => (i % 2 === 0 ? part : (decodeOnce(part) ?? part))).join("");
    if (next === text) return depths;
    if (depths.length === 8) return undefined;
    depths.push((text = next));
  }
}

export const isRefused = (read: Read): read is "refused" => read === "refused";

/** Its one text. */
export function write({ names, directory }: ModelPath): string {
  return names.length === 0 ? "/" : `/${names.join("/")}${directory ? "/" : ""}`;
}

/** Itself and what is below, name by name; a directory is not the file of its name. */
export function isWithin(asked: ModelPath, held: ModelPath): boolean {
  if (held.names.some((name, i) => asked.names[i] !== name)) return false;
  return asked.names.length > held.names.length || !held.directory || asked.directory;
}
