// scitokens create-key and jwks: keys in the forms that programs read, and private ones where nobody else can. Interop 11.
import { createPrivateKey, createPublicKey } from "node:crypto";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { createSigningKey } from "@scitokens/issuer";
import { describe, expect, it } from "vitest";
import { openRefreshFile } from "../../packages/cli/src/sources/refresh-file.js";
import { runCli, silentIo } from "./run-cli.js";
import { temporaryFolder } from "./temporary-folder.js";
import { newKeyPair } from "../support/key-pair.js";

const folder = temporaryFolder();
const read = (name: string): string => readFileSync(folder.at(name), "utf8");
const modeOf = (name: string): number => statSync(folder.at(name)).mode & 0o777;
const { publicJwk: somePublic } = await createSigningKey();
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "k", "oth"];

describe("scitokens create-key", () => {
  it("writes a private key that only its owner reads, and a public set", async () => {
    const argv = ["create-key", "--out", folder.at("a.jwk"), "--public", folder.at("a.json"), "--json"];
    const { code, json, stderr } = await runCli(argv);
    const key = JSON.parse(read("a.jwk")) as Record<string, unknown>;
    expect(key).toMatchObject({ kty: "EC", crv: "P-256", alg: "ES256", use: "sig", d: expect.any(String) });
    const set = JSON.parse(read("a.json")) as { readonly keys: readonly object[] };
    expect(set.keys).toEqual([expect.objectContaining({ kid: key["kid"], alg: "ES256", x: key["x"] })]);
    expect(set.keys.flatMap((one) => PRIVATE_MEMBERS.filter((member) => member in one))).toEqual([]);
    expect(json).toEqual({
      alg: "ES256",
      kid: key["kid"],
      privateKey: folder.at("a.jwk"),
      publicKey: folder.at("a.json"),
    });
    expect([modeOf("a.jwk"), code, stderr]).toEqual([0o600, 0, ""]);
  });

  it.each([
    ["ES256", "pkcs8", "PRIVATE KEY"],
    ["ES384", "sec1", "EC PRIVATE KEY"],
    ["RS256", "pkcs1", "RSA PRIVATE KEY"],
    ["EdDSA", "pkcs8", "PRIVATE KEY"],
  ])("writes %s keys as %s, as OpenSSL reads them", async (alg, format, label) => {
    const name = `${alg}.pem`;
    const argv = ["create-key", "--alg", alg, "--format", format, "--out", folder.at(name)];
    const { code } = await runCli([...argv, "--public", folder.at(`${alg}.pub`), "--public-format", "spki"]);
    expect(code).toBe(0);
    expect(read(name)).toMatch(new RegExp(`^-----BEGIN ${label}-----\n`));
    const own = createPublicKey(createPrivateKey(read(name))).export({ format: "jwk" });
    expect(createPublicKey(read(`${alg}.pub`)).export({ format: "jwk" })).toEqual(own);
  });

  it("gives the key its name, and a set on demand", async () => {
    const { stdout } = await runCli(["create-key", "--format", "jwks", "--kid", "key-2026", "--out", "-"]);
    expect(JSON.parse(stdout)).toEqual({ keys: [expect.objectContaining({ kid: "key-2026", d: expect.any(String) })] });
  });

  it("replaces no file, not even through a link, unless told to", async () => {
    folder.write("there", "precious");
    symlinkSync(folder.at("there"), folder.at("link"));
    for (const name of ["there", "link"]) {
      const { code, stderr } = await runCli(["create-key", "--out", folder.at(name)]);
      expect(stderr).toMatch(/there is such a file already; --force replaces it\n$/);
      expect(code).toBe(2);
    }
    expect((await runCli(["create-key", "--force", "--out", folder.at("link")])).code).toBe(0);
    expect(read("there")).toBe("precious");
    expect(JSON.parse(read("link"))).toMatchObject({ kty: "EC" });
    expect(modeOf("link")).toBe(0o600);
  });

  it("keeps a new private key from others though the old file was open", async () => {
    folder.write("open", "old", 0o644);
    chmodSync(folder.at("open"), 0o644);
    await runCli(["create-key", "--force", "--out", folder.at("open")]);
    expect(modeOf("open")).toBe(0o600);
  });

  it("leaves nothing behind where it fails", async () => {
    await runCli(["create-key", "--out", folder.at("a.jwk")]);
    await runCli(["create-key", "--out", folder.at("nowhere/key")]);
    expect(readdirSync(folder.path).filter((name) => name.endsWith(".new"))).toEqual([]);
    expect(existsSync(folder.at("nowhere"))).toBe(false);
  });

  const fifo = (name: string): string => {
    if (!existsSync(folder.at(name))) execFileSync("mkfifo", [folder.at(name)]);
    return folder.at(name);
  };

  it.each([
    ["create-key", ["create-key", "--out"]],
    ["create-key's public half", ["create-key", "--out", folder.at("beside.jwk"), "--public"]],
    ["jwks", ["jwks", folder.write("some.json", JSON.stringify(somePublic)), "--out"]],
  ])("replaces no FIFO or device, told to or not: %s", async (_, argv) => {
    for (const force of [[], ["--force"]]) {
      const { code, stderr } = await runCli([...argv, fifo("pipe"), ...force]);
      expect(stderr).toMatch(/pipe: this is no regular file: it is not replaced\n$/);
      expect(code).toBe(2);
    }
    expect(statSync(folder.at("pipe")).isFIFO()).toBe(true);
    expect(existsSync(folder.at("beside.jwk"))).toBe(false);
  });

  it("replaces no FIFO by a refresh token", async () => {
    const { onRefreshToken } = await openRefreshFile(silentIo(), folder.at("refresh"));
    fifo("refresh");
    await expect(onRefreshToken?.("s3cr3t")).rejects.toThrow(/this is no regular file/);
    expect(statSync(folder.at("refresh")).isFIFO()).toBe(true);
  });

  it("takes one file under two names for one", async () => {
    mkdirSync(folder.at("real"));
    symlinkSync("real", folder.at("alias"));
    folder.write("real/old", "old");
    symlinkSync("old", folder.at("real/to-old"));
    for (const [out, other] of [
      ["real/k", "./real/../real/k"],
      ["real/k", "alias/k"],
      ["real/old", "real/to-old"],
    ] as const) {
      const argv = ["create-key", "--force", "--out", folder.at(out), "--public", `${folder.path}/${other}`];
      const { code, stderr } = await runCli(argv);
      expect(stderr).toMatch(/--out and --public are the same file/);
      expect(code).toBe(2);
    }
    expect(readdirSync(folder.at("real")).toSorted()).toEqual(["old", "to-old"]);
    expect(read("real/old")).toBe("old");
  });

  it("writes both files or none", async () => {
    folder.write("public-there", "old");
    for (const [out, other] of [
      ["alone.jwk", "public-there"],
      ["alone.jwk", "nowhere/public"],
      ["nowhere/private", "alone.json"],
    ] as const) {
      const { code } = await runCli(["create-key", "--out", folder.at(out), "--public", folder.at(other)]);
      expect(code).toBe(2);
    }
    expect([read("public-there"), existsSync(folder.at("alone.jwk")), existsSync(folder.at("alone.json"))]).toEqual([
      "old",
      false,
      false,
    ]);
    expect(readdirSync(folder.path).filter((name) => name.endsWith(".new"))).toEqual([]);
  });

  it("shows a private key on a terminal only when told to", async () => {
    const onTerminal = await runCli(["create-key"], { isTTY: true });
    expect(onTerminal.stderr).toMatch(/--out is missing: the file for the private key\. To see it here: --out -/);
    expect([onTerminal.stdout, onTerminal.code]).toEqual(["", 2]);
    expect((await runCli(["create-key", "-o", "-"], { isTTY: true })).json).toMatchObject({ d: expect.any(String) });
    expect((await runCli(["create-key"])).json).toMatchObject({ d: expect.any(String) });
  });

  it.each([
    [["--alg", "ES265"], /--alg: unknown alg 'ES265'; did you mean 'ES256'\?/],
    [["--alg", "HS256"], /--alg: unknown alg/],
    [["--format", "sec1", "--alg", "RS256"], /--format sec1 is for ES256, ES384 and ES512/],
    [["--format", "pkcs1"], /--format pkcs1 is for RSA keys/],
    [["--format", "der"], /Allowed choices are jwk, jwks, pkcs8, sec1, pkcs1/],
    [["--public", "-"], /--public: expected a file/],
    [["--out", "x", "--public", "x"], /the same file/],
    [["--out", "-", "--json"], /--json tells about files/],
    [["--kid", ""], /kid must be a string that is not empty/],
  ])("says what is wrong: %j", async (flags, says) => {
    const { code, stderr } = await runCli(["create-key", ...flags]);
    expect(stderr).toMatch(says);
    expect(code).toBe(2);
  });
});

