// The docs are true as far as a program can tell: links lead somewhere, what examples import exists, options have a row.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import * as core from "@scitokens/core";
import * as http from "@scitokens/core/http";
import * as express from "@scitokens/express";
import * as issuer from "@scitokens/issuer";
import { ENFORCER_OPTION_NAMES } from "../../packages/core/src/enforcer/options.js";
import { root, sources } from "./sources.js";

const exported: Readonly<Record<string, object>> = {
  "@scitokens/core": core,
  "@scitokens/core/http": http,
  "@scitokens/express": express,
  "@scitokens/issuer": issuer,
};

const pages = [
  ...["README", "ARCHITECTURE", "CONTRIBUTING", "SECURITY", "CHANGELOG"].map((name) => `${name}.md`),
  ...["core", "express", "issuer"].map((name) => `packages/${name}/README.md`),
  ...sources("docs", ".md").map(({ path }) => path),
];

describe.each(pages)("%s", (page) => {
  const text = readFileSync(join(root, page), "utf8");

  it("links to files that exist", () => {
    const prose = text.replace(/```[\s\S]*?```/g, "");
    const links = [...prose.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link]) => link ?? "");
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(local.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  it("imports in its examples what the packages export", () => {
    const imports = [...text.matchAll(/^import \{([^}]+)\} from "(@scitokens\/[^"]+)"/gm)];
    const missing = imports.flatMap(([, names = "", from = ""]) =>
      names
        .split(",")
        .map((name) => name.trim())
        .filter((name) => !Object.hasOwn(exported[from] ?? {}, name)),
    );
    expect(missing).toEqual([]);
  });
});

it("lists every option of an enforcer in the core's README", () => {
  const readme = readFileSync(join(root, "packages/core/README.md"), "utf8");
  expect(ENFORCER_OPTION_NAMES.filter((name) => !readme.includes(`| \`${name}\` |`))).toEqual([]);
});
