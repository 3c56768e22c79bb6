// The docs are true as far as a program can tell: links lead somewhere, what examples import exists, options have a row.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ENFORCER_OPTION_NAMES } from "../../packages/core/src/enforcer/options.js";
import { ROUTE_OPTION_NAMES } from "../../packages/core/src/http/protection.js";
import { packages, root, sources } from "./sources.js";

const entries = packages().flatMap(({ name, exports }) =>
  Object.keys(exports)
    .filter((entry) => !entry.endsWith(".json"))
    .map((entry) => name + entry.slice(1)),
);
const exported = new Map(
  await Promise.all(entries.map(async (entry) => [entry, (await import(entry)) as object] as const)),
);

const pages = [
  ...["README", "ARCHITECTURE", "CONTRIBUTING", "SECURITY", "CHANGELOG"].map((name) => `${name}.md`),
  ...packages().map(({ folder }) => `packages/${folder}/README.md`),
  "examples/README.md",
  ...sources("docs", ".md").map(({ path }) => path),
];

/** As a link names them. */
function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(pages)("%s", (page) => {
  const text = readFileSync(join(root, page), "utf8");

  it("links to files that exist", () => {
    const prose = text.replace(/```[\s\S]*?```/g, "");
    const links = [...prose.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link]) => link ?? "");
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(local.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  it("links to headings that exist", () => {
    const prose = text.replace(/```[\s\S]*?```/g, "");
    const links = [...prose.matchAll(/\]\(((?:[^)#\s:]+\.md)?)#([^)]+)\)/g)];
    const lost = links.filter(([, file, heading = ""]) => {
      const target = file === undefined || file === "" ? page : join(dirname(page), file);
      return !headingsOf(readFileSync(join(root, target), "utf8")).includes(heading);
    });
    expect(lost.map(([link]) => link)).toEqual([]);
  });

  it("imports in its examples what the packages export", () => {
    const imports = [...text.matchAll(/^import \{([^}]+)\} from "(@scitokens\/[^"]+)"/gm)];
    const missing = imports.flatMap(([, names = "", from = ""]) =>
      names
        .split(",")
        .map((name) => name.trim())
        .filter((name) => !Object.hasOwn(exported.get(from) ?? {}, name)),
    );
    expect(missing).toEqual([]);
  });
});

it("lists every option of an enforcer and of a route in the core's README", () => {
  const readme = readFileSync(join(root, "packages/core/README.md"), "utf8");
  const names = [...ENFORCER_OPTION_NAMES, ...ROUTE_OPTION_NAMES];
  expect(names.filter((name) => !readme.includes(`| \`${name}\` |`))).toEqual([]);
});
