// Logging in at Vault: a person in a browser, a robot by Kerberos. Interop 9. Time is vitest's.
import { vaultKerberosLogin, vaultLogin } from "@scitokens/client";
import type { VaultLoginOptions, VaultPrompt } from "@scitokens/client";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { wrong } from "../support/wrong.js";
import { failureOf, NOW } from "./oauth-stand-in.js";
import type { Answer } from "./oauth-stand-in.js";
import { SHORT_TOKEN, standInVault, VAULT_TOKEN } from "./stand-in-vault.js";
import type { VaultAnswers } from "./stand-in-vault.js";

const START = "POST /v1/auth/oidc-dune/oidc/auth_url";
const POLL = "POST /v1/auth/oidc-dune/oidc/poll";
const STORE = "POST /v1/secret/oauth/creds/dune/ada:default";
const EXCHANGE = "POST /v1/auth/token/create";
const KERBEROS = "POST /v1/auth/kerberos-dune_default/login";
const WEEK = 604_800;

const page = (more: object = {}): Answer => [
  200,
  {
    data: {
      auth_url: "https://issuer.test/confirm",
      state: "the-state-0123",
      poll_interval: "3",
      user_code: "ABCD",
      ...more,
    },
  },
];
const pending: Answer = [400, { errors: ["authorization_pending"] }];
const auth = (more: object = {}): Answer => [
  200,
  {
    auth: {
      client_token: VAULT_TOKEN,
      policies: ["default", "oidc"],
      lease_duration: WEEK,
      metadata: { credkey: "ada", oauth2_refresh_token: "the-refresh-token-0123" },
      ...more,
    },
  },
];
const good: VaultAnswers = { [START]: page(), [POLL]: [pending, auth()], [STORE]: [204, ""] };

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

async function login(answers: VaultAnswers, options: Partial<VaultLoginOptions> = {}, seconds = 30) {
  const { fetch, calls } = standInVault(answers);
  const prompts: VaultPrompt[] = [];
  const onPrompt = (prompt: VaultPrompt): void => void prompts.push(prompt);
  const run = vaultLogin({ address: "vault.test", issuer: "dune", fetch, onPrompt, clock: () => NOW, ...options });
  run.catch(() => {});
  const times: number[] = [];
  for (let second = 0; second <= seconds; second++) {
    const before = calls.length;
    await vi.advanceTimersByTimeAsync(second === 0 ? 0 : 1000);
    if (calls.slice(before).some(({ path }) => path.endsWith("/poll"))) times.push(second);
  }
  return { run, calls, prompts, times };
}

