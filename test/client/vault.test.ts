// Tokens from a Vault, as htgettoken gets them. Interop 9.
import { chmod, chown, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vault, vaultTokenPath, writeCredkey, writeVaultTokenFile } from "@scitokens/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encode } from "../support/sign.js";
import { typeErrorOf, wrong } from "../support/wrong.js";
import { failureOf, NOW } from "./oauth-stand-in.js";
import type { Answer } from "./oauth-stand-in.js";
import { standInVault, VAULT_TOKEN } from "./stand-in-vault.js";

const OPTIONS = { address: "vault.test", issuer: "dune", credkey: "ada", vaultToken: VAULT_TOKEN, clock: () => NOW };
const CREDS = "GET /v1/secret/oauth/creds/dune/ada:default";
const STS = "GET /v1/secret/oauth/sts/dune/ada:default";
const gives = (more: object = {}): Answer => [200, { data: { access_token: "the-token-0123", ...more } }];
const isRoot = process.getuid?.() === 0;

let folder = "";
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "vault-"))));
afterAll(async () => rm(folder, { recursive: true }));

describe("vault", () => {
  it("asks for the stored credentials, by the vault token", async () => {
    const { fetch, calls } = standInVault({
      [CREDS]: gives({ expire_time: new Date((NOW + 600) * 1000).toISOString() }),
    });
    const given = await vault({ ...OPTIONS, fetch }).token();
    expect(given.value).toBe("the-token-0123");
    expect(given).toMatchObject({ source: "Vault at vault.test:8200", expiresAt: NOW + 600 });
    expect(calls).toHaveLength(1);
    expect(calls[0]?.query).toEqual({ minimum_seconds: "60" });
    expect(calls[0]?.headers.get("x-vault-token")).toBe(VAULT_TOKEN);
  });

  it.each([
    ["a scope", { scope: "read:/a write:/b" }, { minimum_seconds: "60", scopes: "read:/a,write:/b" }],
    ["an audience", { audience: ["https://a.test", "b"] }, { minimum_seconds: "60", audiences: "https://a.test,b" }],
    [
      "both, and time",
      { scope: "read:/", audience: "a", timeLeft: 299.2 },
      { minimum_seconds: "300", scopes: "read:/", audiences: "a" },
    ],
  ])("has a token exchanged for %s", async (_, request, query) => {
    const { fetch, calls } = standInVault({ [STS]: gives() });
    await vault({ ...OPTIONS, fetch }).token(request);
    expect(calls[0]?.query).toEqual(query);
  });

  it.each([
    ["as the options say", { minimumSeconds: 120 }, {}, "120"],
    ["as the request says, where that is more", { minimumSeconds: 120 }, { timeLeft: 121 }, "121"],
    ["down to none", { minimumSeconds: 0 }, { timeLeft: 0 }, "0"],
  ])("wants a token to live on %s", async (_, options, request, seconds) => {
    const { fetch, calls } = standInVault({ [CREDS]: gives() });
    await vault({ ...OPTIONS, ...options, fetch }).token(request);
    expect(calls[0]?.query["minimum_seconds"]).toBe(seconds);
  });

  it.each([
    ["vault.test", "https://vault.test:8200"],
    ["vault.test:8201", "https://vault.test:8201"],
    ["https://vault.test", "https://vault.test:8200"],
    ["https://vault.test:443/", "https://vault.test"],
    ["http://127.0.0.1:8200", "http://127.0.0.1:8200"],
    ["https://[::1]", "https://[::1]:8200"],
  ])("the address %s is %s", async (address, origin) => {
    const { fetch } = standInVault({ [CREDS]: gives() }, origin);
    expect((await vault({ ...OPTIONS, address, fetch }).token()).source).toBe(`Vault at ${new URL(origin).host}`);
  });

  it("a robot's credkey has several parts, and issuer and role have their defaults", async () => {
    const { fetch, calls } = standInVault({ "GET /v1/secret/oauth/creds/default/dune/robots/daq-1:default": gives() });
    await vault({ ...OPTIONS, issuer: undefined, credkey: "dune/robots/daq-1", fetch }).token();
    expect(calls).toHaveLength(1);
  });

  it("a token's own end counts before Vault's", async () => {
    const own = `${encode({})}.${encode({ exp: NOW + 59 })}.${encode("x")}`;
    const { fetch } = standInVault({ [CREDS]: gives({ access_token: own, expire_time: "2099-01-01T00:00:00Z" }) });
    expect((await failureOf(vault({ ...OPTIONS, fetch }).token())).code).toBe("unusable");
  });

  it.each([
    ["403", [403, { errors: ["permission denied"] }], "interaction_needed", "log in again (permission denied)"],
    ["404", [404, { errors: [] }], "interaction_needed", "nothing is stored there"],
    ["400", [400, { errors: ["scope not allowed", 7] }], "refused", "status 400 (scope not allowed)"],
    ["503, sealed", [503, { errors: ["Vault is sealed"] }], "unreachable", "status 503 (Vault is sealed)"],
    ["429", [429, {}], "unreachable", "status 429"],
    [
      "a standby's redirect",
      [307, "", { location: "https://other.test/v1/secret" }],
      "unreachable",
      "redirect, which is not followed",
    ],
    ["a page in HTML", [200, "<html>"], "unreachable", "is this a Vault?"],
    ["no data", [200, { data: null }], "unusable", "what came is no token"],
    ["a token in two lines", [200, { data: { access_token: "a\nb" } }], "unusable", "what came is no token"],
    ["no network", new TypeError("fetch failed"), "unreachable", "fetch failed"],
  ] as readonly (readonly [string, Answer, string, string])[])("answers %s", async (_, answer, code, words) => {
    const { fetch } = standInVault({ [CREDS]: answer });
    const failure = await failureOf(vault({ ...OPTIONS, fetch }).token());
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
  });

  it("its exchange has no way to write a scope with a comma", async () => {
    const { fetch } = standInVault({ [STS]: gives() });
    await expect(vault({ ...OPTIONS, fetch }).token({ scope: "read:/a,b" })).rejects.toThrow(
      "scope must hold no comma",
    );
  });

  it.each([
    [{ adress: "x" }, "did you mean 'address'?"],
    [{ address: "http://vault.test" }, "address must be https"],
    [{ address: "https://vault.test/v1" }, "address must have no path"],
    [{ address: "https://a:b@vault.test" }, "address must hold no credentials"],
    [{ issuer: "dune/../root" }, "issuer must be a name in Vault"],
    [{ role: ".." }, "role must be a name in Vault"],
    [{ credkey: "../sys" }, "credkey must be a name in Vault"],
    [{ credkey: "a/../../sys" }, "credkey must be a name in Vault"],
    [{ vaultToken: "a b" }, "vaultToken must be a vault token"],
    [{ minimumSeconds: -1 }, "minimumSeconds must be a number of seconds"],
  ])("%j is a TypeError", (changes, sentence) => {
    expect(typeErrorOf(() => vault(wrong({ ...OPTIONS, ...changes })))).toContain(sentence);
  });

  it("is asked by http elsewhere only where the options say so", async () => {
    const { fetch } = standInVault({ [CREDS]: gives() }, "http://vault.test:8200");
    const options = { ...OPTIONS, address: "http://vault.test", fetch };
    expect(typeErrorOf(() => vault(options))).toContain("allowInsecureAddress: true");
    expect((await vault({ ...options, allowInsecureAddress: true }).token()).value).toBe("the-token-0123");
  });
});

