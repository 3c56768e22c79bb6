// An enforcer behind the MCP SDK's own gate: what a tool is given, and how a refusal is told from a fault.
import { OAuthError, OAuthErrorCode, requireBearerAuth } from "@modelcontextprotocol/server";
import type { AuthInfo, OAuthTokenVerifier } from "@modelcontextprotocol/server";
import { createEnforcer } from "@scitokens/core";
import type { EnforcerOptions, SciTokenEvent } from "@scitokens/core";
import { protectFetch } from "@scitokens/core/fetch";
import { createTokenVerifier, getToken, SciToken } from "@scitokens/core/mcp";
import type { TokenVerifier } from "@scitokens/core/mcp";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { signToken, testKey } from "../support/sign.js";

const ISSUER = "https://issuer.example.org";
const AUDIENCE = "https://mcp.example.org/mcp";
const now = Math.floor(Date.now() / 1000); // the SDK's gate looks at the expiry too, by the system's clock

const key = testKey("ES256", "key-1");
const trust: EnforcerOptions = {
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
  audience: AUDIENCE,
  clock: () => now,
};

const claims = { iss: ISSUER, aud: AUDIENCE, sub: "alice", ver: "scitoken:2.0", scope: "read:/frames queue" };
const token = (more: object = {}): string => signToken(key, { ...claims, iat: now, nbf: now, exp: now + 600, ...more });

const refuse = (message: string): Error => new OAuthError(OAuthErrorCode.InvalidToken, message);
const verifierOf = (more: Partial<EnforcerOptions> = {}): TokenVerifier =>
  createTokenVerifier({ ...trust, ...more, refuse });

const unreachable: Partial<EnforcerOptions> = {
  issuer: ISSUER,
  keys: { fetch: () => Promise.reject(new TypeError("fetch failed")) },
};

/** What the SDK's gate makes of a verifier's answer. */
async function gate(verifier: OAuthTokenVerifier, raw: string): Promise<AuthInfo | Response> {
  const headers = { Authorization: `Bearer ${raw}` };
  const authenticated = requireBearerAuth({ verifier, expectedResource: new URL(AUDIENCE) });
  return authenticated(new Request(AUDIENCE, { method: "POST", headers }));
}

async function refusedBy(verifier: OAuthTokenVerifier, raw: string): Promise<Response> {
  const answer = await gate(verifier, raw);
  if (!(answer instanceof Response)) throw new Error("let through");
  return answer;
}

describe("a good token", () => {
  it("is described in the SDK's words, and is there itself for the tools", async () => {
    const raw = token();
    const info = await verifierOf().verifyAccessToken(raw);
    expect(info).toEqual({
      token: raw,
      clientId: "alice",
      scopes: ["read:/frames", "queue"],
      expiresAt: now + 600,
      resource: new URL(AUDIENCE),
      extra: { scitoken: expect.any(SciToken) },
    });
    expect(getToken(info).allows("read", "/frames/H1")).toBe(true);
    expect(getToken(info).allows("read", "/framesets")).toBe(false);
    expect(await gate(verifierOf(), raw)).toEqual(info);
  });

  it("is its client's, else its subject's, else its issuer's", async () => {
    const clientOf = async (more: object): Promise<string> =>
      (await verifierOf().verifyAccessToken(token(more))).clientId;
    expect(await clientOf({ client_id: "agent-7" })).toBe("agent-7");
    expect(await clientOf({ sub: undefined })).toBe(ISSUER);
  });

  it("is for that name of this server's which it names, where that is a URL (C5)", async () => {
    const resourceOf = async (aud: unknown, audience: EnforcerOptions["audience"]): Promise<string | undefined> =>
      (await verifierOf({ audience }).verifyAccessToken(token({ aud }))).resource?.href;
    expect(await resourceOf(["https://other.example.org", AUDIENCE], AUDIENCE)).toBe(AUDIENCE);
    expect(await resourceOf(AUDIENCE, ["mcp.example.org", AUDIENCE])).toBe(AUDIENCE);
    expect(await resourceOf(["https://b.example.org/"], [AUDIENCE, "https://b.example.org/"])).toBe(
      "https://b.example.org/",
    );
    expect(await resourceOf("mcp.example.org", ["mcp.example.org", AUDIENCE])).toBeUndefined();
    expect(await resourceOf("mcp:agents", "mcp:agents")).toBeUndefined();
    expect(await resourceOf("https://[agents", "https://[agents")).toBeUndefined();
  });

  it("of any audience names no resource, so that a gate which expects one refuses it (C6)", async () => {
    expect((await verifierOf().verifyAccessToken(token({ aud: "ANY" }))).resource).toBeUndefined();
    expect((await refusedBy(verifierOf(), token({ aud: "ANY" }))).status).toBe(401);
  });
});

