// One capability and one path: itself, what is below it, a slash at its end, its spellings, the directories that lead to it.
// Rules R2, R3, S3, S4; the examples of the WLCG profile's 2.2.1.
import { describe, expect, it } from "vitest";
import { table } from "../support/table.js";
import { ask } from "./storage-server.js";

/** One row is one request: what is there, a slash at an end, and encodings. `-` below `there`: the server does not say. */
const FORMS = table(`
  scope                     request                  there      verdict
  // itself, below, above, beside (S4)
  storage.read:/foo/bar     GET /foo/bar             -          +
  storage.read:/foo/bar     GET /foo/bar/            -          +
  storage.read:/foo/bar     GET /foo/bar/x/y         -          +
  storage.read:/foo/bar     GET /foo                 -          403
  storage.read:/foo/bar     GET /                    -          403
  storage.read:/foo/bar     GET /foo/bargain         -          403
  storage.read:/foo/bar     GET /foo/ba              -          403
  storage.read:/foo/bar     GET /foo/BAR             -          403
  storage.read:/foo/bar     GET /bar                 -          403
  storage.read:/foo/bar     GET /foo/bar             directory  +
  storage.read:/foo/bar     GET /foo/bar/            file       +
  storage.read:/            GET /                    -          +
  storage.read:/            GET /foo                 file       +
  storage.read://           GET /foo                 -          +
  storage.read:/./          GET /foo                 -          +
  // a trailing slash means directory (S4)
  storage.read:/foo/bar/    GET /foo/bar             -          403
  storage.read:/foo/bar/    GET /foo/bar             nothing    403
  storage.read:/foo/bar/    GET /foo/bar             file       403
  storage.read:/foo/bar/    GET /foo/bar             directory  +
  storage.read:/foo/bar/    GET /foo/bar/            -          +
  storage.read:/foo/bar/    GET /foo/bar/            nothing    +
  storage.read:/foo/bar/    GET /foo/bar/            file       403
  storage.read:/foo/bar/    GET /foo/bar/.           -          +
  storage.read:/foo/bar/    GET /foo/bar/x           file       +
  storage.read:/foo/bar/    GET /foo/bargain         directory  403
  storage.read:/foo/bar/    PROPFIND /foo/bar        directory  +
  storage.modify:/foo/bar/  DELETE /foo/bar          directory  +
  storage.modify:/foo/bar/  DELETE /foo/bar          file       403
  storage.modify:/foo/bar/  PUT /foo/bar             -          403
  storage.modify:/foo/bar/  PUT /foo/bar             file       403
  storage.modify:/foo/bar/  PUT /foo/bar/            -          403
  storage.modify:/foo/bar/  PUT /foo/bar/            directory  403
  storage.modify:/foo/bar   PUT /foo/bar/            -          +
  storage.modify:/foo/bar/  PUT /foo/bar/x/          -          +
  storage.modify:/foo/bar/  POST /foo/bar/           -          403
  storage.modify:/foo/bar/  PATCH /foo/bar/          -          +
  storage.modify:/foo/bar/  PUT /foo/bar/x           -          +
  storage.modify:/foo/bar/  HEAD /foo/bar            directory  +
  // MKCOL makes a directory, and those that lead to what is granted (R3)
  storage.create:/foo/bar/  MKCOL /foo/bar           -          +
  storage.create:/foo/bar/  MKCOL /foo/bar           file       +
  storage.create:/foo/bar/  MKCOL /foo/bar/          -          +
  storage.create:/foo/bar   MKCOL /foo               -          +
  storage.create:/foo/bar   MKCOL /foo/              -          +
  storage.create:/foo/bar/  MKCOL /foo               -          +
  storage.create:/a/b/c/d   MKCOL /a/b               -          +
  storage.modify:/foo/bar   MKCOL /foo               -          +
  write:/foo/bar            MKCOL /foo               -          +
  storage.create:/foo/bar   MKCOL /fo                -          403
  storage.create:/foo/bar   MKCOL /foo/b             -          403
  storage.create:/foo/bar   MKCOL /bar               -          403
  storage.create:/foo/bar   MKCOL /foo/bargain       -          403
  storage.create:/a/b/c/d   MKCOL /a/c               -          403
  storage.read:/foo/bar     MKCOL /foo               -          403
  storage.stage:/foo/bar    MKCOL /foo               -          403
  storage.create:/foo/bar   HEAD /foo                -          403
  storage.create:/foo/bar   PROPFIND /foo            directory  403
  // one meaning in whatever spelling, and no other (R2, S3)
  storage.read:/foo/bar     GET //foo///bar          -          +
  storage.read:/foo/bar     GET /./foo/./bar         -          +
  storage.read:/foo/bar     GET /%66oo/ba%72         -          +
  storage.read:/foo/bar     GET /foo/bar?x=/../y     -          +
  storage.read:/%66oo/bar   GET /foo/%62ar           -          +
  storage.read:/caf%C3%A9   GET /caf%c3%a9           -          +
  storage.read:/caf%C3%A9   GET /cafe%CC%81          -          403
  storage.read:/a%20b       GET /a%20b               -          +
  storage.read:/a%20b       GET /a+b                 -          403
  storage.read:/a%2541      GET /a%2541              -          +
  storage.read:/aA          GET /a%2541              -          403
  storage.read:/            GET /foo/../bar          -          400
  storage.read:/            GET /foo/%2e%2E/bar      -          400
  storage.read:/            GET /foo/..%2fbar        -          400
  storage.read:/            GET /%252e%252e/bar      -          400
  storage.read:/            GET /foo%2Fbar           -          400
  storage.read:/            GET /foo%5Cbar           -          400
  storage.read:/            GET /foo\\bar            -          400
  storage.read:/            GET /foo%00              -          400
  storage.read:/            GET /foo%0Abar           -          400
  storage.read:/            GET /%zz                 -          400
  storage.read:/            GET /%ff                 -          400
  storage.read:/            GET /café                -          400
  storage.read:/            GET http://x/foo         -          400
  storage.read:/            OPTIONS *                -          400
  storage.modify:/          DELETE /foo/..           -          400
  // methods are as they are written (R3)
  storage.modify:/          put /foo                 -          403
  storage.modify:/          LOCK /foo                -          403
  storage.modify:/          UNLOCK /foo              -          403
  storage.modify:/          REPORT /foo              -          403
  storage.modify:/          TRACE /foo               -          403
  storage.modify:/          CONNECT /foo             -          403
  storage.modify:/          MKCALENDAR /foo          -          403
  storage.modify:/          BREW /foo                -          403
  storage.modify:/          __proto__ /foo           -          403
  storage.modify:/          constructor /foo         -          403
`);

