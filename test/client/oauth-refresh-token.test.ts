// Refresh tokens and their rotation. RFC 6749 6, RFC 9700 4.14.2.
import { refreshToken } from "@scitokens/client";
import { describe, expect, it } from "vitest";
import { typeErrorOf, wrong } from "../support/wrong.js";
import { CLIENT, failureOf, refusal, standIn, token } from "./oauth-stand-in.js";
import type { Answer } from "./oauth-stand-in.js";

const FIRST = "refresh-token-number-one";
const SECOND = "refresh-token-number-two";

describe("refreshToken", () => {
  it("asks with the refresh token, narrowed as the request wants it", async () => {
    const issuer = standIn([token()]);
    const source = refreshToken({ ...CLIENT, fetch: issuer.fetch, refreshToken: FIRST });
    await source.token({ scope: "read:/a", audience: ["a", "b"] });
    expect(Object.fromEntries(issuer.asked[0]?.form ?? [])).toEqual({
      grant_type: "refresh_token",
      refresh_token: FIRST,
      scope: "read:/a",
      audience: "a b",
    });
  });

  it("uses the new refresh token from then on, and hands it over before the access token", async () => {
    const order: string[] = [];
    const issuer = standIn([token({ refresh_token: SECOND }), token()]);
    const source = refreshToken({
      ...CLIENT,
      fetch: issuer.fetch,
      refreshToken: FIRST,
      onRefreshToken: async (next) => {
        await Promise.resolve();
        order.push(next);
      },
    });
    await source.token().then(() => order.push("access token"));
    await source.token();
    expect(order).toEqual([SECOND, "access token"]);
    expect(issuer.asked.map(({ form }) => form.get("refresh_token"))).toEqual([FIRST, SECOND]);
  });

  it("hands nothing over when the issuer keeps the refresh token", async () => {
    const handed: string[] = [];
    const issuer = standIn([token({ refresh_token: FIRST }), token()]);
    const onRefreshToken = (next: string): void => void handed.push(next);
    const source = refreshToken({ ...CLIENT, fetch: issuer.fetch, refreshToken: FIRST, onRefreshToken });
    await source.token();
    await source.token();
    expect(handed).toEqual([]);
  });

  it("does not lose the new refresh token when storing it fails", async () => {
    const issuer = standIn([token({ refresh_token: SECOND }), token()]);
    const onRefreshToken = (): Promise<void> => Promise.reject(new Error("disk full"));
    const source = refreshToken({ ...CLIENT, fetch: issuer.fetch, refreshToken: FIRST, onRefreshToken });
    await expect(source.token()).rejects.toThrow("disk full");
    await source.token();
    expect(issuer.asked[1]?.form.get("refresh_token")).toBe(SECOND);
  });

  it("asks once for many equal requests, and one after the other for different ones", async () => {
    let [underWay, most] = [0, 0];
    const issuer = standIn([token({ refresh_token: SECOND }), token({ refresh_token: "refresh-token-number-three" })]);
    const source = refreshToken({
      ...CLIENT,
      refreshToken: FIRST,
      fetch: async (input, init) => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return issuer.fetch(input, init);
      },
    });
    await Promise.all([
      source.token({ scope: "read:/a write:/b" }),
      source.token({ scope: ["write:/b", "read:/a"] }),
      source.token({ scope: "read:/c" }),
    ]);
    expect(most).toBe(1);
    expect(issuer.asked.map(({ form }) => [form.get("scope"), form.get("refresh_token")])).toEqual([
      ["read:/a write:/b", FIRST],
      ["read:/c", SECOND],
    ]);
  });

  it("keeps what comes back though its caller has gone", async () => {
    let release = (): void => {};
    const issuer = standIn([token({ refresh_token: SECOND }), token()]);
    const handed: string[] = [];
    const source = refreshToken({
      ...CLIENT,
      refreshToken: FIRST,
      onRefreshToken: (next) => void handed.push(next),
      fetch: async (input, init) => {
        if (init?.method === "POST" && handed.length === 0) await new Promise<void>((resolve) => (release = resolve));
        return issuer.fetch(input, init);
      },
    });
    const leaving = new AbortController();
    const gone = source.token({ signal: leaving.signal });
    while (String(release) === "() => {}") await new Promise((resolve) => setImmediate(resolve));
    leaving.abort(new Error("gone"));
    await expect(gone).rejects.toThrow("gone");
    release();
    await source.token();
    expect(handed).toEqual([SECOND]);
    expect(issuer.asked.map(({ form }) => form.get("refresh_token"))).toEqual([FIRST, SECOND]);
  });

  it.each([
    ["a refresh token that is no longer good wants a person", refusal("invalid_grant"), "interaction_needed"],
    ["a scope that was never granted is refused", refusal("invalid_scope"), "refused"],
    ["a passing trouble passes: the next request asks again", [503, {}], "unreachable"],
  ] as readonly (readonly [string, Answer, string])[])("%s", async (_, answer, code) => {
    const issuer = standIn([answer, token()]);
    const source = refreshToken({ ...CLIENT, fetch: issuer.fetch, refreshToken: FIRST });
    expect((await failureOf(source.token())).code).toBe(code);
    expect((await source.token()).value).toBe("the-access-token-0123");
  });

  it.each([
    [{ refreshToken: "" }, "refreshToken must be a string, not empty"],
    [{ onRefreshToken: "save" }, "onRefreshToken must be a function"],
    [{ refreshTokn: "x" }, "did you mean 'refreshToken'?"],
  ])("%j is a TypeError", (changes, sentence) => {
    const error = typeErrorOf(() => refreshToken(wrong({ ...CLIENT, refreshToken: FIRST, ...changes })));
    expect(error).toContain(sentence);
  });
});
