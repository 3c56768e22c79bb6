// Destination and Source, which name the other end of a MOVE or COPY: a path or a URL here, or another server's. Rules R2, R3, R6;
// RFC 4918 10.3.
import { describe, expect, it } from "vitest";
import { table } from "../support/table.js";
import { ask, AUDIENCES, enforcerOf, HOST } from "./storage-server.js";

describe("the header that names the other end", () => {
  it.each<[why: string, request: string, lines: readonly string[]]>([
    ["MOVE without Destination", "MOVE /a", []],
    ["MOVE with a Source alone", "MOVE /a", ["Source", "/b"]],
    ["COPY with neither", "COPY /a", []],
    ["COPY with both", "COPY /a", ["Source", "/b", "Destination", "/c"]],
    ["COPY with both alike", "COPY /a", ["Source", "/b", "Destination", "/b"]],
    ["two that differ", "MOVE /a", ["Destination", "/b", "Destination", "/c"]],
    ["two that differ in their spelling", "MOVE /a", ["Destination", "/b", "destination", "/%62"]],
    ["two Sources that differ", "COPY /a", ["Source", "/b", "Source", "/c"]],
  ])("is bad: %s, 400 (R3)", async (_, request, lines) => {
    expect(
      (await ask({ request, lines, scope: "storage.read:/ storage.modify:/", thirdPartyCopy: true })).verdict,
    ).toBe("400");
    // R6: not before the token is known to be good
    expect((await ask({ request, lines, scope: "storage.read" })).verdict).toBe("401");
  });

  it("may stand there twice when it says the same (R3)", async () => {
    const lines = ["Destination", "/b", "DESTINATION", "/b"];
    expect((await ask({ request: "MOVE /a", lines, scope: "storage.modify:/" })).operation?.destination).toBe("/b");
  });
});

/** `here`: the decoded path, or a status. */
const VALUES = table(`
  value                                           here
  /b                                              /b
  /b/                                             /b/
  //b                                             400
  /b//c/./d                                       /b/c/d
  /caf%C3%A9                                      /café
  /100%2525                                       /100%25
  ''                                              400
  b                                               400
  *                                               400
  ./b                                             400
  /b?x                                            /b
  /b?                                             /b
  /b#x                                            400
  /../b                                           400
  /b/..                                           400
  /%2e%2E/b                                       400
  /%252e%252e/b                                   400
  /b%2Fc                                          400
  /b%5Cc                                          400
  /b\\c                                           400
  /b%00                                           400
  /b%zz                                           400
  /b c                                            400
  /é                                              400
  https://storage.example.org:8443/b              /b
  http://storage.example.org:8443/b               /b
  HTTPS://Storage.Example.ORG:8443/b              /b
  https://storage.example.org:8443                /
  https://storage.example.org:8443/%C3%A9/        /é/
  https://data.example.org/b                      /b
  https://data.example.org:443/b                  /b
  https://ce.example.org:9619/b                   /b
  https://storage.example.org:8443//b             /b
  https://storage.example.org:8443/../b           400
  https://storage.example.org:8443/a/../b         400
  https://storage.example.org:8443/%2e%2e/b       400
  https://storage.example.org:8443/b%2Fc          400
  https://storage.example.org:8443/b?x            /b
  https://storage.example.org:8443/b#x            400
  https://storage.example.org:8443?/b             /
  https://storage.example.org:8443\\/b            400
  https://storage.example.org:8443/b c            400
  https://user@storage.example.org:8443/b         400
  https://user:word@storage.example.org:8443/b    400
  https://:word@storage.example.org:8443/b        400
  https://@storage.example.org:8443/b             400
  https:///b                                      400
  https:/b                                        400
  https:b                                         400
  https://                                        400
  ftp://storage.example.org:8443/b                400
  davs://storage.example.org:8443/b               400
  file:///b                                       400
  storage.example.org:8443/b                      400
  /https://other.example.org/b                    /https:/other.example.org/b
  https://other.example.org/b                     403
  https://storage.example.org/b                   403
  https://storage.example.org:8444/b              403
  https://data.example.org:444/b                  403
  https://data.example.org:8443/b                 403
  https://ce.example.org/b                        403
  https://data.example.org.other.example.org/b    403
  https://other.example.org:443/b                 403
  https://other-data.example.org/b                403
  https://data.example.org./b                     403
`);

describe("another end", () => {
  it.each(VALUES)("%j is what it says (R2, R3)", async ({ value = "", here = "" }) => {
    const enforcer = enforcerOf({ audience: AUDIENCES });
    const scope = "storage.read:/ storage.modify:/";
    const wanted = /^\d+$/.test(here) ? { verdict: here } : { verdict: "+", operation: { destination: here } };
    for (const request of ["MOVE /a", "COPY /a"]) {
      expect(await ask({ request, lines: ["Destination", value], scope, enforcer })).toMatchObject(wanted);
    }
    const pulled = /^\d+$/.test(here) ? wanted : { verdict: "+", operation: { source: here, destination: "/a" } };
    expect(await ask({ request: "COPY /a", lines: ["Source", value], scope, enforcer })).toMatchObject(pulled);
  });

  it("is judged by a URL's own path, not by what a parser of URLs makes of it (R2)", async () => {
    const asking = { request: "MOVE /a/x", scope: "storage.modify:/a" };
    for (const path of ["/b/../a/y", "/a/../b", "/b/%2e%2e/a", "\\a"]) {
      expect((await ask({ ...asking, lines: ["Destination", `https://${HOST}${path}`] })).verdict).toBe("400");
    }
    expect((await ask({ ...asking, lines: ["Destination", `https://${HOST}/a/y`] })).verdict).toBe("+");
    expect((await ask({ ...asking, lines: ["Destination", `https://${HOST}/b/y`] })).verdict).toBe("403");
  });
});

/** Audiences that are URLs, with a path, an address or the port of https, a name and a URN: a host is what stands where URLs have one. */
const OTHER_NAMES = table(`
  value                               here
  https://data.example.org/b          /b
  https://data.example.org/api/b      /api/b
  https://storage/b                   /b
  https://[2001:db8::1]:8443/b        /b
  http://data.example.org:80/b        /b
  http://data.example.org:443/b       403
  https://data.example.org:80/b       403
  https://[2001:db8::1]/b             403
  https://[2001:db8::2]:8443/b        403
  https://example/b                   403
  https://node7.example.org/b         /b
  https://node7.example.org:443/b     /b
  https://node7.example.org:8443/b    403
  https://other.example.org:99999/b   400
  https://999.0.0.1/b                 400
  https://data.example.org%2F@x/b     400
  https://%64ata.example.org/b        400
  https://[2001:db8::1/b              400
`);

describe("a server of other names", () => {
  const audience = [
    "https://data.example.org/api",
    "storage",
    "https://[2001:db8::1]:8443",
    "HTTPS://Node7.example.org:443/",
    "urn:example:storage",
  ];
  const enforcer = enforcerOf({ audience });

  it.each(OTHER_NAMES)("finds in $value: $here (R3)", async ({ value = "", here = "" }) => {
    const claims = { aud: "storage" };
    const told = await ask({
      request: "MOVE /a",
      lines: ["Destination", value],
      scope: "storage.modify:/",
      claims,
      enforcer,
    });
    expect(told.operation?.destination ?? told.verdict).toBe(here);
  });
});
