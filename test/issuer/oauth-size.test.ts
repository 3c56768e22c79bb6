// How much a request may ask for: what comes of it must be a token that verifiers read (T1).
import { describe, expect, it } from "vitest";
import {
  askForDevice,
  AUDIENCE,
  byClient,
  byDevice,
  exchange,
  refresh,
  startOAuth,
  verified,
} from "./oauth-running.js";
import type { Reply } from "./oauth-running.js";

const paths = (count: number, length: number): string =>
  Array.from({ length: count }, (_, i) => `read:/${i}${"x".repeat(length)}`).join(" ");
const names = (count: number, length = 1): string[] =>
  Array.from({ length: count }, (_, i) => `https://${"x".repeat(length)}${i}.example`);
const tokenOf = ({ body }: Reply): string => String(body["access_token"]);

describe("a request", () => {
  it("may ask for 100 scopes and audiences, and not for 101", async () => {
    const issuer = await startOAuth();
    expect((await byClient(issuer, { scope: paths(100, 9), audience: names(99).concat("y") })).status).toBe(200);
    const scopes = await byClient(issuer, { scope: paths(101, 1) });
    expect(scopes.body).toEqual({ error: "invalid_scope", error_description: "more than 100 scopes" });
    const audiences = await byClient(issuer, { scope: "read:/", audience: names(101) });
    expect(audiences.body).toEqual({ error: "invalid_target", error_description: "more than 100 audiences" });
  });

  it("gets the largest token that fits into what verifiers read, and none that is larger (T1)", async () => {
    const issuer = await startOAuth({ algs: ["RS256"] });
    const ask = (length: number): Promise<Reply> => byClient(issuer, { scope: paths(20, length), audience: AUDIENCE });
    const good = await ask(480);
    expect((await verified(issuer, good)).scopes.length).toBe(20);
    expect(tokenOf(good).length).toBeGreaterThan(13_000);
    const large = await ask(520);
    expect(large.body).toMatchObject({ error: "invalid_scope", error_description: expect.stringContaining("16 KiB") });
    const many = await byClient(issuer, { scope: "read:/", audience: names(30, 400) });
    expect(many.body).toMatchObject({ error: "invalid_scope" });
    expect((await askForDevice(issuer, { scope: paths(20, 520) })).body).toMatchObject({ error: "invalid_scope" });
  });

  it("of a refresh that is too large does not use up the refresh token", async () => {
    const issuer = await startOAuth();
    const first = await byDevice(issuer, { scope: `offline_access ${paths(20, 300)}` });
    const large = await refresh(issuer, first, { audience: names(20, 300) });
    expect(large.body).toMatchObject({ error: "invalid_scope" });
    expect((await refresh(issuer, first)).status).toBe(200);
  });

  it("of many groups, and a long line of those who acted, counts too", async () => {
    const groups = Array.from({ length: 40 }, (_, i) => `/${"x".repeat(300)}${i}`);
    const issuer = await startOAuth({ users: [{ sub: "ada", groups }] });
    expect((await byDevice(issuer, { scope: "wlcg.groups" })).body).toMatchObject({ error: "invalid_scope" });
    const act = { sub: "x".repeat(11_000) };
    const token = await issuer.token({ sub: "ada", aud: AUDIENCE, scope: "read:/", act });
    expect((await exchange(issuer, token)).body).toMatchObject({ error: "invalid_scope" });
  });
});
