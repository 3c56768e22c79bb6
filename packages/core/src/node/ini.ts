// INI files in the dialect of Python's configparser, which is what this ecosystem's tools read. ADR 0014.

/** One value, and the line that it begins on. */
export interface IniEntry {
  readonly value: string;
  readonly line: number;
}

/** Values by name, in lower case; those of DEFAULT are in every section. */
export type IniSection = ReadonlyMap<string, IniEntry>;

/** Sections by name, to the letter, in the order of the file. */
export type Ini = ReadonlyMap<string, IniSection>;

export interface IniOptions {
  /** Whether `%(name)s` stands for another value, and `%%` for a percent sign. Default true. */
  readonly interpolation?: boolean;
}

/** What is wrong with a file, and where; the message holds nothing of its values. */
export class IniError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.name = "IniError";
    this.line = line;
  }
}

type Lines = { readonly line: number; readonly lines: string[] };

const DEFAULT = "DEFAULT";
const MAX_DEPTH = 10;

/**
 * Reads an INI text: `name = value` or `name: value`, names in any letter case, comments on lines of their own that begin
 * with `#` or `;`, indented lines that go on with a value, a section `DEFAULT` whose values all sections have.
 * @throws {IniError}
 */
export function parseIni(text: string, { interpolation = true }: IniOptions = {}): Ini {
  const sections = readSections(text);
  const defaults = sections.get(DEFAULT) ?? new Map<string, Lines>();
  sections.delete(DEFAULT);
  return new Map(
    [...sections].map(([name, own]) => {
      const raw = new Map([...defaults, ...own].map(([option, lines]) => [option, join(lines)]));
      if (!interpolation) return [name, raw];
      return [name, new Map([...raw].map(([option, entry]) => [option, interpolate(entry, raw)]))];
    }),
  );
}

function readSections(text: string): Map<string, Map<string, Lines>> {
  const sections = new Map<string, Map<string, Lines>>();
  let section: Map<string, Lines> | undefined;
  let open: Lines | undefined;
  let indent = 0;
  for (const [index, whole] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = index + 1;
    const content = whole.trim();
    if (content.startsWith("#") || content.startsWith(";")) continue;
    if (content === "") {
      open?.lines.push("");
      continue;
    }
    const depth = whole.length - whole.trimStart().length;
    if (open !== undefined && depth > indent) {
      open.lines.push(content);
      continue;
    }
    indent = depth;
    const header = /^\[(.+)\]/.exec(content)?.[1];
    if (header !== undefined) {
      section = openSection(sections, header, line);
      open = undefined;
    } else {
      if (section === undefined) throw new IniError(line, "expected a section first, as [scitokens]");
      open = addOption(section, content, line);
    }
  }
  return sections;
}

function openSection(sections: Map<string, Map<string, Lines>>, name: string, line: number): Map<string, Lines> {
  const known = sections.get(name);
  if (known !== undefined && name !== DEFAULT) throw new IniError(line, "this section stands twice");
  const section = known ?? new Map<string, Lines>();
  sections.set(name, section);
  return section;
}

function addOption(section: Map<string, Lines>, content: string, line: number): Lines {
  const [, name = "", value = ""] = /^([^=:]*)[=:](.*)$/s.exec(content) ?? [];
  const option = name.trim().toLowerCase();
  if (option === "") throw new IniError(line, "expected 'name = value'");
  if (section.has(option)) throw new IniError(line, "this name stands twice in its section");
  const entry = { line, lines: [value.trim()] };
  section.set(option, entry);
  return entry;
}

function join({ line, lines }: Lines): IniEntry {
  return { line, value: lines.join("\n").trimEnd() };
}

function interpolate({ value, line }: IniEntry, section: IniSection): IniEntry {
  return { line, value: expand(value, { section, line, depth: 1 }) };
}

interface Expansion {
  readonly section: IniSection;
  readonly line: number;
  readonly depth: number;
}

function expand(value: string, { section, line, depth }: Expansion): string {
  if (depth > MAX_DEPTH) throw new IniError(line, "values stand for one another in a circle");
  return value.replace(/%(?:(%)|\(([^)]+)\)s|)/g, (_, percent?: string, name?: string) => {
    if (percent !== undefined) return "%";
    if (name === undefined) throw new IniError(line, "a single %: expected %% for a percent sign, or %(name)s");
    const entry = section.get(name.toLowerCase());
    if (entry === undefined) throw new IniError(line, "%(name)s: expected a name of this section, or of DEFAULT");
    return expand(entry.value, { section, line, depth: depth + 1 });
  });
}
