// INI as Python's configparser reads it: the same texts, the same values; and what it refuses, with the line.
import { spawnSync } from "node:child_process";
import { IniError, parseIni } from "@scitokens/core/node";
import type { IniOptions } from "@scitokens/core/node";
import { describe, expect, it } from "vitest";

type Values = Readonly<Record<string, Readonly<Record<string, string>>>>;

const valuesOf = (text: string, options?: IniOptions): Values =>
  Object.fromEntries(
    [...parseIni(text, options)].map(([name, section]) => [
      name,
      Object.fromEntries([...section].map(([option, { value }]) => [option, value])),
    ]),
  );

const READ: readonly (readonly [string, string, Values])[] = [
  ["nothing", "", {}],
  ["comments alone", "# a\n; b\n\n", {}],
  ["an equals sign or a colon", "[s]\na=1\nb:2\nc = 3\nd : 4\n", { s: { a: "1", b: "2", c: "3", d: "4" } }],
  ["the first of both", "[s]\nurl = https://x:1\nb: c=d\n", { s: { url: "https://x:1", b: "c=d" } }],
  ["names in any letter case", "[S]\nLog_Level = X\n", { S: { log_level: "X" } }],
  [
    "sections to the letter, with spaces",
    "[account A b]\nx=1\n[ACCOUNT A b]\nx=2\n",
    {
      "account A b": { x: "1" },
      "ACCOUNT A b": { x: "2" },
    },
  ],
  [
    "comments on lines of their own only",
    "[s]\na = 1 # no comment\n  # comment\nb = 2 ; none\n",
    {
      s: { a: "1 # no comment", b: "2 ; none" },
    },
  ],
  ["an empty value", "[s]\na =\nb:\n", { s: { a: "", b: "" } }],
  ["indented lines as going on", "[s]\na = 1\n  2\n\t3\nb = 4\n", { s: { a: "1\n2\n3", b: "4" } }],
  ["a value that begins on the next line", "[s]\na =\n  1\n", { s: { a: "\n1" } }],
  ["empty lines and comments within a value", "[s]\na = 1\n# c\n\n  2\n\nb = 3\n", { s: { a: "1\n\n2", b: "3" } }],
  ["what looks like a section, but is indented", "[s]\na = 1\n [t]\n b = 2\n", { s: { a: "1\n[t]\nb = 2" } }],
  ["an indented section with indented names", "  [s]\n  a = 1\n  b = 2\n", { s: { a: "1", b: "2" } }],
  [
    "DEFAULT in every section",
    "[DEFAULT]\na = 1\nb = 2\n[s]\nb = 3\n[t]\n[DEFAULT]\nc = 4\n",
    {
      s: { a: "1", b: "3", c: "4" },
      t: { a: "1", b: "2", c: "4" },
    },
  ],
  ["line ends of all kinds", "[s]\r\na = 1\r\nb = 2\rc = 3\n", { s: { a: "1", b: "2", c: "3" } }],
  ["percent signs", "[s]\na = 100%%\nb = %%(a)s\n", { s: { a: "100%", b: "%(a)s" } }],
  [
    "values in values",
    "[DEFAULT]\nhome = /h\n[s]\na = %(HOME)s/x\nb = %(a)s/y\n",
    {
      s: { home: "/h", a: "/h/x", b: "/h/x/y" },
    },
  ],
  ["what stands behind a section's bracket", "[s] more\na = 1\n", { s: { a: "1" } }],
  ["names of JavaScript's own", "[__proto__]\nconstructor = 1\n__proto__ = 2\n", {}],
];

const REFUSED: readonly (readonly [string, string, number, RegExp])[] = [
  ["a name before any section", "\na = 1\n", 2, /expected a section first/],
  ["a line without a value", "[s]\na = 1\nSECRET\n", 3, /expected 'name = value'/],
  ["a value without a name", "[s]\n= SECRET\n", 2, /expected 'name = value'/],
  ["a section twice", "[s]\na = 1\n[t]\n[s]\n", 4, /section stands twice/],
  ["a name twice", "[s]\nSECRET = 1\n\nsecret = 2\n", 4, /name stands twice/],
  ["a section without a name", "[]\na = 1\n", 1, /expected a section first/],
  ["a single percent sign", "[s]\n\na = 50% SECRET\n", 3, /%% for a percent sign/],
  ["a percent sign at the end", "[s]\na = SECRET%\n", 2, /%% for a percent sign/],
  ["a value that is not there", "[s]\na = %(SECRET)s\n", 2, /expected a name of this section/],
  ["values in a circle", "[s]\na = %(b)s SECRET\nb = %(a)s\n", 2, /circle/],
];

describe("parseIni()", () => {
  it.each(READ.slice(0, -1))("reads %s", (_, text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
  });

  it("reads names of JavaScript's own as any other", () => {
    const section = parseIni("[__proto__]\nconstructor = 1\n__proto__ = 2\n").get("__proto__");
    expect([section?.get("constructor")?.value, section?.get("__proto__")?.value]).toEqual(["1", "2"]);
    expect(section?.get("tostring")).toBeUndefined();
  });

  it.each(REFUSED)("refuses %s, with its line and without its words", (_, text, line, words) => {
    let error: unknown;
    try {
      parseIni(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(IniError);
    expect(error).toMatchObject({ line, message: expect.stringMatching(words) });
    expect(String(error)).not.toMatch(/SECRET/i);
  });

  it("leaves percent signs alone when it is asked to", () => {
    expect(valuesOf("[s]\na = 50% %(b)s %%\n", { interpolation: false })).toEqual({ s: { a: "50% %(b)s %%" } });
  });

  it("knows the line that each value begins on", () => {
    const section = parseIni("\uFEFF# c\n[s]\na = 1\n 2\n\nb = 3\n").get("s");
    expect([section?.get("a")?.line, section?.get("b")?.line]).toEqual([3, 6]);
  });
});

const PYTHON = `
import configparser, json, sys
out = []
for text in json.load(sys.stdin):
    try:
        c = configparser.ConfigParser()
        c.read_string(text)
        out.append({s: dict(c[s]) for s in c.sections()})
    except configparser.Error:
        out.append(None)
json.dump(out, sys.stdout)
`;
const hasPython = spawnSync("python3", ["-c", "import configparser"]).status === 0;

describe.runIf(hasPython)("Python's own configparser, where it is installed,", () => {
  it("reads and refuses the same texts", () => {
    // Python's read_string() splits at line feeds; its files are read with all kinds of line ends.
    const texts = [...READ, ...REFUSED].map(([, text]) => text.replace(/\r\n?/g, "\n"));
    const answer = spawnSync("python3", ["-c", PYTHON], { input: JSON.stringify(texts), encoding: "utf8" });
    const theirs = JSON.parse(answer.stdout) as readonly (Values | null)[];
    const ours = texts.map((text) => {
      try {
        return valuesOf(text);
      } catch {
        return null;
      }
    });
    expect(ours.map((values) => JSON.stringify(values))).toHaveLength(theirs.length);
    for (const [index, text] of texts.entries()) expect([text, ours[index]]).toEqual([text, theirs[index]]);
  });
});