describe("a request for a path", () => {
  it.each(FORMS)("is judged by $scope: $request, there: $there, $verdict (R2, R3, S3, S4)", async (row) => {
    const { request = "", scope = "", there } = row;
    const kind = (["file", "directory", "nothing"] as const).find((one) => one === there);
    const asking = { request, scope, ...(kind === undefined ? {} : { kind }) };
    for (const profile of ["wlcg", "scitokens-2", "at-jwt"] as const) {
      expect((await ask({ ...asking, profile })).verdict).toBe(row["verdict"]);
    }
  });
});

/** Of the WLCG profile's own examples; `old` and `new`: whether something is there. */
const EXAMPLES = table(`
  scope                                                      request                  there  verdict
  // 2.2.1, what storage.create:/foo/bar must allow, and must deny
  storage.create:/foo/bar                                    MKCOL /foo               new    +
  storage.create:/foo/bar                                    MKCOL /foo/bar           new    +
  storage.create:/foo/bar                                    PUT /foo/bar             new    +
  storage.create:/foo/bar                                    MKCOL /foo/bar/qux       new    +
  storage.create:/foo/bar                                    PUT /foo/bar/qux         new    +
  storage.create:/foo/bar                                    PUT /foo/bar/qux/a       new    +
  storage.create:/foo/bar                                    PUT /foo                 new    403
  storage.create:/foo/bar                                    PUT /foo/bargain         new    403
  storage.create:/foo/bar                                    MKCOL /foo/bargain       new    403
  storage.create:/foo/bar                                    PUT /foo/bar             old    403
  storage.create:/foo/bar                                    DELETE /foo/bar/qux      old    403
  storage.create:/foo/bar                                    HEAD /foo/bar            old    +
  storage.create:/foo/bar                                    GET /foo/bar             old    403
  storage.create:/foo/bar/                                   PUT /foo/bar             new    403
  storage.create:/foo/bar/                                   MKCOL /foo/bar           new    +
  storage.create:/foo/bar/                                   PUT /foo/bar/qux         new    +
  storage.read:/foo                                          GET /foo                 old    +
  storage.read:/foo                                          GET /bar                 old    403
  storage.modify:/baz                                        PUT /baz/qux             old    +
  storage.modify:/home                                       PUT /home/alice/x        old    +
  storage.create:/foo storage.create:/bar                    PUT /foo/x               new    +
  storage.create:/foo storage.create:/bar                    PUT /bar/x               new    +
  // 2.2.1, values of the claim
  storage.read:/                                             GET /any/file            old    +
  storage.read:/protected storage.create:/protected/subdir   GET /protected/subdir/x  old    +
  storage.read:/protected storage.create:/protected/subdir   PUT /protected/subdir/x  new    +
  storage.read:/protected storage.create:/protected/subdir   PUT /protected/subdir/x  old    403
  storage.read:/protected storage.create:/protected/subdir   PUT /protected/x         new    403
  storage.read:/protected storage.modify:/protected/subdir   PUT /protected/subdir/x  old    +
  storage.read:/protected storage.modify:/protected/subdir   DELETE /protected/subdir/x  old  +
  storage.read:/protected storage.modify:/protected/subdir   DELETE /protected/x      old    403
  storage.stage:/tape/subdir storage.read:/protected/data    GET /protected/data/x    old    +
  storage.stage:/tape/subdir storage.read:/protected/data    HEAD /tape/subdir/x      old    +
  // the stage scope alone reads no more, whatever wlcg.ver says
  storage.stage:/tape/subdir storage.read:/protected/data    GET /tape/subdir/x       old    403
`);

describe("the WLCG profile's examples", () => {
  it.each(EXAMPLES)("$scope: $request, $there, $verdict (R3, S4)", async (row) => {
    const { request = "", scope = "", there } = row;
    const asking = { request, scope, exists: there === "old" };
    for (const version of ["1.0", "1.3"]) {
      expect((await ask({ ...asking, claims: { "wlcg.ver": version } })).verdict).toBe(row["verdict"]);
    }
  });
});
