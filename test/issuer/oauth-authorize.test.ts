// The authorization endpoint, where a browser comes: prompts, pages, errors, and what outlives a rotation. RFC 6749 4.1, RFC 9207.
import type { OAuthIssuer } from "@scitokens/issuer/oauth";
import { calculatePKCECodeChallenge } from "openid-client";
import { describe, expect, it } from "vitest";
import { createBrowser, post, read, startOAuth } from "./oauth-running.js";
import type { Form, Reply } from "./oauth-running.js";

const REDIRECT = "http://127.0.0.1:3999/callback"; // nobody listens: the browser stops there
const VERIFIER = "x".repeat(43);

async function authorizeUrl({ issuer }: OAuthIssuer, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const query = new URLSearchParams({
    client_id: "demo",
    response_type: "code",
    redirect_uri: REDIRECT,
    scope: "openid offline_access read:/",
    code_challenge: await calculatePKCECodeChallenge(VERIFIER),
    code_challenge_method: "S256",
    ...more,
  });
  return `${issuer}/authorize?${query.toString()}`;
}

/** What the callback is told. */
const told = (response: Response): URLSearchParams => new URL(response.headers.get("location") ?? "").searchParams;

const redeem = ({ issuer }: OAuthIssuer, response: Response): Promise<Reply> => {
  const form: Form = { grant_type: "authorization_code", client_id: "demo", redirect_uri: REDIRECT };
  return post(`${issuer}/token`, { ...form, code: told(response).get("code") ?? "", code_verifier: VERIFIER });
};

describe("a prompt", () => {
  it.each(["login", "consent", "login consent", "select_account"])(
    "of %s leaves the refresh token that was asked for",
    async (prompt) => {
      const issuer = await startOAuth();
      const answer = await createBrowser(issuer.url).get(await authorizeUrl(issuer, { prompt }));
      if (prompt === "select_account") return expect(told(answer).get("error")).toBe("invalid_request");
      expect((await redeem(issuer, answer)).body).toHaveProperty("refresh_token");
    },
  );

  it("of none is refused, for somebody has to be asked", async () => {
    const issuer = await startOAuth();
    const answer = await createBrowser(issuer.url).get(await authorizeUrl(issuer, { prompt: "none" }));
    expect(told(answer).get("error")).toBe("login_required");
  });
});

describe("a page", () => {
  const HEADERS = {
    "content-security-policy": expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "content-type": "text/html; charset=utf-8",
  };

  it.each(["/device", "/consent/x", "/authorize?client_id=nobody", "/authorize/x"])(
    "at %s cannot be framed, kept or run scripts",
    async (path) => {
      const issuer = await startOAuth({ approve: "ask" });
      const response = await fetch(issuer.issuer + path);
      expect(Object.fromEntries(response.headers)).toMatchObject(HEADERS);
      expect(await response.text()).not.toContain("<script");
    },
  );

  it("never hands over a code: there is no response_mode form_post", async () => {
    const issuer = await startOAuth();
    const metadata = await read(await fetch(`${issuer.issuer}/.well-known/openid-configuration`));
    expect(metadata.body["response_modes_supported"]).toEqual(["query", "fragment"]);
    const answer = await createBrowser(issuer.url).get(await authorizeUrl(issuer, { response_mode: "form_post" }));
    expect(told(answer).get("error")).toBe("unsupported_response_mode");
    const fragment = await createBrowser(issuer.url).get(await authorizeUrl(issuer, { response_mode: "fragment" }));
    expect(fragment.headers.get("location")).toContain("#code=");
  });
});

describe("a request that cannot be granted comes back to the client", () => {
  it.each([
    [{ resource: "bad uri" }, "invalid_target", "a resource must be an absolute URI without a fragment"],
    [{ audience: "a\tb" }, "invalid_target", "an audience is printable ASCII"],
    [{ scope: Array.from({ length: 101 }, (_, i) => `x${i}`).join(" ") }, "invalid_scope", "more than 100 scopes"],
    [{ scope: "read:/../x" }, "invalid_scope", "could be read in two ways"],
  ])("with %o", async (more, error, sentence) => {
    const issuer = await startOAuth();
    const answer = told(await createBrowser(issuer.url).get(await authorizeUrl(issuer, { state: "s", ...more })));
    expect([answer.get("error"), answer.get("state")]).toEqual([error, "s"]);
    expect(answer.get("error_description")).toContain(sentence);
  });

  it("but not to a stranger", async () => {
    const issuer = await startOAuth();
    const more = { resource: "bad uri", redirect_uri: "https://evil.example/" };
    const answer = await createBrowser(issuer.url).get(await authorizeUrl(issuer, more));
    expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
  });
});

it("a person who is being asked can answer after a rotation of the keys", async () => {
  const issuer = await startOAuth({ approve: "ask" });
  const browser = createBrowser(issuer.url);
  const asked = await browser.get(await authorizeUrl(issuer));
  await issuer.rotate();
  const answer = await browser.submit(asked.url, { user: "alice", answer: "allow" });
  expect((await redeem(issuer, answer)).status).toBe(200);
});
