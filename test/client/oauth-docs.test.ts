// The examples of the guides and of the README run, as they stand there, against stand-ins for issuer, Vault and agent.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as client from "@scitokens/client";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { root } from "../structure/sources.js";
import { encode } from "../support/sign.js";
import { VAULT_TOKEN } from "./stand-in-vault.js";

const now = Date.now() / 1000;
const claims = { iss: "https://issuer.example", exp: now + 600, scope: "read:/store storage.read:/store" };
const token = `${encode({ alg: "ES256" })}.${encode(claims)}.${encode("xx")}`;
const auth = {
  client_token: VAULT_TOKEN,
  policies: [],
  lease_duration: 60,
  metadata: { credkey: "alice", oauth2_refresh_token: "r" },
};

const ANSWERS: Readonly<Record<string, unknown>> = {
  "data.example/store/run7": {},
  "127.0.0.1:8080/issue": { access_token: token },
  "issuer.example/.well-known/openid-configuration": {
    issuer: "https://issuer.example",
    token_endpoint: "https://issuer.example/token",
    device_authorization_endpoint: "https://issuer.example/device",
  },
  "issuer.example/token": { access_token: token, token_type: "Bearer", expires_in: 600, refresh_token: "next" },
  "issuer.example/device": {
    device_code: "d",
    user_code: "AB",
    verification_uri: "https://issuer.example/c",
    expires_in: 9,
    interval: 0.001,
  },
  "htvault.example:8200/v1/auth/oidc-dune/oidc/auth_url": {
    data: { auth_url: "https://issuer.example/c", state: "s", poll_interval: 0.001 },
  },
  "htvault.example:8200/v1/auth/oidc-dune/oidc/poll": { auth },
  "htvault.example:8200/v1/auth/kerberos-dune_robot/login": { auth },
  "htvault.example:8200/v1/secret/oauth/creds/dune/alice:default": { data: { access_token: token } },
  "htvault.example:8200/v1/secret/oauth/sts/dune/alice:default": { data: { access_token: token } },
  "htvault.example:8200/v1/secret/oauth/creds/dune/dune/robots/daq:robot": { data: { access_token: token } },
};

const soon = globalThis.setTimeout; // an issuer is asked once a second at most
let folder = "";
let agent: Server;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "guide-"));
  agent = createServer((socket) => {
    socket.once("data", (question: Buffer) => {
      const asksForToken = question.toString().includes("access_token");
      socket.end(
        JSON.stringify({ status: "success", ...(asksForToken ? { access_token: token } : { info: ["wlcg"] }) }),
      );
    });
  }).listen(join(folder, "agent"));
  await once(agent, "listening");
  vi.stubGlobal("fetch", async (input: string) => {
    const { host, pathname } = new URL(input);
    const answer = ANSWERS[host + pathname];
    return answer === undefined
      ? Response.json({ errors: [`${host}${pathname}`] }, { status: 404 })
      : Response.json(answer);
  });
  vi.stubEnv("OIDC_SOCK", join(folder, "agent"));
  vi.stubEnv("CLIENT_SECRET", "secret");
  vi.stubEnv("BEARER_TOKEN", token);
  for (const name of ["HTGETTOKENOPTS", "SCITOKEN", "SCITOKEN_FILE", "_CONDOR_CREDS"]) vi.stubEnv(name, undefined);
  vi.stubGlobal("setTimeout", (run: () => void, time: number) => soon(run, time / 100));
});
afterAll(async () => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  agent.close();
  await rm(folder, { recursive: true });
});

/** What the examples are given: files go to a folder of the test's own, Kerberos and people are played. */
const given: Readonly<Record<string, unknown>> = {
  ...client,
  vault: (options: client.VaultSourceOptions) =>
    client.vault({ vaultTokenFile: join(folder, "vt"), configDir: folder, ...options }),
  writeVaultTokenFile: (vaultToken: string) => client.writeVaultTokenFile(vaultToken, join(folder, "vt")),
  writeCredkey: (key: string, place: client.CredkeyPlace) => client.writeCredkey(key, { ...place, configDir: folder }),
  vaultKerberosLogin: (options: client.VaultKerberosOptions) =>
    client.vaultKerberosLogin({ negotiate: async () => "YIIC", ...options }),
  writeTokenFile: (_path: string, found: client.AccessToken) => client.writeTokenFile(join(folder, "t"), found),
  console: { log: () => {}, warn: () => {}, error: () => {} },
  saved: "saved-refresh-token",
  save: () => {},
};

const examples = await Promise.all(
  ["docs/getting-tokens.md", "docs/discovery.md", "packages/client/README.md"].map(async (page) => {
    const text = await readFile(join(root, page), "utf8");
    return [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = ""]) => [page, code] as const);
  }),
);

it.each(examples.flat())("%s: %s", async (_, code) => {
  const names = Object.keys(given);
  const results = ["token", "narrow", "fitting", "response"].map(
    (name) => `typeof ${name} === "undefined" ? [] : ${name}`,
  );
  const body = `${code.replace(/^import .*$/gm, "")}\nreturn [${results.join(", ")}].flat();`;
  // oxlint-disable-next-line typescript/no-implied-eval
  const run = new Function(...names, `return (async () => {${body}})();`) as (
    ...values: unknown[]
  ) => Promise<readonly unknown[]>;
  const got = await run(...names.map((name) => given[name]));
  expect(got).not.toHaveLength(0);
  for (const one of got) {
    if (one instanceof Response) expect(one.ok).toBe(true);
    else expect(one).toBeInstanceOf(client.AccessToken);
  }
});
