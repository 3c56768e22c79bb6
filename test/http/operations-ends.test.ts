// MOVE and COPY: what is needed at both ends, of which one may be another server's. Rules R3, S4; RFC 4918 9.8, 9.9.
import { describe, expect, it } from "vitest";
import { matrix, table } from "../support/table.js";
import { sign } from "./storage-rows.js";
import { ask } from "./storage-server.js";
import type { Asking } from "./storage-server.js";

const MOVE = { request: "MOVE /a/x", lines: ["Destination", "/b/y"] };
const COPY = { request: "COPY /a/x", lines: ["Destination", "/b/y"] };
const PULL = { request: "COPY /b/y", lines: ["Source", "/a/x"] };

/** From /a/x to /b/y; "?": the server does not say whether something is at /b/y; "old": it is; "new": it is not. */
const COLUMNS: Readonly<Record<string, Asking>> = {
  "MOVE?": MOVE,
  MOVEold: { ...MOVE, exists: true },
  MOVEnew: { ...MOVE, exists: (path) => path !== "/b/y" },
  "COPY?": COPY,
  COPYold: { ...COPY, exists: true },
  COPYnew: { ...COPY, exists: (path) => path !== "/b/y" },
  "PULL?": PULL,
  PULLold: { ...PULL, exists: true },
  PULLnew: { ...PULL, exists: (path) => path !== "/b/y" },
};

const ENDS = matrix(`
                                      MOVE?  MOVEold  MOVEnew  COPY?  COPYold  COPYnew  PULL?  PULLold  PULLnew
  storage.modify:/a storage.modify:/b   +    +        +        -      -        -        -      -        -
  storage.modify:/a storage.create:/b   -    -        +        -      -        -        -      -        -
  storage.create:/a storage.modify:/b   -    -        +        -      -        -        -      -        -
  storage.create:/a storage.create:/b   -    -        +        -      -        -        -      -        -
  storage.create:/                      -    -        +        -      -        -        -      -        -
  storage.modify:/                      +    +        +        -      -        -        -      -        -
  storage.create:/a                     -    -        -        -      -        -        -      -        -
  storage.create:/b                     -    -        -        -      -        -        -      -        -
  storage.modify:/a                     -    -        -        -      -        -        -      -        -
  storage.modify:/b                     -    -        -        -      -        -        -      -        -
  storage.read:/a storage.create:/b     -    -        -        -      -        +        -      -        +
  storage.read:/a storage.modify:/b     -    -        -        +      +        +        +      +        +
  storage.read:/b storage.modify:/a     -    -        -        -      -        -        -      -        -
  storage.read:/ storage.create:/a      -    -        -        -      -        -        -      -        -
  storage.read:/                        -    -        -        -      -        -        -      -        -
  storage.stage:/ storage.modify:/      +    +        +        -      -        -        -      -        -
  storage.read:/ storage.modify:/       +    +        +        +      +        +        +      +        +
  read:/a write:/b                      -    -        -        +      +        +        +      +        +
  write:/a write:/b                     +    +        +        -      -        -        -      -        -
  read:/a/x storage.create:/b/y         -    -        -        -      -        +        -      -        +
  storage.create:/a/x storage.create:/b/y  -  -       +        -      -        -        -      -        -
  storage.read:/a/x/y storage.modify:/b  -   -        -        -      -        -        -      -        -
  storage.read:/a storage.modify:/b/yy  -    -        -        -      -        -        -      -        -
`);

describe("from /a/x to /b/y", () => {
  it.each(ENDS)("%j lets move and copy, or not, in every profile (R3)", async (held, cells) => {
    for (const profile of ["wlcg", "scitokens-2", "at-jwt"] as const) {
      for (const [name, wanted] of cells) {
        const asking = COLUMNS[name] ?? MOVE;
        expect([profile, name, sign(await ask({ ...asking, scope: held, profile }))]).toEqual([profile, name, wanted]);
      }
    }
  });

  it("asks for the same whatever is there, and names both ends (R3, H4)", async () => {
    for (const asking of Object.values(COLUMNS)) {
      const { asks } = await ask({ ...asking, scope: "storage.poll:/" });
      const moves = asking.request.startsWith("MOVE");
      expect(asks).toBe(moves ? "storage.modify:/a/x storage.modify:/b/y" : "storage.read:/a/x storage.modify:/b/y");
    }
  });

  it("is said to the handler: both ends, and whether what is there may be replaced (R3)", async () => {
    const ends = { source: "/a/x", destination: "/b/y" };
    const scope = "storage.read:/ storage.modify:/";
    expect((await ask({ ...MOVE, scope })).operation).toEqual({
      name: "rename",
      path: "/a/x",
      ...ends,
      mayReplace: true,
    });
    expect((await ask({ ...COPY, scope })).operation).toEqual({
      name: "copy",
      path: "/a/x",
      ...ends,
      mayReplace: true,
    });
    expect((await ask({ ...PULL, scope })).operation).toEqual({
      name: "copy",
      path: "/b/y",
      ...ends,
      mayReplace: true,
    });
    for (const asking of [MOVE, COPY, PULL]) {
      const created = await ask({ ...asking, scope: "storage.read:/ storage.create:/", exists: false });
      expect(created.operation).toMatchObject({ ...ends, mayReplace: false });
    }
  });
});

const ABROAD = "https://other.example.org:1094/z";
const SEND = { request: "COPY /a/x", lines: ["Destination", ABROAD] };
const FETCH = { request: "COPY /b/y", lines: ["Source", ABROAD] };