describe("vaultLogin", () => {
  it("shows the page, asks until that is done, and has the refresh token stored", async () => {
    const { run, calls, prompts, times } = await login(good);
    const given = await run;
    expect(prompts).toEqual([{ url: "https://issuer.test/confirm", userCode: "ABCD" }]);
    expect(times).toEqual([3, 6]);
    expect(given.vaultToken).toBe(VAULT_TOKEN);
    expect(given).toMatchObject({ policies: ["default", "oidc"], credkey: "ada", expiresAt: NOW + WEEK });
    const nonce = (calls[0]?.body as { client_nonce: string } | undefined)?.client_nonce;
    expect(nonce).toMatch(/^[\w-]{43}$/);
    expect(calls.map(({ body }) => body)).toEqual([
      { role: "default", client_nonce: nonce, redirect_uri: "https://vault.test:8200/v1/auth/oidc-dune/oidc/callback" },
      { state: "the-state-0123", client_nonce: nonce },
      { state: "the-state-0123", client_nonce: nonce },
      { server: "dune", refresh_token: "the-refresh-token-0123" },
    ]);
    expect(calls[3]?.headers.get("x-vault-token")).toBe(VAULT_TOKEN);
  });

  it("does not show its vault token unasked", async () => {
    const given = await (await login(good)).run;
    for (const shown of [
      inspect(given, { showHidden: true, depth: 9 }),
      JSON.stringify(given),
      String(given),
      JSON.stringify(Object.fromEntries(Object.entries(given))),
    ]) {
      expect(shown).not.toContain("hvs.");
    }
  });

  it.each([
    ["5 s without a poll_interval", page({ poll_interval: undefined }), [pending], [5, 10, 15, 20, 25, 30]],
    [
      "twice as long after a question that is not answered",
      page(),
      [[503, { errors: ["Vault is sealed"] }], new TypeError("fetch failed"), pending],
      [3, 9, 21],
    ],
    ["twice as long after slow_down", page(), [[400, { errors: ["slow_down"] }], pending], [3, 9, 15, 21, 27]],
  ] as readonly (readonly [string, Answer, readonly Answer[], readonly number[]])[])(
    "waits %s",
    async (_, started, answers, times) => {
      expect((await login({ [START]: started, [POLL]: answers })).times).toEqual(times);
    },
  );

  it.each([
    [
      "the person says no",
      { [START]: page(), [POLL]: [400, { errors: ["access_denied"] }] },
      "refused",
      "the login failed (access_denied)",
    ],
    ["Vault has no words", { [START]: page(), [POLL]: [400, { errors: [] }] }, "refused", "the login failed"],
    ["nobody comes", { [START]: page(), [POLL]: pending }, "interaction_needed", "nobody logged in within 20 s"],
    ["there is no such issuer", {}, "interaction_needed", "nothing is stored there"],
    ["there is no page", { [START]: page({ auth_url: "" }) }, "refused", "are issuer and role right?"],
    [
      "the page is no web address",
      { [START]: page({ auth_url: "javascript:alert(1)" }) },
      "refused",
      "are issuer and role right?",
    ],
    ["Vault is too old", { [START]: page({ state: undefined }) }, "refused", "too old"],
    [
      "the answer has no vault token",
      { [START]: page(), [POLL]: [200, { auth: null }] },
      "unreachable",
      "no vault token",
    ],
    [
      "the refresh token is not stored",
      { [START]: page(), [POLL]: auth() },
      "interaction_needed",
      "nothing is stored there",
    ],
  ] as readonly (readonly [string, VaultAnswers, string, string])[])(
    "fails when %s",
    async (_, answers, code, words) => {
      const { run } = await login(answers, { loginTimeout: 20 });
      expect(await failureOf(run)).toMatchObject({ code, message: expect.stringContaining(words) });
    },
  );

  it("ends at once when its caller goes", async () => {
    const leaving = new AbortController();
    const { run, calls } = await login({ [START]: page(), [POLL]: pending }, { signal: leaving.signal }, 4);
    leaving.abort(new Error("Ctrl-C"));
    await expect(run).rejects.toThrow("Ctrl-C");
    const before = calls.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toHaveLength(before);
  });

  it("exchanges a vault token that lives too long, and stores by the shorter one", async () => {
    const short: Answer = [200, { auth: { client_token: SHORT_TOKEN, policies: ["default"], lease_duration: 3600 } }];
    const { run, calls } = await login(
      { ...good, [POLL]: auth({ lease_duration: 3601 }), [EXCHANGE]: short },
      { lifetime: 3600 },
    );
    const given = await run;
    expect(given.vaultToken).toBe(SHORT_TOKEN);
    expect(given).toMatchObject({ expiresAt: NOW + 3600, policies: ["default"], credkey: "ada" });
    expect(calls[2]).toMatchObject({ path: "/v1/auth/token/create", body: { ttl: "3600s", renewable: "false" } });
    expect(calls[2]?.headers.get("x-vault-token")).toBe(VAULT_TOKEN);
    expect(calls[3]?.headers.get("x-vault-token")).toBe(SHORT_TOKEN);
  });

  it("goes on by itself when Vault is there again", async () => {
    const answers = { ...good, [POLL]: [pending, [503, { errors: ["Vault is sealed"] }] as Answer, auth()] };
    expect((await (await login(answers)).run).vaultToken).toBe(VAULT_TOKEN);
  });

  it("waits no longer than a minute for a Vault that is down, and no longer than loginTimeout in all", async () => {
    const down = { [START]: page({ poll_interval: 40 }), [POLL]: new TypeError("fetch failed") };
    const { run, times } = await login(down, { loginTimeout: 200 }, 210);
    expect(times).toEqual([40, 100, 160]);
    expect((await failureOf(run)).code).toBe("interaction_needed");
  });

  it("exchanges a vault token that never ends: a lease of 0", async () => {
    const short: Answer = [200, { auth: { client_token: SHORT_TOKEN, policies: ["default"], lease_duration: WEEK } }];
    const { run, calls } = await login({ ...good, [POLL]: auth({ lease_duration: 0 }), [EXCHANGE]: short });
    expect(await run).toMatchObject({ vaultToken: SHORT_TOKEN, expiresAt: NOW + WEEK });
    expect(calls[2]?.body).toMatchObject({ ttl: "604800s" });
    const endless: Answer = [200, { auth: { client_token: SHORT_TOKEN, policies: [], lease_duration: 0 } }];
    const still = await login({ ...good, [POLL]: auth({ lease_duration: 0 }), [EXCHANGE]: endless });
    expect((await still.run).expiresAt).toBeUndefined();
  });

  it("gives away what could register ssh keys", async () => {
    const { run, calls } = await login({
      ...good,
      [POLL]: auth({ policies: ["default", "sshregister-ada", "oidc"] }),
      [EXCHANGE]: [200, { auth: { client_token: SHORT_TOKEN, policies: ["default", "oidc"], lease_duration: WEEK } }],
    });
    expect((await run).policies).toEqual(["default", "oidc"]);
    expect(calls[2]?.body).toEqual({ ttl: "604800s", renewable: "false", policies: ["default", "oidc"] });
  });

  it("stores under the credkey of the options, and not at all without one", async () => {
    const robot = "POST /v1/secret/oauth/creds/dune/dune/robots/daq:default";
    const named = await login({ ...good, [robot]: [204, ""] }, { credkey: "dune/robots/daq" });
    await named.run;
    expect(named.calls.at(-1)?.path).toBe(robot.slice(5));
    const nameless = await login({ ...good, [POLL]: auth({ metadata: { credkey: "../sys" } }) });
    expect((await nameless.run).credkey).toBeUndefined();
    expect(nameless.calls).toHaveLength(2);
  });

  it.each([
    [{ onPrompt: undefined }, "onPrompt must be a function that shows the page"],
    [{ lifetime: 0 }, "lifetime must be a number of seconds"],
    [{ credkey: "a//b" }, "credkey must be a name in Vault"],
    [{ onPromt: 1 }, "did you mean 'onPrompt'?"],
  ])("%j is a TypeError", async (changes, sentence) => {
    const options = { address: "vault.test", onPrompt: () => {}, ...changes };
    await expect(vaultLogin(wrong(options))).rejects.toThrow(
      new TypeError(`vaultLogin: ${sentence}`).message.slice(0, 9),
    );
    await expect(vaultLogin(wrong(options))).rejects.toThrow(sentence);
  });
});