describe("the vault token's file", () => {
  const source = (name: string, answers = { [CREDS]: gives() }): ReturnType<typeof vault> =>
    vault({
      ...OPTIONS,
      vaultToken: undefined,
      vaultTokenFile: join(folder, name),
      fetch: standInVault(answers).fetch,
    });

  it("is /tmp/vt_u and the user's id where nothing else is said", () => {
    expect(vaultTokenPath()).toBe(`/tmp/vt_u${process.geteuid?.()}`);
  });

  it("is written with mode 0600 and a line feed, and read each time anew", async () => {
    const path = join(folder, "vt");
    await writeVaultTokenFile("hvs.no-longer-good", path);
    expect((await failureOf(source("vt").token())).code).toBe("interaction_needed");
    await writeVaultTokenFile(VAULT_TOKEN, path);
    expect(await readFile(path, "utf8")).toBe(`${VAULT_TOKEN}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await source("vt").token()).value).toBe("the-token-0123");
  });

  it("holds a vault token and nothing else", async () => {
    await writeFile(join(folder, "two"), "hvs.one\nhvs.two\n");
    expect(await failureOf(source("two").token())).toMatchObject({
      code: "unusable",
      message: expect.stringContaining("holds no vault token"),
    });
    expect((await failureOf(writeVaultTokenFile("two words", join(folder, "no")))).code).toBe("unusable");
    await expect(stat(join(folder, "no"))).rejects.toThrow("ENOENT");
  });

  it.each([
    ["missing", async () => {}, "no such file"],
    ["empty", async (path: string) => writeFile(path, " \n"), "it is empty"],
  ])("that is %s wants a login", async (name, prepare, words) => {
    await prepare(join(folder, name));
    expect(await failureOf(source(name).token())).toMatchObject({
      code: "interaction_needed",
      message: expect.stringMatching(new RegExp(`no vault token in .*${words}.*log in first`)),
    });
  });

  it.skipIf(!isRoot)("of another user is not used: only root can make one for this test", async () => {
    const path = join(folder, "foreign");
    await writeVaultTokenFile(VAULT_TOKEN, path);
    await chown(path, 12_345, 12_345);
    expect(await failureOf(source("foreign").token())).toMatchObject({
      code: "interaction_needed",
      message: expect.stringContaining("belongs to user 12345"),
    });
  });

  it("that cannot be written is a TokenError with the reason", async () => {
    await writeFile(join(folder, "file"), "");
    const failure = await failureOf(writeVaultTokenFile(VAULT_TOKEN, join(folder, "file", "vt")));
    expect(failure.code).toBe("unreachable");
    expect(failure.message).not.toContain(VAULT_TOKEN);
  });
});

describe("the credkey", () => {
  it("is read where a login has kept it, as htgettoken does", async () => {
    const configDir = join(folder, "config", "htgettoken");
    await writeCredkey("ada", { issuer: "dune", role: "default", configDir });
    expect(await readFile(join(configDir, "credkey-dune-default"), "utf8")).toBe("ada\n");
    await chmod(join(configDir, "credkey-dune-default"), 0o644);
    const { fetch } = standInVault({ [CREDS]: gives() });
    const options = { ...OPTIONS, credkey: undefined, configDir, fetch };
    expect((await vault(options).token()).value).toBe("the-token-0123");
    expect(await failureOf(vault({ ...options, role: "other" }).token())).toMatchObject({
      code: "interaction_needed",
      message: expect.stringContaining("no credkey is known for issuer dune and role other"),
    });
  });

  it("leads nowhere else", async () => {
    const configDir = join(folder, "evil");
    await expect(writeCredkey("ada", { issuer: "../x", role: "default", configDir })).rejects.toThrow(TypeError);
    expect((await failureOf(writeCredkey("../../sys", { issuer: "dune", role: "default", configDir }))).code).toBe(
      "unusable",
    );
    await writeCredkey("ada", { issuer: "dune", role: "default", configDir });
    await writeFile(join(configDir, "credkey-dune-default"), "../../../sys/raw?x=");
    const options = { ...OPTIONS, credkey: undefined, configDir, fetch: standInVault({}).fetch };
    expect((await failureOf(vault(options).token())).message).toContain("no credkey is known");
  });
});
