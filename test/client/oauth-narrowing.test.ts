// A token is for whom it was asked for, and for no more: what an issuer gives instead is not passed on.
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import {
  AccessToken,
  authorizationCode,
  clientCredentials,
  deviceCode,
  oidcAgent,
  refreshToken,
  tokenExchange,
  vault,
} from "@scitokens/client";
import type { DeviceCodeOptions, TokenRequest, TokenSource } from "@scitokens/client";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { CLIENT, device, failureOf, standIn, token } from "./oauth-stand-in.js";
import type { Answer } from "./oauth-stand-in.js";
import { jwt, NOW, world } from "./places.js";
import { standInVault, VAULT_TOKEN } from "./stand-in-vault.js";

const A = "https://a.example";
const B = "https://b.example";

describe("without a refresh token, the token of a login", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  const WIDE = { scope: "read:/ write:/", audience: A };
  const forA = jwt({ aud: A, scope: WIDE.scope });

  async function asked(answer: Answer, request: TokenRequest, options: Partial<DeviceCodeOptions> = WIDE) {
    const issuer = standIn([device(), answer]);
    let prompts = 0;
    const onPrompt = (): void => void (prompts += 1);
    const source = deviceCode({ ...CLIENT, fetch: issuer.fetch, onPrompt, ...options });
    const run = async (): Promise<{ readonly code: string; readonly message: string }> => {
      const given = failureOf(source.token(request));
      await vi.advanceTimersByTimeAsync(5000);
      return given;
    };
    const [first, second] = [await run(), await run()];
    expect(second).toMatchObject({ code: first.code, message: first.message }); // at once, and from what is kept
    expect(prompts).toBe(1);
    return first;
  }

  it.each<[string, string, TokenRequest, Partial<DeviceCodeOptions>?]>([
    ["another audience", forA, { audience: B }],
    ["another audience, where nobody can read it", "opaque", { audience: B }],
    ["another resource", forA, { resource: B }, { ...WIDE, resource: A }],
    ["less scope", forA, { scope: "read:/run7" }],
    ["less scope, where nobody can read it", "opaque", { scope: "read:/" }],
  ])("is not given for %s", async (_, access_token, request, options) => {
    expect(await asked(token({ access_token }), request, options)).toMatchObject({
      code: "refused",
      message: expect.stringContaining("the issuer gave no refresh token, so the login's token cannot be narrowed"),
    });
  });

  it.each<[string, object, TokenRequest]>([
    ["the audience and scope of the options", { access_token: forA }, {}],
    ["the same in another order", { access_token: "opaque" }, { scope: "write:/ read:/", audience: [A] }],
    ["the scope that the answer has", { access_token: forA, scope: "offline_access read:/" }, { scope: "read:/" }],
    ["an audience that it names too", { access_token: jwt({ aud: [A, B] }) }, { audience: B }],
  ])("is given for %s", async (_, more, request) => {
    expect((await asked(token(more), request)).code).toBe("none");
  });
});

describe("a token for another audience than was asked for", () => {
  type Made = (access_token: string) => TokenSource;
  const fetching = (access_token: string): { readonly fetch: typeof fetch } => ({
    fetch: standIn([token({ access_token })]).fetch,
  });
  const subject: TokenSource = { token: async () => new AccessToken("subject", { source: "test" }) };
  const sources: Readonly<Record<string, Made>> = {
    clientCredentials: (given) => clientCredentials({ ...CLIENT, ...fetching(given) }),
    refreshToken: (given) => refreshToken({ ...CLIENT, refreshToken: "r", ...fetching(given) }),
    tokenExchange: (given) => tokenExchange({ ...CLIENT, subject, ...fetching(given) }),
    deviceCode: (given) => deviceCode({ ...CLIENT, refreshToken: "r", onPrompt: () => {}, ...fetching(given) }),
    authorizationCode: (given) =>
      authorizationCode({ ...CLIENT, refreshToken: "r", openUrl: () => {}, ...fetching(given) }),
    vault: (access_token) =>
      vault({
        address: "vault.test",
        credkey: "ada",
        vaultToken: VAULT_TOKEN,
        clock: () => NOW,
        fetch: standInVault({ "GET /v1/secret/oauth/sts/default/ada:default": [200, { data: { access_token } }] })
          .fetch,
      }),
    oidcAgent: (access_token) => {
      const socket = join(world().folder, "agent");
      const server = createServer((connection) => {
        connection.once("data", () => connection.end(JSON.stringify({ status: "success", access_token })));
      }).listen(socket);
      onTestFinished(() => void server.close());
      const ready = once(server, "listening");
      const source = oidcAgent({ account: "wlcg", socket, clock: () => NOW });
      return { token: async (request) => ready.then(() => source.token(request)) };
    },
  };

  it.each(Object.entries(sources))("is not given by %s", async (_, made) => {
    const given = await failureOf(made(jwt({ aud: [A] })).token({ audience: B }));
    expect(given).toMatchObject({ code: "unusable", message: expect.stringContaining(`its audience is not ${B}`) });
  });

  it.each(Object.entries(sources))(
    "is none where it is for anybody, or for one of those asked for: %s",
    async (_, made) => {
      for (const aud of [B, [A, B], "ANY", "https://wlcg.cern.ch/jwt/v1/any", undefined]) {
        expect((await failureOf(made(jwt({ aud })).token({ audience: [B, "https://c.example"] }))).code).toBe("none");
      }
      expect((await failureOf(made("opaque").token({ audience: B }))).code).toBe("none");
      expect((await failureOf(made(jwt({ aud: "mapped" })).token({ resource: B, scope: "a" }))).code).toBe("none");
      expect((await failureOf(made(jwt({ aud: B })).token({ audience: A, resource: B }))).code).toBe("none");
    },
  );
});