describe("vaultKerberosLogin", () => {
  const options = { address: "vault.test", issuer: "dune", clock: () => NOW };

  it("sends the ticket that negotiate makes for Vault", async () => {
    const { fetch, calls } = standInVault({ [KERBEROS]: auth({ metadata: { user: "robot" } }) });
    const services: string[] = [];
    const negotiate = async (service: string): Promise<string> => (services.push(service), "YIICdA==");
    const given = await vaultKerberosLogin({ ...options, fetch, negotiate });
    expect(services).toEqual(["host@vault.test"]);
    expect(given.vaultToken).toBe(VAULT_TOKEN);
    expect(given.expiresAt).toBe(NOW + WEEK);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ method: "POST", body: "" });
    expect(calls[0]?.headers.get("authorization")).toBe("Negotiate YIICdA==");
    expect(calls[0]?.headers.get("content-type")).toBe("application/x-www-form-urlencoded");
  });

  it.each([
    ["another name of Vault's in Kerberos", { service: "HTTP@vault.test" }, "HTTP@vault.test"],
    ["another host", { address: "https://vault.test:8200" }, "host@vault.test"],
  ])("takes %s", async (_, changes, expected) => {
    const services: string[] = [];
    const negotiate = async (service: string): Promise<string> => (services.push(service), "YIIC");
    await vaultKerberosLogin({ ...options, ...changes, fetch: standInVault({ [KERBEROS]: auth() }).fetch, negotiate });
    expect(services).toEqual([expected]);
  });

  it("is refused as Vault refuses it, without the ticket in its words", async () => {
    const { fetch } = standInVault({ [KERBEROS]: [400, { errors: ["bad ticket YIICdAAAAAAAAAA"] }] });
    const failure = await failureOf(
      vaultKerberosLogin({ ...options, fetch, negotiate: async () => "YIICdAAAAAAAAAA=" }),
    );
    expect(failure).toMatchObject({ code: "refused", message: expect.stringContaining("bad ticket [secret]") });
  });

  it("does not send what is no base64", async () => {
    const { fetch, calls } = standInVault({ [KERBEROS]: auth() });
    const failure = await failureOf(vaultKerberosLogin({ ...options, fetch, negotiate: async () => "a\r\nX: y" }));
    expect(failure.code).toBe("unusable");
    expect(calls).toEqual([]);
  });

  it("without the package kerberos, or without its native part, says what to install", async () => {
    const failure = await failureOf(vaultKerberosLogin({ ...options, fetch: standInVault({}).fetch }));
    expect(["refused", "interaction_needed"]).toContain(failure.code); // where it is built: there is no ticket
    expect(failure.message).toMatch(/npm install kerberos|no ticket for host@vault\.test/);
  });
});
