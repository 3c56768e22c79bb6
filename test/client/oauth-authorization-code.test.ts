// A person grants in a browser on this machine. RFC 6749 4.1, 7636, 8252.
import { authorizationCode } from "@scitokens/client";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { freePort } from "../support/free-port.js";
import { typeErrorOf, wrong } from "../support/wrong.js";
import { CLIENT, failureOf, standIn, token } from "./oauth-stand-in.js";

/** The browser of a test: looks at the page, and comes back with what `reply` says. */
const browser =
  (reply: (page: URL) => Record<string, string>, seen: URL[] = []) =>
  async (address: string): Promise<void> => {
    const page = new URL(address);
    seen.push(page);
    const back = new URL(page.searchParams.get("redirect_uri") ?? "");
    back.search = new URLSearchParams({ state: page.searchParams.get("state") ?? "", ...reply(page) }).toString();
    await (await fetch(back)).text();
  };

describe("authorizationCode", () => {
  it("sends the browser out with PKCE and a state, and takes the code that it brings back", async () => {
    const pages: URL[] = [];
    const issuer = standIn([token({ refresh_token: "the-refresh-token-1" }), token({ access_token: "the next" })]);
    const openUrl = browser(() => ({ code: "the-code-0123" }), pages);
    const source = authorizationCode({
      ...CLIENT,
      clientSecret: undefined,
      scope: "read:/",
      fetch: issuer.fetch,
      openUrl,
    });
    expect((await source.token()).value).toBe("the-access-token-0123");
    const asked = Object.fromEntries(pages[0]?.searchParams ?? []);
    expect(asked).toMatchObject({
      response_type: "code",
      client_id: "robot",
      scope: "read:/",
      code_challenge_method: "S256",
    });
    expect(asked["redirect_uri"]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    const { form } = issuer.asked[0] ?? { form: new URLSearchParams() };
    expect(form.get("code")).toBe("the-code-0123");
    expect(form.get("redirect_uri")).toBe(asked["redirect_uri"]);
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    expect(challenge).toBe(asked["code_challenge"]);
  });

  it("asks no person for the next token", async () => {
    const pages: URL[] = [];
    const issuer = standIn([token({ refresh_token: "the-refresh-token-1" }), token()]);
    const openUrl = browser(() => ({ code: "the-code-0123" }), pages);
    const source = authorizationCode({ ...CLIENT, fetch: issuer.fetch, openUrl });
    await source.token();
    await source.token();
    expect(pages).toHaveLength(1);
    expect(issuer.asked[1]?.form.get("refresh_token")).toBe("the-refresh-token-1");
  });

  it("has the consent asked for where it wants offline_access (OpenID Connect Core 11)", async () => {
    const pages: URL[] = [];
    const openUrl = browser(() => ({ code: "the-code-0123" }), pages);
    const options = { ...CLIENT, fetch: standIn([token()]).fetch, openUrl };
    await authorizationCode({ ...options, scope: "read:/ offline_access" }).token();
    await authorizationCode({ ...options, scope: "read:/" }).token();
    expect(pages.map((page) => page.searchParams.get("prompt"))).toEqual(["consent", null]);
  });

  it("sends away whoever comes with another state, another path or another method", async () => {
    const statuses: number[] = [];
    const issuer = standIn([token()]);
    const openUrl = async (address: string): Promise<void> => {
      const page = new URL(address);
      const back = page.searchParams.get("redirect_uri") ?? "";
      const state = page.searchParams.get("state") ?? "";
      const knock = async (url: string, method = "GET"): Promise<void> => {
        const response = await fetch(url, { method });
        await response.text();
        statuses.push(response.status);
      };
      await knock(`${back}?state=another&code=stolen`);
      await knock(`${back}?code=stolen`);
      await knock(`${back}/elsewhere?state=${state}&code=stolen`);
      await knock(`${back}?state=${state}&code=stolen`, "POST");
      await knock(`${back}?state=${state}&code=the-code-0123`);
    };
    await authorizationCode({ ...CLIENT, fetch: issuer.fetch, openUrl }).token();
    expect(statuses).toEqual([404, 404, 404, 404, 200]);
    expect(issuer.asked.map(({ form }) => form.get("code"))).toEqual(["the-code-0123"]);
  });

  it("is refused where the person says no", async () => {
    const openUrl = browser(() => ({ error: "access_denied", error_description: "not today" }));
    const failure = await failureOf(authorizationCode({ ...CLIENT, fetch: standIn([]).fetch, openUrl }).token());
    expect(failure).toMatchObject({ code: "refused", message: expect.stringContaining("access_denied (not today)") });
  });

  it("gives up when nobody comes back in time, and closes its port", async () => {
    let back = "";
    let idle: Promise<unknown> = Promise.resolve();
    const openUrl = async (address: string): Promise<void> => {
      back = new URL(address).searchParams.get("redirect_uri") ?? "";
      const socket = connect(Number(new URL(back).port), "127.0.0.1");
      idle = once(socket, "close"); // as a browser opens connections on a guess
      await once(socket, "connect");
    };
    const options = { ...CLIENT, fetch: standIn([]).fetch, openUrl, loginTimeout: 0.05 };
    expect(await failureOf(authorizationCode(options).token())).toMatchObject({
      code: "interaction_needed",
      message: expect.stringContaining("nobody came back from the browser within 0.05 s"),
    });
    await idle;
    await expect(fetch(back)).rejects.toThrow("fetch failed");
  });

  it("uses the port that the options name, and says when it is taken", async () => {
    const port = await freePort();
    const redirectUri = `http://localhost:${port}/back`;
    const pages: URL[] = [];
    const openUrl = async (address: string): Promise<void> => {
      const inner = authorizationCode({ ...CLIENT, fetch: standIn([]).fetch, openUrl: () => {}, redirectUri });
      expect(await failureOf(inner.token())).toMatchObject({
        code: "unreachable",
        message: expect.stringContaining("cannot be opened"),
      });
      await browser(() => ({ code: "the-code-0123" }), pages)(address);
    };
    await authorizationCode({ ...CLIENT, fetch: standIn([token()]).fetch, openUrl, redirectUri }).token();
    expect(pages[0]?.searchParams.get("redirect_uri")).toBe(redirectUri);
  });

  it.each([
    [{ openUrl: undefined }, "openUrl must be a function that opens the page"],
    [{ redirectUri: "https://127.0.0.1/callback" }, "redirectUri must be http, on a loopback address"],
    [{ redirectUri: "http://data.test/callback" }, "redirectUri must be http, on a loopback address"],
    [{ loginTimeout: -1 }, "loginTimeout must be a number of seconds"],
  ])("%j is a TypeError", (changes, sentence) => {
    const error = typeErrorOf(() => authorizationCode(wrong({ ...CLIENT, openUrl: () => {}, ...changes })));
    expect(error).toContain(sentence);
  });
});
