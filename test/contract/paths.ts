// Rows of the contract: which path a request is about, and what its method does there. Rules R2, R3, R6, S8.
import { describe, expect, it } from "vitest";
import type { Client } from "./client.js";
import { bearer, FORGED, token } from "./fixture.js";
import type { Harness } from "./harness.js";

export function describePaths({ get, send }: Client, harness: Harness): void {
  describe("the path of the raw target (R2, R3)", () => {
    const below = token("read:/files/a");
    it.each([
      ["/files/a", 200],
      ["/files/a/b?x=/../../secret", 200],
      ["/files/%61", 200],
      ["/files//a/./b", 200],
      ["/files/a%20b", 403],
      ["/files/ab", 403],
      ["/files/b", 403],
      ["/files/a/..", 400],
      ["/files/a/../b", 400],
      ["/files/a/%2e%2e/b", 400],
      ["/files/a/.%2E/b", 400],
      ["/files/a/%252e%252e/b", 400],
      ["/files/a%2fb", 400],
      ["/files/a%5cb", 400],
      ["/files/a\\..\\b", 400],
      ["/files/a%00", 400],
      ["/files/a%0d%0a", 400],
      ["/files/a%zz", 400],
      ["/files/a%2", 400],
      ["/files/a/%c0%ae%c0%ae/b", 400],
      ["/files/a/%ff", 400],
    ])("GET %s: %i", async (target, status) => {
      const answered = (await get(target, bearer(below))).status;
      if (status === 400 && harness.webStandard) expect([400, 403, 404]).toContain(answered);
      else expect(answered).toBe(status);
    });
  });

  it("names the path that was needed, encoded again, and relative to the issuer's base path (H4, S8)", async () => {
    const { headers } = await get("/area/my%20file/(1)", bearer(token("read:/other")));
    expect(headers["www-authenticate"]).toContain('scope="storage.read:/my%20file/%281%29"');
  });

  it("judges a path relative to the issuer's base path (S8)", async () => {
    expect((await get("/area/data/x", bearer(token("read:/data")))).status).toBe(200);
    expect((await get("/area/data/x", bearer(token("read:/area/data")))).status).toBe(403);
  });

  it("reads with GET, looks with HEAD, and refuses what it does not know (R3)", async () => {
    const method = async (name: string, scopes: string): Promise<number> =>
      (await send({ method: name, target: "/files/a", lines: [bearer(token(scopes))] })).status;
    expect(await method("HEAD", "read:/files")).toBe(200);
    expect(await method("HEAD", "write:/files")).toBe(200);
    expect(await method("HEAD", "read:/other")).toBe(403);
    expect(await method("GET", "write:/files")).toBe(403);
    expect(await method("LOCK", "read:/ write:/")).toBe(403);
    expect(await method("PATCH", "read:/")).toBe(403);
  });

  it("says nothing of paths to whoever has no good token (R6)", async () => {
    expect((await get("/files/a/../b")).status).toBe(401);
    expect((await get("/files/a/../b", bearer(FORGED))).status).toBe(401);
    expect((await get("/files/a")).headers["www-authenticate"]).toBe('Bearer realm="scitokens"');
  });

  it("judges the whole path in a sub-application, not what is left of it there (R2)", async () => {
    expect((await get("/mounted/a", bearer(token("read:/mounted/a")))).status).toBe(200);
    expect((await get("/mounted/a", bearer(token("read:/a")))).status).toBe(403);
    expect((await get("/mounted/a%2fb", bearer(token("read:/")))).status).toBe(400);
    const dots = (await get("/mounted/a/%2e%2e/b", bearer(token("read:/mounted/a")))).status;
    if (harness.webStandard) expect([400, 403, 404]).toContain(dots);
    else expect(dots).toBe(400);
  });
}
