// Rows of the contract: what each method does, as the handler is told, and what it takes. Rules R3, S7, S10, H2, H9.
import { describe, expect, it } from "vitest";
import type { RawResponse } from "../support/raw-request.js";
import type { Client } from "./client.js";
import { AUDIENCE, bearer, token, wlcgToken } from "./fixture.js";

interface Row {
  readonly method: string;
  readonly target: string;
  readonly scope: string;
  readonly headers?: readonly string[];
}

const row = (method: string, target: string, scope: string, ...headers: readonly string[]): Row => ({
  method,
  target,
  scope,
  headers,
});

const here = `${AUDIENCE}/store`;

/** With what the handler is told, or the status of the refusal. */
const ROWS: readonly (readonly [Row, object | number])[] = [
  [row("GET", "/store/a", "read:/store/a"), { name: "read", path: "/store/a", mayReplace: false }],
  [row("HEAD", "/store/a", "storage.create:/store/b"), 403],
  [row("OPTIONS", "/store/a", "storage.stage:/store"), { name: "stat", path: "/store/a", mayReplace: false }],
  [row("PROPFIND", "/store/d/", "write:/store", "Depth: 0"), { name: "stat", path: "/store/d/", mayReplace: false }],
  [row("PROPFIND", "/store/d/", "write:/store", "Depth: 1"), 403],
  [row("PROPFIND", "/store/d/", "write:/store", "Depth: 0", "Depth: 1"), 403],
  [row("PROPFIND", "/store/d/", "read:/store"), { name: "list", path: "/store/d/", mayReplace: false }],
  [row("PUT", "/store/new", "storage.create:/store"), { name: "write", path: "/store/new", mayReplace: false }],
  [row("PUT", "/store/old", "storage.create:/store"), 403],
  [row("PUT", "/store/old", "write:/store"), { name: "write", path: "/store/old", mayReplace: true }],
  [row("POST", "/store/new", "storage.modify:/store"), { name: "write", path: "/store/new", mayReplace: true }],
  [row("MKCOL", "/store/a", "storage.create:/store/a/b"), { name: "mkdir", path: "/store/a", mayReplace: false }],
  [row("MKCOL", "/store/ab", "storage.create:/store/a/b"), 403],
  [row("DELETE", "/store/old", "storage.modify:/store"), { name: "modify", path: "/store/old", mayReplace: true }],
  [row("DELETE", "/store/old", "storage.create:/store"), 403],
  [row("PROPPATCH", "/store/old", "read:/store storage.create:/store"), 403],
  [row("LOCK", "/store/old", "read:/ write:/"), 403],
  [
    row("MOVE", "/store/part", "storage.create:/store", "Destination: /store/new"),
    { name: "rename", path: "/store/part", source: "/store/part", destination: "/store/new", mayReplace: false },
  ],
  [row("MOVE", "/store/part", "storage.create:/store", "Destination: /store/old"), 403],
  [
    row("MOVE", "/store/part", "write:/store", `Destination: ${here}/my%20file`),
    { name: "rename", path: "/store/part", source: "/store/part", destination: "/store/my file", mayReplace: true },
  ],
  [row("MOVE", "/store/part", "write:/store", "Destination: https://elsewhere.example.org/store/x"), 403],
  [row("MOVE", "/store/part", "write:/store"), 400],
  [row("MOVE", "/store/part", "write:/store", "Destination: /store/a/%2e%2e/b"), 400],
  [
    row("COPY", "/store/a", "read:/store/a write:/store/b", "Destination: /store/b/c"),
    { name: "copy", path: "/store/a", source: "/store/a", destination: "/store/b/c", mayReplace: true },
  ],
  [row("COPY", "/store/a", "read:/store/a read:/store/b", "Destination: /store/b/c"), 403],
  [row("GET", "/store/x.d", "read:/store/x.d/"), { name: "read", path: "/store/x.d", mayReplace: false }],
  [row("GET", "/store/x.f/", "read:/store/x.f/"), 403],
];

export function describeOperations({ send, get }: Client): void {
  const ask = (raw: string, { method, target, headers = [] }: Omit<Row, "scope">): Promise<RawResponse> =>
    send({ method, target, lines: [bearer(raw), ...headers] });

  describe("what a request does (R3)", () => {
    it.each(ROWS)("%j: %j", async (asked, expected) => {
      const { status, body } = await ask(token(asked.scope), asked);
      if (typeof expected === "number") expect(status).toBe(expected);
      else {
        expect(status).toBe(200);
        if (asked.method !== "HEAD") expect(JSON.parse(body)).toMatchObject({ operation: expected });
      }
    });
  });

  it("names storage.modify in the challenge, whether or not something is there (R3)", async () => {
    const challenges = ["/store/new", "/store/old"].map(async (target) => {
      const { headers } = await ask(token("read:/"), { method: "PUT", target });
      return headers["www-authenticate"]?.replace(target, "");
    });
    const [absent, present] = await Promise.all(challenges);
    expect(absent).toContain('scope="storage.modify:"');
    expect(present).toBe(absent);
  });

  it("takes two equal Authorization lines as one for every method (H2)", async () => {
    const twice = bearer(token("write:/store"));
    const { status } = await send({ method: "DELETE", target: "/store/old", lines: [twice, twice] });
    expect(status).toBe(200);
  });

  it("judges groups and hosts by what the route allows them (S7, S10)", async () => {
    const member = wlcgToken({ "wlcg.groups": ["/cms"] });
    const statusOf = async (raw: string, method: string, target: string): Promise<number> =>
      (await ask(raw, { method, target })).status;
    expect(await statusOf(member, "PUT", "/store/a")).toBe(200);
    expect(await statusOf(member, "GET", "/store/protected/a")).toBe(200);
    expect(await statusOf(member, "PUT", "/store/protected/a")).toBe(403);
    expect(await statusOf(wlcgToken({ "wlcg.groups": ["/cms/uscms"] }), "GET", "/store/a")).toBe(403);
    const host = { sub: "host:a.example.org", scope: "host.auth" };
    expect(await statusOf(wlcgToken(host), "GET", "/store/lists/x")).toBe(200);
    expect(await statusOf(wlcgToken(host), "PUT", "/store/lists/x")).toBe(403);
    expect(await statusOf(wlcgToken({ ...host, scope: "openid" }), "GET", "/store/lists/x")).toBe(403);
    expect(await statusOf(wlcgToken({ ...host, sub: "host:b.example.org" }), "GET", "/store/lists/x")).toBe(403);
  });

  it("lets everything through where it only reports, with the token if it is good (H9)", async () => {
    const none = await get("/reported/a");
    expect([none.status, JSON.parse(none.body)]).toMatchObject([200, { subject: null, operation: { name: "read" } }]);
    const bad = await get("/reported/a", "Authorization: Bearer junk");
    expect([bad.status, bad.headers["www-authenticate"], JSON.parse(bad.body)]).toMatchObject([
      200,
      undefined,
      { subject: null },
    ]);
    const good = await ask(token("read:/other"), { method: "PUT", target: "/reported/old" });
    expect(JSON.parse(good.body)).toMatchObject({ subject: "alice", operation: { name: "write", mayReplace: true } });
  });
}
