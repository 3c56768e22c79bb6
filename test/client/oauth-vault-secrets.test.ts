// No secret is in anything that these sources throw, give out or are (style: ERRORS). Each is made to fail in every way at hand,
// by servers that echo whatever they are sent.
import { createServer } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import {
  AccessToken,
  authorizationCode,
  clientCredentials,
  deviceCode,
  oidcAgent,
  refreshToken,
  tokenExchange,
  vault,
  vaultKerberosLogin,
  VaultLogin,
  vaultLogin,
  writeVaultTokenFile,
} from "@scitokens/client";
import type { TokenSource } from "@scitokens/client";
import { describe, expect, it } from "vitest";
import { encode } from "../support/sign.js";
import { wrong } from "../support/wrong.js";
import { ISSUER, METADATA } from "./oauth-stand-in.js";

// One word each, so that a part of it would be found too.
const SECRETS = {
  clientSecret: "CLIENTSECRETxkcdqwertz",
  refreshToken: "REFRESHTOKENxkcdqwertz",
  accessToken: `${encode({ alg: "ES256" })}.${encode({ iss: ISSUER, exp: 1 })}.SIGNATURExkcdqwertz0`,
  opaqueToken: "OPAQUETOKENxkcdqwertz",
  deviceCode: "DEVICECODExkcdqwertz",
  code: "CODECODExkcdqwertz",
  vaultToken: "hvs.VAULTTOKENxkcdqwertz",
  ticket: "TICKETxkcdqwertz",
};
const LEAK = /xkcdqwertz|CLIENTSECRET|REFRESHTOKEN|SIGNATURE|OPAQUETOKEN|DEVICECODE|CODECODE|hvs\.VAULT|TICKET|eyJ/;

/** Everything that a program might print of a value. */
function shown(value: unknown): string {
  const parts: string[] = [inspect(value, { depth: 20, showHidden: true, getters: true }), String(value), json(value)];
  for (let error = value; error instanceof Error; error = error.cause) {
    parts.push(error.message, error.stack ?? "", json(Object.fromEntries(Object.entries(error))));
  }
  return parts.join("\n");
}

const json = (value: unknown): string => JSON.stringify(value) ?? "";

/** A server that says back all that it was told, in every place, with a status of its own. */
const echoing =
  (kind: string): typeof fetch =>
  async (input, init) => {
    const url = new URL(String(input instanceof Request ? input.url : input));
    if (url.pathname.includes(".well-known")) return Response.json(METADATA);
    const body = init?.body instanceof URLSearchParams ? init.body.toString() : (init?.body ?? "");
    const form = typeof body === "string" ? body : "";
    const told = `${form} ${decodeURIComponent(form)} ${[...new Headers(init?.headers).values()].join(" ")} ${url.href}`;
    const basic = /Basic ([\w+/=]+)/.exec(told)?.[1] ?? "";
    const echo = `${told} ${Buffer.from(basic, "base64").toString()} ${SECRETS.accessToken}`;
    const errors = { error: "invalid_request", error_description: echo, errors: [echo] };
    if (kind === "thrown") throw new TypeError("fetch failed", { cause: new Error(echo) });
    if (kind === "thrown in a code") throw Object.assign(new Error(echo), { code: echo });
    if (kind === "error in its name") return Response.json({ error: echo, errors: [echo] }, { status: 400 });
    if (kind === "challenge")
      return Response.json(errors, {
        status: 401,
        headers: { "www-authenticate": `Basic realm="${encodeURIComponent(echo)}"` },
      });
    if (kind === "text") return new Response(echo, { status: 500 });
    if (kind === "redirect")
      return new Response(null, { status: 302, headers: { location: `https://x.test/${encodeURIComponent(echo)}` } });
    if (kind === "wrong types")
      return Response.json({ access_token: [echo], auth: { client_token: [echo] }, data: { access_token: { echo } } });
    if (kind === "expired")
      return Response.json({
        access_token: SECRETS.accessToken,
        token_type: "Bearer",
        data: { access_token: SECRETS.accessToken },
      });
    if (kind === "no bearer") return Response.json({ access_token: SECRETS.opaqueToken, token_type: echo });
    if (kind === "no token")
      return Response.json({
        access_token: `${SECRETS.opaqueToken}\n`,
        token_type: "Bearer",
        data: { access_token: `${SECRETS.opaqueToken}\n` },
      });
    if (kind === "ID token")
      return Response.json({ access_token: SECRETS.opaqueToken, token_type: "Bearer", id_token: SECRETS.accessToken });
    if (kind === "status in the hundreds") return new Response(null, { status: 599, statusText: "told" });
    return Response.json(errors, { status: 400 });
  };

