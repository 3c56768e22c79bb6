// The OAuth sources against a real authorization server (oidc-provider), and an enforcer that judges what they bring.
import {
  authorizationCode,
  clientCredentials,
  deviceCode,
  OAuthError,
  refreshToken,
  tokenExchange,
} from "@scitokens/client";
import type { AccessToken } from "@scitokens/client";
import { createEnforcer } from "@scitokens/core";
import { startOAuthIssuer } from "@scitokens/issuer/oauth";
import type { OAuthIssuer } from "@scitokens/issuer/oauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const AUDIENCE = "https://data.test";
const SECRET = "portal-secret-0123";

let issuer: OAuthIssuer;
let program: { issuer: string; clientId: string; clientSecret: string; allowInsecureIssuer: true };
let person: { issuer: string; clientId: string; allowInsecureIssuer: true };

beforeAll(async () => {
  issuer = await startOAuthIssuer({
    approve: "everyone",
    path: "/vo1",
    clients: [
      { clientId: "cli" },
      {
        clientId: "portal-7d_x.1",
        clientSecret: SECRET,
        scope: ["read:/", "write:/"],
        audience: [AUDIENCE, "https://b.test"],
      },
    ],
  });
  program = { issuer: issuer.issuer, clientId: "portal-7d_x.1", clientSecret: SECRET, allowInsecureIssuer: true };
  person = { issuer: issuer.issuer, clientId: "cli", allowInsecureIssuer: true };
});
afterAll(() => issuer.close());

/** What a service at AUDIENCE lets the token do: read /store/a, read /store, write /store. */
async function rights(token: AccessToken): Promise<string> {
  const enforcer = createEnforcer({ issuer: { issuer: issuer.issuer, allowInsecureIssuer: true }, audience: AUDIENCE });
  const verified = await enforcer.verify(token.value);
  const asked = [
    ["read", "/store/a"],
    ["read", "/store"],
    ["write", "/store"],
  ] as const;
  const may = asked.filter(([authz, path]) => enforcer.test(verified, authz, path)).map((pair) => pair.join(":"));
  enforcer.close();
  return may.join(" ");
}

describe("client credentials", () => {
  it.each(["client_secret_basic", "client_secret_post"] as const)("by %s", async (clientAuthentication) => {
    const source = clientCredentials({ ...program, clientAuthentication, scope: "read:/store" });
    const token = await source.token({ audience: AUDIENCE });
    expect(await rights(token)).toBe("read:/store/a read:/store");
    expect(token.scope).toBe("read:/store");
  });

  it("for several audiences, as resources too", async () => {
    for (const audienceStyle of ["space-separated", "repeated", "resource"] as const) {
      const source = clientCredentials({
        ...program,
        audienceStyle,
        audience: [AUDIENCE, "https://b.test"],
        scope: "write:/",
      });
      expect(await rights(await source.token())).toBe("write:/store");
    }
  });

  it("not with a wrong secret", async () => {
    const source = clientCredentials({ ...program, clientSecret: "another-secret" });
    await expect(source.token()).rejects.toMatchObject({ code: "refused", error: "invalid_client" });
  });

  it("not for what the client may not have", async () => {
    const source = clientCredentials(program);
    await expect(source.token({ scope: "condor:/WRITE" })).rejects.toThrow(OAuthError);
    await expect(source.token({ scope: "read:/", audience: "https://other.test" })).rejects.toMatchObject({
      error: "invalid_target",
    });
  });
});

describe("a person", () => {
  /** The issuer names no interval, which means 5 s; a test has no time. */
  const hurried: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!String(input instanceof Request ? input.url : input).includes("device")) return response;
    const body: unknown = await response.json();
    const faster =
      typeof body === "object" && body !== null && "device_code" in body ? { ...body, interval: 0.01 } : body;
    return Response.json(faster, { status: response.status });
  };

  it("confirms a device code; narrower tokens follow by the refresh token, without a word", async () => {
    const prompts: string[] = [];
    const source = deviceCode({
      ...person,
      scope: "read:/store write:/store",
      fetch: hurried,
      // As the person would: the page is opened, and this issuer's people allow everything.
      onPrompt: async ({ verificationUriComplete = "" }) => {
        prompts.push(verificationUriComplete);
        await (await fetch(verificationUriComplete)).text();
      },
    });
    expect(await rights(await source.token({ audience: AUDIENCE }))).toBe("read:/store/a read:/store write:/store");
    expect(await rights(await source.token({ audience: AUDIENCE, scope: "read:/store/a" }))).toBe("read:/store/a");
    await expect(source.token({ scope: "read:/" })).rejects.toMatchObject({ code: "refused", error: "invalid_scope" });
    expect(prompts).toHaveLength(1);
  });

  it("grants in a browser, and the refresh token goes to whom it is handed", async () => {
    const kept: string[] = [];
    const source = authorizationCode({
      ...person,
      scope: "read:/store",
      onRefreshToken: (next) => void kept.push(next),
      openUrl: async (url) => void (await browse(url)),
    });
    expect(await rights(await source.token({ audience: AUDIENCE }))).toBe("read:/store/a read:/store");
    expect(kept).toHaveLength(1);
    const later = refreshToken({
      ...person,
      refreshToken: kept[0] ?? "",
      onRefreshToken: (next) => void kept.push(next),
    });
    for (const scope of ["read:/store/a", "read:/store/a"]) {
      expect(await rights(await later.token({ audience: AUDIENCE, scope }))).toBe("read:/store/a");
    }
  });

  it("is needed again when the refresh token is none", async () => {
    const source = refreshToken({ ...person, refreshToken: "a-refresh-token-of-nobody" });
    await expect(source.token()).rejects.toMatchObject({ code: "interaction_needed", error: "invalid_grant" });
  });
});

it("a service exchanges a token for a narrower one", async () => {
  const subject = clientCredentials({ ...program, scope: "read:/store", audience: AUDIENCE });
  const source = tokenExchange({ ...program, subject });
  expect(await rights(await source.token({ audience: AUDIENCE, scope: "read:/store/a" }))).toBe("read:/store/a");
});

/** A browser that follows redirects and keeps cookies, as far as an issuer needs it. */
async function browse(start: string): Promise<void> {
  const cookies = new Map<string, string>();
  for (let url = start, hops = 0; hops < 10; hops++) {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const response = await fetch(url, { redirect: "manual", headers: cookie === "" ? {} : { cookie } });
    await response.text();
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const next = response.headers.get("location");
    if (next === null) return;
    url = new URL(next, url).href;
  }
}
