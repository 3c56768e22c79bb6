// JSON read slowly and plainly, apart from the core: RFC 8259's grammar letter by letter, and what rule T2 adds to it.

export type Model = null | boolean | number | string | readonly Model[] | ReadonlyMap<string, Model>;

/** Why a text is refused. */
export class Refused extends Error {}

const MAX_LEVELS = 32;

/** Reads one JSON object. @throws {Refused} */
export function readObject(text: string, duplicates: "refuse" | "last"): ReadonlyMap<string, Model> {
  let at = 0;

  const blanks = (): void => {
    while ([" ", "\t", "\n", "\r"].includes(text.charAt(at))) at++;
  };
  const take = (expected: string): void => {
    if (!text.startsWith(expected, at)) throw new Refused(`expected ${expected}`);
    at += expected.length;
  };
  const takeOne = (pattern: RegExp): string => {
    const character = text.charAt(at);
    if (character === "" || !pattern.test(character)) throw new Refused(`expected one of ${pattern.source}`);
    at++;
    return character;
  };
  const isNext = (pattern: RegExp): boolean => at < text.length && pattern.test(text.charAt(at));

  function value(level: number): Model {
    blanks();
    const read = bare(level);
    blanks();
    return read;
  }

  function bare(level: number): Model {
    switch (text.charAt(at)) {
      case "{":
        return object(level + 1);
      case "[":
        return list(level + 1);
      case '"':
        return string();
      case "t":
        take("true");
        return true;
      case "f":
        take("false");
        return false;
      case "n":
        take("null");
        return null;
      default:
        return number();
    }
  }

  function object(level: number): ReadonlyMap<string, Model> {
    if (level > MAX_LEVELS) throw new Refused("too deep");
    const members = new Map<string, Model>();
    take("{");
    blanks();
    while (!isNext(/\}/)) {
      if (members.size > 0) take(",");
      blanks();
      const name = string();
      blanks();
      take(":");
      const member = value(level);
      if (members.has(name) && duplicates === "refuse") throw new Refused("a name twice");
      members.set(name, member);
    }
    take("}");
    return members;
  }

  function list(level: number): readonly Model[] {
    if (level > MAX_LEVELS) throw new Refused("too deep");
    const items: Model[] = [];
    take("[");
    blanks();
    while (!isNext(/\]/)) {
      if (items.length > 0) take(",");
      items.push(value(level));
    }
    take("]");
    return items;
  }

  function string(): string {
    let read = "";
    take('"');
    while (!isNext(/"/)) read += isNext(/\\/) ? escape() : takeOne(/[^"\\\p{Cc}]|[\u007f-\u009f]/u);
    take('"');
    return read;
  }

  function escape(): string {
    take("\\");
    const letter = takeOne(/["\\/bfnrtu]/);
    if (letter === "u") {
      const hex = [1, 2, 3, 4].map(() => takeOne(/[0-9a-fA-F]/)).join("");
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    return { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }[letter] ?? letter;
  }

  function number(): number {
    const start = at;
    if (isNext(/-/)) at++;
    if (isNext(/0/)) at++;
    else digits();
    if (isNext(/\./)) {
      at++;
      digits();
    }
    if (isNext(/[eE]/)) {
      at++;
      if (isNext(/[+-]/)) at++;
      digits();
    }
    return Number(text.slice(start, at));
  }

  function digits(): void {
    takeOne(/[0-9]/);
    while (isNext(/[0-9]/)) at++;
  }

  const read = value(0);
  if (at !== text.length) throw new Refused("more after the value");
  if (read instanceof Map) return read;
  throw new Refused("no object");
}

/** Whether a parsed value is what the model read: names of its own, and values to the last bit (-0 is not 0). */
export function isSame(value: unknown, model: Model): boolean {
  if (Array.isArray(value)) {
    return Array.isArray(model) && value.length === model.length && value.every((item, i) => isSame(item, model[i]));
  }
  if (typeof value !== "object" || value === null) return Object.is(value, model);
  if (!(model instanceof Map)) return false;
  const names = Object.keys(value);
  return (
    names.length === model.size &&
    names.every((name) => model.has(name) && isSame((value as Record<string, unknown>)[name], model.get(name) ?? null))
  );
}
