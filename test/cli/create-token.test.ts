// scitokens create-token: tokens of every profile, as the enforcer takes them. Rules P2 to P4, interop 1.
import { readFileSync, statSync } from "node:fs";
import { createEnforcer, decodeUnverified } from "@scitokens/core";
import { createSigningKey } from "@scitokens/issuer";
import { describe, expect, it } from "vitest";
import { AUDIENCE, ISSUER } from "./issuer-world.js";
import { NOW, runCli } from "./run-cli.js";
import { temporaryFolder } from "./temporary-folder.js";

const folder = temporaryFolder();
const key = await createSigningKey({ kid: "key-a" });
const pem = folder.write("key.pem", key.privateKey.export({ type: "sec1", format: "pem" }).toString());
const jwkOf = (one: typeof key): object => ({ ...one.publicJwk, ...one.privateKey.export({ format: "jwk" }) });
const jwk = folder.write("key.jwk", JSON.stringify(jwkOf(key)));
const create = (...argv: readonly string[]) => runCli(["create-token", "--key", jwk, "--issuer", ISSUER, ...argv]);
const FULL = ["--audience", AUDIENCE, "--scope", "read:/store", "--subject", "alice"] as const;

const enforcer = createEnforcer({
  issuer: { issuer: ISSUER, jwks: { keys: [key.publicJwk] } },
  audience: AUDIENCE,
  clock: () => NOW,
});

describe("scitokens create-token", () => {
  it.each([
    ["scitokens-2", []],
    ["scitokens-1", []],
    ["wlcg", []],
    ["at-jwt", ["--claim", "client_id=app"]],
  ])("makes a %s token that the enforcer takes", async (profile, more) => {
    const { code, stdout, stderr } = await create(...FULL, "--profile", profile, ...more);
    expect([code, stderr]).toEqual([0, ""]);
    const token = await enforcer.verify(stdout.trim());
    expect(token).toMatchObject({
      profile,
      subject: "alice",
      issuedAt: NOW,
      expiresAt: NOW + 600,
      header: { kid: "key-a" },
    });
  });

  it("takes any claim: JSON values, lists, and strings", async () => {
    const { stdout } = await create(
      "--claim",
      'aud=["https://a.example","https://b.example"]',
      "--claim",
      "scope=read:/a=b",
      "--claim",
      "n=5",
      "--claim",
      "flag=true",
      "--claim",
      'text="5"',
      "--claim",
      'wlcg.groups=["/cms"]',
      "--claim",
      "empty=",
      "--claim",
      "__proto__=x",
      "--lifetime",
      "1h",
    );
    const { claims } = decodeUnverified(stdout.trim());
    expect(claims).toMatchObject({
      aud: ["https://a.example", "https://b.example"],
      scope: "read:/a=b",
      n: 5,
      flag: true,
    });
    expect(claims).toMatchObject({ text: "5", "wlcg.groups": ["/cms"], empty: "", exp: NOW + 3600 });
    expect(Object.entries(claims)).toContainEqual(["__proto__", "x"]);
  });

  it("makes a list of several audiences, and one scope claim of several scopes", async () => {
    const { stdout } = await create(
      "--audience",
      "a",
      "--audience",
      "b",
      "--scope",
      "read:/a write:/b",
      "--scope",
      "queue",
    );
    expect(decodeUnverified(stdout.trim()).claims).toMatchObject({ aud: ["a", "b"], scope: "read:/a write:/b queue" });
  });

  it("leaves out what it is told to", async () => {
    const { stdout } = await create("--scope", "read:/a", "--without", "aud", "--without", "exp");
    expect(Object.keys(decodeUnverified(stdout.trim()).claims)).not.toEqual(expect.arrayContaining(["aud"]));
    expect(decodeUnverified(stdout.trim()).claims).not.toHaveProperty("exp");
  });

  it("takes keys in PEM, from stdin, and out of a set", async () => {
    const other = await createSigningKey({ kid: "key-b", alg: "ES384" });
    const set = folder.write("set.json", JSON.stringify({ keys: [jwkOf(key), jwkOf(other)] }));
    const kidOf = async (...argv: readonly string[]): Promise<unknown> =>
      decodeUnverified((await runCli(["create-token", "--issuer", ISSUER, ...FULL, ...argv])).stdout.trim()).header[
        "kid"
      ];
    expect(await kidOf("--key", set, "--kid", "key-b")).toBe("key-b");
    expect(await kidOf("--key", pem, "--kid", "named")).toBe("named");
    const fromStdin = ["create-token", "--key", "-", "--issuer", ISSUER, ...FULL];
    const { stdout } = await runCli(fromStdin, { stdin: readFileSync(pem, "utf8") });
    expect(decodeUnverified(stdout.trim()).header["kid"]).toMatch(/^[\w-]{43}$/);
  });

  it("writes the token where only its owner reads it, and prints nothing", async () => {
    const out = folder.at("token");
    expect(await create(...FULL, "--out", out)).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    await expect(enforcer.verify(readFileSync(out, "utf8").trim())).resolves.toMatchObject({ subject: "alice" });
  });

  it.each([
    [
      ["--audience", "a"],
      /claim 'scope' is required by profile scitokens-2: give it, or leave it out on purpose by --without/,
    ],
    [[...FULL, "--profile", "wlgc"], /unknown profile 'wlgc'; did you mean 'wlcg'\?/],
    [[...FULL, "--profile", "scitokens-1", "--claim", "x=1"], /claim 'x' is unknown to profile scitokens-1/],
    [[...FULL, "--claim", "x"], /--claim x: expected name=value/],
    [[...FULL, "--claim", "x=[1"], /begins like JSON, and is none/],
    [[...FULL, "--claim", "sub=bob"], /the claim sub is given twice/],
    [[...FULL, "--lifetime", "0"], /lifetime/],
    [[...FULL, "--lifetime", "long"], /Expected seconds/],
    [[...FULL, "--alg", "RS256"], /alg RS256 does not fit the key/],
    [[...FULL, "--key", folder.at("nowhere")], /there is no such file/],
    [[...FULL, "--key", folder.write("pub.json", JSON.stringify(key.publicJwk))], /a private key is needed to sign/],
    [[...FULL, "--key", folder.at("set.json")], /there are several keys; --kid says which is to sign/],
    [[...FULL, "--key", folder.at("set.json"), "--kid", "key-z"], /no key of the set has this kid/],
    [[...FULL, "--out", folder.at("nowhere/token")], /nowhere/],
  ])("says what is wrong: %j", async (flags, says) => {
    const { code, stdout, stderr } = await create(...flags);
    expect(stderr).toMatch(says);
    expect([stdout, code]).toEqual(["", 2]);
  });

  it("wants to be told of the key and of the issuer", async () => {
    expect((await runCli(["create-token", "--issuer", ISSUER])).stderr).toMatch(/required option '--key <file>'/);
    expect((await runCli(["create-token", "--key", jwk])).stderr).toMatch(/required option '--issuer <url>'/);
  });
});
