// scitokens get vault: a login where one is due, the vault token kept in a private file, as htgettoken does. Interop 9.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { standInVault, VAULT_TOKEN } from "../client/stand-in-vault.js";
import type { VaultAnswers } from "../client/stand-in-vault.js";
import { signToken, testKey } from "../support/sign.js";
import { NOW, runCli } from "./run-cli.js";
import type { World } from "./run-cli.js";

const raw = signToken(testKey("ES256", "key-1"), {
  iss: "https://issuer.test",
  scope: "storage.read:/",
  exp: NOW + 3600,
});
const REFRESH = "the-refresh-token-0123";
const CREDS = "GET /v1/secret/oauth/creds/dune/ada:default";

const login: VaultAnswers = {
  "POST /v1/auth/oidc-dune/oidc/auth_url": [
    200,
    {
      data: {
        auth_url: "https://issuer.test/confirm",
        state: "the-state-0123",
        poll_interval: "0.01",
        user_code: "ABCD",
      },
    },
  ],
  "POST /v1/auth/oidc-dune/oidc/poll": [
    200,
    {
      auth: {
        client_token: VAULT_TOKEN,
        policies: ["default"],
        lease_duration: 604_800,
        metadata: { credkey: "ada", oauth2_refresh_token: REFRESH },
      },
    },
  ],
  "POST /v1/secret/oauth/creds/dune/ada:default": [204, ""],
  [CREDS]: [200, { data: { access_token: raw } }],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scitokens-vault-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string): string => join(folder, name);

async function getVault(answers: VaultAnswers, args: readonly string[], more: World = {}) {
  const { fetch, calls } = standInVault(answers);
  const files = ["--vault-token-file", inFolder("vt"), "--out", inFolder("token")];
  const { code, stdout, stderr } = await runCli(["get", "vault", ...files, ...args], {
    fetch,
    uid: process.geteuid?.() ?? 0,
    ...more,
    env: { HOME: folder, ...more.env },
  });
  for (const secret of [VAULT_TOKEN, REFRESH, raw]) expect(`${stdout}${stderr}`).not.toContain(secret);
  return { code, stdout, stderr, paths: calls.map(({ method, path }) => `${method} ${path}`), calls };
}
const DUNE = ["--address", "vault.test", "--issuer", "dune"];

it("logs in in a browser where no vault token is at hand, and asks nobody the next time", async () => {
  const first = await getVault(login, DUNE);
  expect([first.code, first.stdout]).toEqual([0, expect.stringContaining(`token written to ${inFolder("token")}`)]);
  expect(first.stderr).toMatch(/Open {4}https:\/\/issuer\.test\/confirm\nEnter {3}ABCD/);
  expect(statSync(inFolder("vt")).mode & 0o777).toBe(0o600);
  expect(readFileSync(inFolder("vt"), "utf8")).toBe(`${VAULT_TOKEN}\n`);
  expect(readFileSync(inFolder(".config/htgettoken/credkey-dune-default"), "utf8")).toBe("ada\n");
  expect(readFileSync(inFolder("token"), "utf8")).toBe(`${raw}\n`);

  const second = await getVault(login, DUNE);
  expect([second.code, second.stderr, second.paths]).toEqual([0, "", [CREDS]]);
});

it("logs in again where the vault token is no longer good", async () => {
  writeFileSync(inFolder("vt"), "hvs.of-last-week\n", { mode: 0o600 });
  const { code, paths } = await getVault(login, [...DUNE, "--credkey", "ada"]);
  expect(code).toBe(0);
  expect(paths).toEqual([CREDS, ...Object.keys(login)]);
});

it("takes what $HTGETTOKENOPTS says, options first", async () => {
  writeFileSync(inFolder("vt"), VAULT_TOKEN, { mode: 0o600 });
  const answers = { "GET /v1/secret/oauth/sts/nova/ada:robot": [200, { data: { access_token: raw } }] } as VaultAnswers;
  const env = {
    HTGETTOKENOPTS: "-a vault.test -i dune -r robot --credkey ada --scopes storage.read:/ --minsecs 100 -q --nossh",
  };
  const { code, stderr, calls } = await getVault(answers, ["--issuer", "nova"], { env });
  expect([code, stderr]).toEqual([0, ""]);
  expect(calls[0]?.query).toEqual({ minimum_seconds: "100", scopes: "storage.read:/" });
});

it("does not log in where $HTGETTOKENOPTS forbids it", async () => {
  const { code, stderr, paths } = await getVault(login, DUNE, { env: { HTGETTOKENOPTS: "--nooidc" } });
  expect([code, paths, existsSync(inFolder("vt"))]).toEqual([2, [], false]);
  expect(stderr).toMatch(/log in first/);
});

it.each([
  ["--no-such-option", /^scitokens: \$HTGETTOKENOPTS: /],
  ["--capath /x", /these mean nothing here: capath\n/],
])("says what of $HTGETTOKENOPTS it cannot do: %s", async (text, says) => {
  const { stderr } = await getVault(login, DUNE, { env: { HTGETTOKENOPTS: text } });
  expect(stderr).toMatch(says);
});

it("an address over http that is not this machine's is told in flags", async () => {
  const { code, stderr } = await getVault(login, ["--address", "http://vault.test", "--issuer", "dune"]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^scitokens: --address must be https/)]);
});

it.each([[""], ["relative"]])("says what is missing where there is no home: HOME=%j", async (HOME) => {
  const { code, stderr } = await getVault(login, DUNE, { env: { HOME } });
  expect(stderr).toMatch(/^scitokens: there is no home folder .*: set \$HOME, or give --credkey\n$/);
  expect(code).toBe(2);
});

it("needs no home where the credentials are named", async () => {
  const { code, stderr } = await getVault(login, [...DUNE, "--credkey", "ada"], { env: { HOME: "" } });
  expect(stderr).not.toMatch(/^scitokens:/m);
  expect(code).toBe(0);
});
