// The client's rooms: imports run down, and it knows of the core how to read a token, not how to judge one.
import { describe, expect, it } from "vitest";
import { resolveImport, sources } from "./sources.js";

const CLIENT = "packages/client/src/";

const FLOORS: Readonly<Record<string, number>> = {
  base: 1,
  claims: 2,
  files: 2,
  discovery: 3,
  demo: 3,
  oauth: 3,
  "oidc-agent": 3,
  vault: 3,
  sources: 4,
  fetch: 4,
};

const client = sources("packages/client/src");
const roomOf = (path: string): string => path.slice(CLIENT.length).split("/").slice(0, -1).join("/");
const users = (pattern: RegExp): readonly string[] =>
  client
    .filter(({ imports }) => imports.some((specifier) => pattern.test(specifier)))
    .map(({ path }) => path.slice(CLIENT.length));

describe("the floors of the client", () => {
  it("has a floor for every folder", () => {
    const rooms = new Set(client.map(({ path }) => roomOf(path)).filter((room) => room !== ""));
    expect([...rooms].toSorted()).toEqual(Object.keys(FLOORS).toSorted());
  });

  it("imports run down, and never between folders of one floor", () => {
    const wrong: string[] = [];
    let links = 0;
    for (const { path, imports } of client) {
      const room = roomOf(path);
      if (room === "") continue; // the entry opens every room
      for (const specifier of imports) {
        const target = resolveImport(path, specifier);
        if (target === undefined || roomOf(target) === room) continue;
        links += 1;
        if ((FLOORS[roomOf(target)] ?? 99) >= (FLOORS[room] ?? 0)) wrong.push(`${path} -> ${target}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(links).toBeGreaterThan(50);
  });
});

describe("the client never verifies", () => {
  it("of the core it takes decodeUnverified and types", () => {
    const taken = client.flatMap(({ text }) =>
      [...text.matchAll(/(?:^|\n)(import|export) (type )?\{([^}]*)\} from "@scitokens\/[^"]*"/g)]
        .filter(([, , type]) => type === undefined)
        .flatMap(([, , , names = ""]) => names.split(",").map((name) => name.trim()))
        .filter((name) => name !== "" && !name.startsWith("type ")),
    );
    expect([...new Set(taken)]).toEqual(["decodeUnverified"]);
    expect(client.filter(({ text }) => /import\(["']@scitokens\//.test(text))).toEqual([]);
    expect(users(/^jose$/)).toEqual([]);
  });
});

describe("one door for each dependency", () => {
  it("files are written in one place", () => {
    const writing = client.filter(({ text }) => /\b(?:writeFile|rename|createWriteStream|appendFile)\b/.test(text));
    expect(writing.map(({ path }) => path.slice(CLIENT.length))).toEqual(["files/write-secret-file.ts"]);
  });

  it("the Authorization header of a token is written in one place", () => {
    const writing = client.filter(({ text }) => /`Bearer \$\{/.test(text));
    expect(writing.map(({ path }) => path.slice(CLIENT.length))).toEqual(["fetch/send-hop.ts"]);
  });
});
