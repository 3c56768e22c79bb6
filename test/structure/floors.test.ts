// The house stays as it is drawn in ARCHITECTURE.md: imports run down, never up, never in a circle, one door a dependency.
import { describe, expect, it } from "vitest";
import { packages, resolveImport, sources } from "./sources.js";

const CORE = "packages/core/src/";

const FLOORS: Readonly<Record<string, number>> = {
  base: 1,
  jwt: 2,
  claims: 2,
  issuers: 2,
  scopes: 2,
  profiles: 3,
  enforcer: 4,
  http: 5,
  fetch: 6,
  mcp: 6,
  node: 6,
};

const core = sources("packages/core/src");
const edge = core.filter(({ path }) => /^(fetch|mcp)\//.test(path.slice(CORE.length)));
const roomOf = (path: string): string => path.slice(CORE.length).split("/").slice(0, -1).join("/");

describe("the floors of the core", () => {
  it("has a floor for every folder", () => {
    const rooms = new Set(core.map(({ path }) => roomOf(path)).filter((room) => room !== ""));
    expect([...rooms].toSorted()).toEqual(Object.keys(FLOORS).toSorted());
  });

  it("imports run down, and never between folders of one floor", () => {
    const wrong: string[] = [];
    for (const { path, imports } of core) {
      const room = roomOf(path);
      if (room === "") continue; // the entry opens every room
      for (const specifier of imports) {
        const target = resolveImport(path, specifier);
        if (target === undefined || roomOf(target) === room) continue;
        if ((FLOORS[roomOf(target)] ?? 99) >= (FLOORS[room] ?? 0)) wrong.push(`${path} -> ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("imports name files that exist, so that this test sees what it guards", () => {
    const known = new Set(core.map(({ path }) => path));
    const links = core.flatMap(({ path, imports }) => imports.map((specifier) => resolveImport(path, specifier)));
    const files = links.filter((link) => link !== undefined);
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => !known.has(file))).toEqual([]);
  });
});

describe("circles", () => {
  it.each(packages().map(({ folder }) => folder))("there are none in %s", (name) => {
    const graph = new Map(
      sources(`packages/${name}/src`).map(({ path, imports }) => [
        path,
        imports.map((specifier) => resolveImport(path, specifier)).filter((file) => file !== undefined),
      ]),
    );
    const finished = new Set<string>();
    const visit = (path: string, way: readonly string[]): readonly string[] => {
      if (way.includes(path)) return [...way, path];
      if (finished.has(path)) return [];
      for (const next of graph.get(path) ?? []) {
        const circle = visit(next, [...way, path]);
        if (circle.length > 0) return circle;
      }
      finished.add(path);
      return [];
    };
    expect([...graph.keys()].flatMap((path) => visit(path, []))).toEqual([]);
  });
});

describe("one door for each dependency", () => {
  const users = (pattern: RegExp): readonly string[] =>
    core
      .filter(({ imports }) => imports.some((specifier) => pattern.test(specifier)))
      .map(({ path }) => path.slice(CORE.length));

  it("jose is known to the signature verifier alone", () => {
    expect(users(/^jose/)).toEqual(["jwt/web-signatures.ts"]);
  });

  it("no node: module is imported at the top but in node/: the core runs on any web-standard runtime", () => {
    // `import("node:crypto")` in a type is erased; what is not, this finds.
    const anywhere = core.filter(({ path }) => roomOf(path) !== "node");
    const runtime = anywhere.filter(({ text }) => /(?:^|\n)import [^;]*["']node:|await import\(["']node:/.test(text));
    expect(runtime.map(({ path }) => path)).toEqual([]);
  });

  it("what serves web-standard requests has nothing that only Node has, and knows no other package", () => {
    const wrong = edge.filter(({ text, imports }) => {
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      return (
        /\b(Buffer|process|global|require|setImmediate)\b|builtin/.test(code) || imports.some((i) => !i.startsWith("."))
      );
    });
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it("the network is touched in one file (I4)", () => {
    const fetching = core.filter(({ text }) => /\bawait fetch\(/.test(text)).map(({ path }) => path.slice(CORE.length));
    expect(fetching).toEqual(["issuers/fetch-json.ts"]);
  });

  it("the issuer does not know the core, so that tests are not circular", () => {
    const knows = sources("packages/issuer/src").filter(({ imports }) =>
      imports.some((i) => i.startsWith("@scitokens/")),
    );
    expect(knows).toEqual([]);
  });

  it("an adapter holds no status number, no header name and no path parsing (H3)", () => {
    const packaged = ["express", "fastify", "koa", "nest"].flatMap((name) => sources(`packages/${name}/src`));
    const holds = [...packaged, ...edge].filter(({ text }) => {
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      return /\b[45]\d\d\b|www-authenticate|retry-after|content-type|decodeURI|split\("\/"\)/i.test(code);
    });
    expect(holds.map(({ path }) => path)).toEqual([]);
  });
});