const KINDS = [
  "error",
  "error in its name",
  "challenge",
  "text",
  "redirect",
  "thrown",
  "thrown in a code",
  "wrong types",
  "expired",
  "no bearer",
  "no token",
  "ID token",
  "status in the hundreds",
];

const client = { issuer: ISSUER, clientId: "robot", clientSecret: SECRETS.clientSecret, timeout: 1 };
const subject: TokenSource = { token: async () => new AccessToken(SECRETS.opaqueToken, { source: "a test" }) };

/** After the first answer of a device flow, that echoes. */
const afterDevice =
  (kind: string): typeof fetch =>
  async (input, init) => {
    if (!String(input instanceof Request ? input.url : input).endsWith("/device")) return echoing(kind)(input, init);
    const { deviceCode: device_code } = SECRETS;
    return Response.json({ device_code, user_code: "A", verification_uri: ISSUER, expires_in: 0.05, interval: 0.001 });
  };

const sources = (kind: string): Readonly<Record<string, TokenSource>> => ({
  clientCredentials: clientCredentials({ ...client, fetch: echoing(kind) }),
  "clientCredentials, post": clientCredentials({
    ...client,
    clientAuthentication: "client_secret_post",
    fetch: echoing(kind),
  }),
  refreshToken: refreshToken({ ...client, refreshToken: SECRETS.refreshToken, fetch: echoing(kind) }),
  tokenExchange: tokenExchange({ ...client, subject, fetch: echoing(kind) }),
  deviceCode: deviceCode({ ...client, onPrompt: () => {}, fetch: afterDevice(kind) }),
  authorizationCode: authorizationCode({
    ...client,
    loginTimeout: 1,
    fetch: echoing(kind),
    openUrl: async (page) => {
      const { searchParams } = new URL(page);
      const back = `${searchParams.get("redirect_uri")}?state=${searchParams.get("state")}&code=${SECRETS.code}`;
      await (await fetch(back)).text();
    },
  }),
  vault: vault({ address: "vault.test", credkey: "ada", vaultToken: SECRETS.vaultToken, fetch: echoing(kind) }),
});

describe.each(KINDS)("a server that answers with %s", (kind) => {
  it.each(Object.entries(sources(kind)))("%s", async (_, source) => {
    let outcome: unknown;
    try {
      outcome = await source.token();
    } catch (error) {
      outcome = error;
      expect(error).toBeInstanceOf(Error);
    }
    expect(shown(outcome)).not.toMatch(LEAK);
    expect(shown(source)).not.toMatch(LEAK);
  });

  it("a login at Vault", async () => {
    const options = { address: "vault.test", fetch: echoing(kind), timeout: 1 };
    const byTicket = vaultKerberosLogin({ ...options, negotiate: async () => SECRETS.ticket });
    for (const login of [byTicket, vaultLogin({ ...options, onPrompt: () => {}, loginTimeout: 1 })]) {
      expect(shown(await login.catch((error: unknown) => error))).not.toMatch(LEAK);
    }
  });
});

it.each([
  ["stores the refresh token", ["default"]],
  ["exchanges the vault token", ["default", "sshregister-ada"]],
])("a Vault that echoes when a login %s", async (_, policies) => {
  const metadata = { credkey: "ada", oauth2_refresh_token: SECRETS.refreshToken };
  const auth = { client_token: SECRETS.vaultToken, lease_duration: 60, policies, metadata };
  const fetching: typeof fetch = async (input, init) => {
    const { pathname } = new URL(String(input instanceof Request ? input.url : input));
    if (pathname.endsWith("/poll")) return Response.json({ auth });
    if (!pathname.endsWith("/auth_url")) return echoing("error")(input, init);
    return Response.json({ data: { auth_url: ISSUER, state: "s", poll_interval: 0.001 } });
  };
  const login = vaultLogin({ address: "vault.test", fetch: fetching, onPrompt: () => {} });
  const error: unknown = await login.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(shown(error)).toContain("[secret]");
  expect(shown(error)).not.toMatch(LEAK);
});