describe("scitokens jwks", () => {
  it("makes one set of keys in every form, public members only (RFC 7517 5)", async () => {
    const es256 = await createSigningKey({ kid: "kept" });
    const jwk = folder.write("es.jwk", JSON.stringify({ ...es256.privateKey.export({ format: "jwk" }), kid: "kept" }));
    const rsa = newKeyPair("rsa", { modulusLength: 2048 });
    const pkcs1 = folder.write("rsa1.pem", rsa.privateKey.export({ type: "pkcs1", format: "pem" }).toString());
    const ec = newKeyPair("ec", { namedCurve: "P-384" });
    const sec1 = folder.write("ec.pem", ec.privateKey.export({ type: "sec1", format: "pem" }).toString());
    const ed = newKeyPair("ed25519");
    const spki = folder.write("ed.pub", ed.publicKey.export({ type: "spki", format: "pem" }).toString());
    const { code, json, stderr } = await runCli(["jwks", jwk, pkcs1, sec1, spki]);
    const { keys } = json as { readonly keys: readonly Record<string, unknown>[] };
    expect(keys.map(({ kty, kid, alg, use }) => [kty, kid === "kept", alg, use])).toEqual([
      ["EC", true, "ES256", "sig"],
      ["RSA", false, undefined, "sig"],
      ["EC", false, "ES384", "sig"],
      ["OKP", false, "EdDSA", "sig"],
    ]);
    expect(keys.flatMap((key) => PRIVATE_MEMBERS.filter((member) => member in key))).toEqual([]);
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("names a key by its RFC 7638 thumbprint, as the issuer does", async () => {
    const n =
      "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    const example = await runCli(["jwks", "-"], { stdin: JSON.stringify({ kty: "RSA", n, e: "AQAB", alg: "RS256" }) });
    expect(example.json).toMatchObject({
      keys: [{ kid: "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", alg: "RS256" }],
    });
    const key = await createSigningKey();
    const own = await runCli(["jwks", "-"], {
      stdin: key.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    });
    expect(own.json).toEqual({ keys: [key.publicJwk] });
  });

  it("takes sets, files with several PEM keys, and certificates", async () => {
    const keys = await Promise.all([createSigningKey(), createSigningKey()]);
    const set = folder.write("set.json", JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) }));
    const pem = keys.map(({ privateKey }) => privateKey.export({ type: "pkcs8", format: "pem" })).join("# next\n");
    const kids = keys.map(({ kid }) => ({ kid }));
    expect((await runCli(["jwks", set])).json).toMatchObject({ keys: kids });
    expect((await runCli(["jwks", folder.write("two.pem", pem)])).json).toMatchObject({ keys: kids });
    const certificate = new URL("../fixtures/tls/certificate.pem", import.meta.url).pathname;
    expect((await runCli(["jwks", certificate])).json).toMatchObject({ keys: [{ use: "sig" }] });
  });

  it("writes a file, and replaces none", async () => {
    const out = folder.at("out.json");
    expect(await runCli(["jwks", folder.at("set.json"), "--out", out])).toMatchObject({ code: 0, stdout: "" });
    expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({ keys: [{}, {}] });
    expect((await runCli(["jwks", folder.at("set.json"), "--out", out])).code).toBe(2);
  });

  it("refuses a kid that two keys have, and a key that stands twice (I10)", async () => {
    const [a, b] = [await createSigningKey({ kid: "same" }), await createSigningKey({ kid: "same" })];
    const files = [
      folder.write("one", JSON.stringify(a.publicJwk)),
      folder.write("other", JSON.stringify(b.publicJwk)),
    ];
    const twins = await runCli(["jwks", ...files]);
    expect(twins.stderr).toMatch(/one and .*other are two keys with the same kid/);
    const renamed = folder.write("renamed", JSON.stringify({ ...a.publicJwk, kid: "else" }));
    const twice = await runCli(["jwks", files[0] ?? "", renamed]);
    expect(twice.stderr).toMatch(/one and .*renamed are the same key/);
    expect([twins.code, twice.code, twins.stdout + twice.stdout]).toEqual([2, 2, ""]);
  });

  it.each([
    ['{"kty":"oct","k":"c2VjcmV0c2VjcmV0"}', /a symmetric key has no public half/],
    [newKeyPair("rsa", { modulusLength: 1024 }).publicKey, /an RSA key of 1024 bits/],
    [newKeyPair("ec", { namedCurve: "secp256k1" }).publicKey, /expected an RSA, EC \(P-256, P-384, P-521\)/],
    [newKeyPair("x25519").publicKey, /expected an RSA, EC/],
    ["-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----", /stdin: no key could be read/],
    ["-----BEGIN ENCRYPTED PRIVATE KEY-----\nc2VjcmV0\n-----END ENCRYPTED PRIVATE KEY-----", /the key is encrypted/],
    ['{"kty":"EC","d":"c2VjcmV0"', /begins like JSON, and is none/],
    ['{"keys":[]}', /the set has no keys/],
    ['{"keys":[7]}', /keys: expected a list of JWKs/],
    ["c2VjcmV0", /expected a key: PEM/],
    ["", /the file is empty/],
  ])("says what is no key for tokens: %#", async (source, says) => {
    const stdin = typeof source === "string" ? source : source.export({ type: "spki", format: "pem" }).toString();
    const { code, stdout, stderr } = await runCli(["jwks", "-"], { stdin });
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain("c2VjcmV0");
    expect([stdout, code]).toEqual(["", 2]);
  });
});