/** One end here: what goes out is read, what comes in is written. */
const THIRD_PARTY: Readonly<Record<string, Asking>> = {
  SEND,
  SENDold: { ...SEND, exists: true },
  "FETCH?": FETCH,
  FETCHold: { ...FETCH, exists: true },
  FETCHnew: { ...FETCH, exists: false },
  MOVE: { request: "MOVE /a/x", lines: ["Destination", ABROAD] },
};
const ONE_END = matrix(`
                                     SEND  SENDold  FETCH?  FETCHold  FETCHnew  MOVE
  storage.read:/a                    +     +        -       -         -         -
  storage.read:/b                    -     -        -       -         -         -
  storage.modify:/b                  -     -        +       +         +         -
  storage.create:/b                  -     -        -       -         +         -
  storage.create:/a                  -     -        -       -         -         -
  storage.read:/ storage.modify:/    +     +        +       +         +         -
  read:/a write:/b                   +     +        +       +         +         -
  storage.stage:/                    -     -        -       -         -         -
`);

describe("COPY from and to other servers", () => {
  it.each(ONE_END)("with %j is judged by the end that is here, where the server lets it (R3)", async (held, cells) => {
    for (const [name, wanted] of cells) {
      const asking = { ...(THIRD_PARTY[name] ?? SEND), scope: held };
      expect([name, sign(await ask({ ...asking, thirdPartyCopy: true }))]).toEqual([name, wanted]);
      expect([name, (await ask(asking)).verdict]).toEqual([name, "403"]);
      expect([name, (await ask({ ...asking, thirdPartyCopy: false })).verdict]).toEqual([name, "403"]);
    }
  });

  it("says the other server's URL to the handler (R3)", async () => {
    const asking = { scope: "storage.read:/ storage.modify:/", thirdPartyCopy: true };
    const sent = await ask({ ...SEND, ...asking });
    const read = { name: "copy", path: "/a/x", source: "/a/x", remote: ABROAD, mayReplace: false };
    expect(sent.operation).toMatchObject(read);
    expect(sent.operation?.destination).toBeUndefined();
    const fetched = await ask({ ...FETCH, ...asking });
    expect(fetched.operation).toMatchObject({
      name: "copy",
      path: "/b/y",
      destination: "/b/y",
      remote: ABROAD,
      mayReplace: true,
    });
    expect(fetched.operation?.source).toBeUndefined();
    const created = await ask({ ...FETCH, scope: "storage.create:/", thirdPartyCopy: true, exists: false });
    expect(created.operation).toMatchObject({ mayReplace: false });
  });

  it("is refused for its method where the server does not let it, and the challenge asks for nothing (R3, H3, H6)", async () => {
    const told = await ask({ ...SEND, scope: "storage.read:/" });
    expect(told.asks).toBeUndefined();
    expect(told.heard).toMatchObject([{ type: "refused", reason: "method" }]);
    expect((await ask({ request: "LOCK /a", scope: "storage.read:/" })).heard).toMatchObject([{ reason: "method" }]);
  });

  it("asks for the right at its own end (R3, H4)", async () => {
    const asking = { scope: "storage.poll:/", thirdPartyCopy: true };
    expect((await ask({ ...SEND, ...asking })).asks).toBe("storage.read:/a/x");
    expect((await ask({ ...FETCH, ...asking })).asks).toBe("storage.modify:/b/y");
  });
});

/** A rename or copy of what `kind` says is a directory is one at both ends, unless a file is in its place (S4). */
const FORMS = table(`
  scope                                       request     there      verdict
  storage.modify:/a/x/ storage.modify:/b/y/   MOVE /a/x   -          403
  storage.modify:/a/x/ storage.modify:/b/y/   MOVE /a/x   file       403
  storage.modify:/a/x/ storage.modify:/b/y/   MOVE /a/x   directory  +
  storage.modify:/a/x/ storage.modify:/b/y/   MOVE /a/x   nothing    403
  storage.modify:/a/x/ storage.modify:/b/y/   MOVE /a/x/  -          403
  storage.modify:/a/x/ storage.modify:/b/y/   MOVE /a/x/  nothing    403
  storage.modify:/a/x/ storage.modify:/b/y    MOVE /a/x/  -          +
  storage.modify:/a/x storage.modify:/b/y/    MOVE /a/x   file       403
  storage.modify:/a/x storage.modify:/b/y/    MOVE /a/x   directory  +
  storage.modify:/a/x/ storage.modify:/b/y/   MOVE /a/x/  file       403
  storage.read:/a/x/ storage.modify:/b/y/     COPY /a/x   directory  +
  storage.read:/a/x/ storage.modify:/b/y/     COPY /a/x   file       403
  storage.read:/a/ storage.modify:/b/         MOVE /a/x   file       403
  storage.modify:/a/ storage.modify:/b/       MOVE /a/x   file       +
`);

describe("a directory that is moved or copied to /b/y", () => {
  it.each(FORMS)("is one at both ends: $scope, $request, there: $there, $verdict (R3, S4)", async (row) => {
    const { scope = "", request = "", there, verdict } = row;
    const asked: string[] = [];
    const kind = (path: string): "file" | "directory" | undefined => {
      asked.push(path);
      return there === "file" || there === "directory" ? there : undefined;
    };
    const asking = { request, scope, lines: ["Destination", "/b/y"] };
    expect((await ask({ ...asking, ...(there === "-" ? {} : { kind }) })).verdict).toBe(verdict);
    expect(["/a/x", "/b/y"].slice(0, asked.length)).toEqual(asked);
  });
});