it("a login at Vault shows its vault token in `vaultToken` alone", () => {
  const login = new VaultLogin(SECRETS.vaultToken, { source: "Vault", policies: [], expiresAt: 1, credkey: "ada" });
  expect(login.vaultToken).toBe(SECRETS.vaultToken);
  for (const value of [login, { login }, [login], new Error("x", { cause: login })]) {
    expect(shown(value)).not.toMatch(LEAK);
  }
});

describe("elsewhere", () => {
  it.each([
    ["clientSecret", () => clientCredentials(wrong({ ...client, clientSecret: [SECRETS.clientSecret] }))],
    ["clientId", () => clientCredentials(wrong({ ...client, clientId: "" }))],
    ["a misspelt option", () => clientCredentials(wrong({ ...client, clientSecrets: SECRETS.clientSecret }))],
    ["issuer", () => clientCredentials({ ...client, issuer: SECRETS.clientSecret })],
    ["refreshToken", () => refreshToken(wrong({ ...client, refreshToken: { a: SECRETS.refreshToken } }))],
    ["vaultToken", () => vault({ address: "vault.test", vaultToken: `${SECRETS.vaultToken}\n` })],
    ["vaultTokenFile", () => vault(wrong({ address: "vault.test", vaultTokenFile: [SECRETS.vaultToken] }))],
    ["credkey", () => vault({ address: "vault.test", credkey: `/${SECRETS.vaultToken}` })],
    ["address", () => vault({ address: `http://x:${SECRETS.vaultToken}@vault.test` })],
  ])("a wrong option, %s, is not quoted", (_, make) => {
    let error: unknown;
    try {
      make();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TypeError);
    expect(shown(error)).not.toMatch(LEAK);
  });

  it("a vault token that is none, in its file or on its way there", async () => {
    const folder = await mkdtemp(join(tmpdir(), "secrets-"));
    const path = join(folder, "vt");
    await writeFile(path, `${SECRETS.vaultToken}\nmore\n`);
    const source = vault({ address: "vault.test", credkey: "ada", vaultTokenFile: path, fetch: echoing("error") });
    const errors = [
      await source.token().catch((error: unknown) => error),
      await writeVaultTokenFile(`${SECRETS.vaultToken}\n`, path).catch((error: unknown) => error),
      await writeVaultTokenFile(SECRETS.vaultToken, join(path, "below")).catch((error: unknown) => error),
    ];
    await rm(folder, { recursive: true });
    for (const error of errors) {
      expect(error).toBeInstanceOf(Error);
      expect(shown(error)).not.toMatch(LEAK);
    }
  });

  it.each([
    ["in its error", { status: "failure", error: `no: ${SECRETS.accessToken}` }],
    ["in its advice", { status: "failure", error: "no", info: `try ${SECRETS.accessToken}` }],
    ["expired", { status: "success", access_token: SECRETS.accessToken }],
    ["no token", { status: "success", access_token: `${SECRETS.opaqueToken} ` }],
    ["half", `{"status":"success","access_token":"${SECRETS.opaqueToken}`],
  ])("an agent with a token %s", async (_, answer) => {
    const folder = await mkdtemp(join(tmpdir(), "secrets-"));
    const path = join(folder, "s");
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(typeof answer === "string" ? answer : JSON.stringify(answer)));
    }).listen(path);
    await once(server, "listening");
    const source = oidcAgent({ account: "wlcg", socket: path });
    const error: unknown = await source.token().catch((thrown: unknown) => thrown);
    server.close();
    await rm(folder, { recursive: true });
    expect(error).toBeInstanceOf(Error);
    expect(shown(error)).not.toMatch(LEAK);
  });
});