describe("a refused token", () => {
  it.each([
    ["expired", token({ exp: now })],
    ["of another issuer", token({ iss: "https://mallory.example.org" })],
    ["for another server", token({ aud: "https://mallory.example.org" })],
    ["malformed", "mallory"],
    ["of characters that no token has", 'mallory"\\'],
  ])("is a 401 with nothing of it in the answer: %s (H3, H4)", async (_, raw) => {
    const answer = await refusedBy(verifierOf(), raw);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer error="invalid_token"/);
    expect(JSON.stringify([...answer.headers]) + (await answer.text())).not.toContain("mallory");
  });

  it("is told to the operator, as by every adapter (H6)", async () => {
    const events: SciTokenEvent[] = [];
    const verifier = verifierOf({ onEvent: (event) => void events.push(event) });
    await refusedBy(verifier, token({ exp: now }));
    await gate(verifier, token());
    expect(events).toMatchObject([
      { type: "refused", code: "invalid_token", reason: "expired", token: { subject: "alice" } },
      { type: "allowed", token: { subject: "alice" } },
    ]);
  });
});

describe("what is no fault of the token", () => {
  it("is never blamed on it: keys that cannot be had (I9)", async () => {
    const answer = await refusedBy(verifierOf(unreachable), token());
    expect(answer.status).toBe(500);
    expect(answer.headers.get("www-authenticate")).toBeNull();
    await expect(verifierOf(unreachable).verifyAccessToken(token())).rejects.toMatchObject({
      status: 503,
      code: "issuer_unavailable",
    });
  });

  it("is never blamed on it: an error of the program (H3)", async () => {
    for (const thrown of [undefined, "route", new Error("its own")]) {
      // oxlint-disable-next-line prefer-promise-reject-errors -- what is no Error is the point
      const verifier = verifierOf({ isRevoked: () => Promise.reject(thrown) });
      expect((await refusedBy(verifier, token())).status).toBe(500);
    }
  });
});

it("stands behind protect() where the whole table of answers should hold (H2, H3)", async () => {
  const both = async (more: Partial<EnforcerOptions>, ...lines: readonly string[]): Promise<number> => {
    const enforcer = createEnforcer({ ...trust, ...more });
    const headers = new Headers(lines.map((line) => ["Authorization", line] as [string, string]));
    const first = await protectFetch({ enforcer })(new Request(AUDIENCE, { method: "POST", headers }));
    if (first instanceof Response) return first.status;
    const second = await gate(createTokenVerifier({ enforcer, refuse }), (lines[0] ?? "").replace("Bearer ", ""));
    return second instanceof Response ? second.status : 200;
  };
  expect(await both({}, `Bearer ${token()}`)).toBe(200);
  expect(await both({}, `Bearer ${token()}`, `Bearer ${token({ sub: "bob" })}`)).toBe(400);
  expect(await both(unreachable, `Bearer ${token()}`)).toBe(503);
});

describe("options", () => {
  it("are checked at start, and named", () => {
    const wrong =
      (options: object): (() => unknown) =>
      () =>
        createTokenVerifier(options as never);
    expect(wrong({ ...trust })).toThrow(/^refuse: expected a function/);
    expect(wrong({ ...trust, refuse: OAuthErrorCode.InvalidToken })).toThrow(/^refuse: expected a function/);
    expect(wrong({ ...trust, refuse, audiance: AUDIENCE })).toThrow(/did you mean 'audience'/);
    expect(wrong({ ...trust, refuse, scope: "read:/" })).toThrow(/unknown option 'scope'/);
    expect(wrong({ ...trust, refuse, optional: true })).toThrow(/unknown option 'optional'/);
    expect(wrong({ issuer: ISSUER, refuse })).toThrow(/^audience/);
    expect(wrong({ enforcer: {}, refuse })).toThrow(/^enforcer/);
  });

  it("take an enforcer that the application owns", async () => {
    const enforcer = createEnforcer(trust);
    const { extra } = await createTokenVerifier({ enforcer, refuse }).verifyAccessToken(token());
    expect(enforcer.test(extra.scitoken, "read", "/frames")).toBe(true);
  });
});

it("finds no token where no verifier of ours has put one", () => {
  const forged = { claims, allows: () => true };
  for (const info of [undefined, {}, { extra: {} }, { extra: { scitoken: forged } }]) {
    expect(() => getToken(info)).toThrow(/the call has no token/);
  }
});

it("is the SDK's OAuthTokenVerifier by its shape, with the claims that a schema types", () => {
  expectTypeOf(verifierOf()).toExtend<OAuthTokenVerifier>();
  const typed = createTokenVerifier({ ...trust, claims: z.object({ email: z.string() }), refuse });
  expectTypeOf(typed).toExtend<OAuthTokenVerifier>();
  expectTypeOf(typed.verifyAccessToken).returns.resolves.toHaveProperty("extra").toEqualTypeOf<{
    readonly scitoken: SciToken<{ email: string }>;
  }>();
  expectTypeOf(getToken<{ email: string }>).returns.toEqualTypeOf<SciToken<{ email: string }>>();
  expectTypeOf<AuthInfo | undefined>().toExtend<Parameters<typeof getToken>[0]>();
});

describe("an error of the program", () => {
  it("is no refusal, even when a hook throws the SDK's own, and its text is not sent (H3, H4)", async () => {
    const isRevoked = (): never => {
      throw new OAuthError(OAuthErrorCode.InvalidToken, "our client's secret");
    };
    const response = await refusedBy(verifierOf({ isRevoked }), token());
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
  });

  it("is an Error even when refuse() makes none (H3)", async () => {
    const verifier = createTokenVerifier({ ...trust, refuse: () => undefined as unknown as Error });
    await expect(verifier.verifyAccessToken("junk")).rejects.toThrow(Error);
  });
});
