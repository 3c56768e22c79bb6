// examples/storage, listed: PROPFIND as RFC 4918 9.1 has it, with the few properties that storage clients need.
import { mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bearer, furnished } from "./storage-server.js";

const hrefs = (xml: string): readonly string[] =>
  [...xml.matchAll(/<D:href>([^<]*)<\/D:href>/g)].map(([, href]) => href ?? "").toSorted();

describe("PROPFIND", () => {
  it("tells of a file its length, tag and date", async () => {
    const server = await furnished();
    utimesSync(server.file("f"), 0, 1_000_000_000);
    const { etag = "" } = (await server.ask("HEAD", "/f")).headers;
    const { status, headers, body } = await server.ask("PROPFIND", "/f", { lines: ["Depth: 0"] });
    expect([status, headers["content-type"]]).toEqual([207, "application/xml; charset=utf-8"]);
    expect(body).toBe(
      '<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:">\n' +
        "<D:response><D:href>/wlcg/f</D:href><D:propstat><D:prop><D:resourcetype/>" +
        `<D:getcontentlength>4</D:getcontentlength><D:getetag>${etag}</D:getetag>` +
        "<D:getlastmodified>Sun, 09 Sep 2001 01:46:40 GMT</D:getlastmodified></D:prop>" +
        "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>\n</D:multistatus>\n",
    );
  });

  it("lists what is directly in a directory, with Depth 1, and itself", async () => {
    const server = await furnished();
    for (const name of ["/d", "/d/"]) {
      const list = await server.ask("PROPFIND", name, { lines: ["Depth: 1"] });
      expect([list.status, hrefs(list.body)]).toEqual([207, ["/wlcg/d/", "/wlcg/d/f", "/wlcg/d/sub/"]]);
      expect(list.body.match(/<D:collection\/>/g)).toHaveLength(2);
      const own = await server.ask("PROPFIND", name, { lines: ["Depth: 0"] });
      expect(hrefs(own.body)).toEqual(["/wlcg/d/"]);
    }
    expect(hrefs((await server.ask("PROPFIND", "/f", { lines: ["Depth: 1"] })).body)).toEqual(["/wlcg/f"]);
  });

  it.each([[[]], [["Depth: infinity"]], [["Depth: 0", "Depth: 1"]], [["Depth: 2"]]])(
    "does not go down without end: %j is 403, propfind-finite-depth",
    async (lines) => {
      const { status, body } = await (await furnished()).ask("PROPFIND", "/d", { lines });
      expect([status, body]).toEqual([
        403,
        expect.stringContaining('<D:error xmlns:D="DAV:"><D:propfind-finite-depth/>'),
      ]);
    },
  );

  it("needs read to list, and any right at a path to look at it (R3)", async () => {
    const server = await furnished();
    const status = (scope: string, depth: number): Promise<number> =>
      server.status("PROPFIND", "/d", { lines: [bearer(scope), `Depth: ${depth}`] });
    expect([await status("storage.create:/d", 0), await status("storage.create:/d", 1)]).toEqual([207, 403]);
    expect([await status("storage.read:/d", 1), await status("storage.read:/f", 0)]).toEqual([207, 403]);
  });

  it("encodes names, so that each href leads back to its file", async () => {
    const server = await furnished();
    const names = ["a b", "ünï", "a&b<c>", "%41", "'\"", "#?"];
    for (const name of names) writeFileSync(server.file(name), name);
    const { body } = await server.ask("PROPFIND", "/", { lines: ["Depth: 1"] });
    const found = hrefs(body).filter((href) => !/\/$|\/f$/.test(href));
    expect(found.map((href) => decodeURIComponent(href.slice("/wlcg/".length))).toSorted()).toEqual(names.toSorted());
    for (const href of found)
      expect([href, await server.status("GET", href.slice("/wlcg".length))]).toEqual([href, 200]);
  });

  it("tells nothing of links, and nothing of what is not there", async () => {
    const server = await furnished();
    mkdirSync(server.file("e"));
    symlinkSync(server.outside("secret"), server.file("e/link"));
    symlinkSync(server.outside("dir"), server.file("e/linked"));
    expect(hrefs((await server.ask("PROPFIND", "/e", { lines: ["Depth: 1"] })).body)).toEqual(["/wlcg/e/"]);
    for (const name of ["/e/link", "/e/linked", "/e/linked/", "/missing", "/f/"]) {
      expect([name, await server.status("PROPFIND", name, { lines: ["Depth: 0"] })]).toEqual([name, 404]);
      expect([name, await server.status("PROPFIND", name, { lines: ["Depth: 1"] })]).toEqual([name, 404]);
    }
    expect(statSync(server.file("e")).isDirectory()).toBe(true);
  });
});
