// Tokens and private keys appear in nothing that a command says, however it fails; except where they are what it makes.
import { chmodSync } from "node:fs";
import { createSigningKey } from "@scitokens/issuer";
import { describe, expect, it } from "vitest";
import { everywhere, json, refused } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";
import { AUDIENCE, ISSUER, issuerNetwork, TRUST, tokenWith, wlcgToken } from "./issuer-world.js";
import { NOW, runCli } from "./run-cli.js";
import type { World } from "./run-cli.js";
import { temporaryFolder } from "./temporary-folder.js";

const folder = temporaryFolder();
const key = await createSigningKey();
const jwk = key.privateKey.export({ format: "jwk" });
const pem = key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const secretsOfKey = [
  String(jwk.d),
  ...pem.split("\n").filter((line) => line.length > 20 && !line.startsWith("-----")),
];

/** Every part of a token that is long enough to be told from words. */
const partsOf = (token: string): readonly string[] => token.split(/[^\w-]/).filter((part) => part.length > 20);

const down = issuerNetwork();
everywhere(down, refused);
const echoing = (token: string): World["fetch"] => {
  const network = issuerNetwork();
  everywhere(network, json({ issuer: token, jwks_uri: `http://${token}`, keys: token }));
  return network.fetch;
};

const TOKENS: readonly string[] = [
  tokenWith(),
  tokenWith({ exp: NOW - 5 }),
  tokenWith({ aud: "https://other.example" }),
  tokenWith({ iss: "https://other.example" }),
  tokenWith({ scope: "read" }),
  tokenWith({ ver: "9" }),
  tokenWith({}, { crit: ["x"] }),
  tokenWith({}, { alg: "none" }),
  tokenWith({}, {}, testKey("ES256", "key-2026")),
  tokenWith({}, {}, testKey("ES256", "unknown")),
  wlcgToken({ scope: undefined, "wlcg.groups": ["/cms"] }),
  tokenWith().slice(0, -30),
  tokenWith().slice(30),
  `Bearer ${tokenWith()}`,
  `"${tokenWith()}"`,
  `${tokenWith()}.${tokenWith()}`,
  `${tokenWith()}=`,
  tokenWith({ long: "x".repeat(20_000) }),
];

const LOOKING: readonly (readonly string[])[] = [
  ["decode"],
  ["decode", "-H"],
  ["verify", ...TRUST],
  ["verify"],
  ["verify", "--issuer", ISSUER],
  ["test", "read", "/store", ...TRUST],
  ["explain", "write", "/store/../x", ...TRUST],
  ["explain", "read", "/store", ...TRUST],
  ["explain", "read", "/store", ...TRUST, "--profile", "wlcg"],
  ["acls", ...TRUST],
  ["acls", "--unverified"],
];

async function shown(token: string, argv: readonly string[], world: World): Promise<readonly string[]> {
  const { stdout, stderr } = await runCli(argv, { fetch: issuerNetwork().fetch, isTTY: true, ...world });
  expect(stdout + stderr).not.toBe("");
  return partsOf(token).filter((part) => (stdout + stderr).includes(part));
}

describe("a token", () => {
  it.each(LOOKING.map((argv) => ({ argv })))("is not shown by $argv", async ({ argv }) => {
    for (const token of TOKENS) {
      const env = { BEARER_TOKEN: token };
      expect(await shown(token, argv, { env })).toEqual([]);
      expect(await shown(token, [...argv, "--json"], { env, fetch: down.fetch })).toEqual([]);
      expect(await shown(token, argv, { env, fetch: echoing(token) })).toEqual([]);
      expect(await shown(token, [...argv, "--unknown", token], { env })).toEqual([]);
    }
  });

  it.each([{ argv: ["decode"] }, { argv: ["verify", ...TRUST] }])(
    "is not shown by $argv[0], wherever it is",
    async ({ argv }) => {
      for (const token of TOKENS) {
        const file = folder.write("token", token);
        const own = { uid: process.geteuid?.() ?? 0 };
        expect(await shown(token, argv, { env: { BEARER_TOKEN_FILE: file }, ...own })).toEqual([]);
        expect(await shown(token, argv, { env: { SCITOKEN: token } })).toEqual([]);
        expect(await shown(token, [...argv, file], {})).toEqual([]);
        expect(await shown(token, [...argv, "-"], { stdin: token })).toEqual([]);
        expect(await shown(token, [...argv, token], {})).toEqual([]);
        expect(await shown(token, [...argv, token, token], {})).toEqual([]);
      }
    },
  );

  it("is not shown when it is taken for a file, an issuer, or an option's value", async () => {
    const token = tokenWith();
    for (const flag of [
      "--token-file",
      "--issuer",
      "--audience",
      "--jwks",
      "--jwks-uri",
      "--public-key",
      "--profile",
      "--algorithm",
      "--base-path",
      "--clock-tolerance",
      "--ca-file",
      "--config",
    ]) {
      const { stdout, stderr } = await runCli(["explain", "read", "/store", ...TRUST, flag, token], {
        env: { BEARER_TOKEN: token },
      });
      expect(partsOf(token).filter((part) => (stdout + stderr).includes(part))).toEqual([]);
    }
  });
});

describe("of commands that find and get tokens", () => {
  const token = tokenWith();
  const secret = "s3cr3t-of-the-robot-0123456789";
  const refresh = "refresh-token-0123456789-abcdef";
  /** Answers whatever is asked with all that must not be shown, as an error and as an answer. */
  const answering = (status: number): World["fetch"] => {
    const said = `${token} ${secret} ${refresh}`;
    return (input) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const metadata = {
        issuer: ISSUER,
        jwks_uri: `${ISSUER}/keys`,
        token_endpoint: `${ISSUER}/token`,
        device_authorization_endpoint: `${ISSUER}/device`,
      };
      const body = url.pathname.includes("well-known")
        ? metadata
        : { error: "invalid_grant", error_description: said, errors: [said], keys: [{ kid: said, d: secret }] };
      return Promise.resolve(Response.json(body, { status: url.pathname.includes("well-known") ? 200 : status }));
    };
  };
  const OAUTH = ["--issuer", ISSUER, "--client-id", "robot", "--out", folder.at("nowhere/token")];
  const config = folder.write(
    "renew.ini",
    `[account a]\nclient_id = robot\nclient_secret = ${secret}\ntoken_request_url = ${ISSUER}/token\n` +
      `[token t]\naccount = a\ntoken_path = ${folder.at("nowhere/renewed")}\n`,
  );
  const COMMANDS: readonly (readonly string[])[] = [
    ["find"],
    ["find", "-v", "--audience", "https://other.example"],
    ["find", "--json", "--issuer", "https://other.example"],
    ["get", "device", ...OAUTH],
    ["get", "client-credentials", ...OAUTH],
    ["get", "refresh", ...OAUTH, "--refresh-token-file", folder.write("refresh", refresh)],
    ["get", "exchange", ...OAUTH, "--subject-token-file", folder.write("subject", token)],
    ["get", "agent", "--account", token, "--socket", folder.at("no-socket")],
    [
      "get",
      "vault",
      "--address",
      "vault.example.org",
      "--credkey",
      "a",
      "--vault-token-file",
      folder.write("vt", secret),
    ],
    ["renew", "--once", "--config", config],
    ["renew", "--once", "--config", folder.write("wrong.ini", `[account a]\nclient_secret ${secret}\n`)],
    ["with", "--from", "client-credentials", ...OAUTH.slice(0, 4), "--", "true"],
    ["with", "--from", "refresh", ...OAUTH.slice(0, 4), "--refresh-token-file", folder.at("refresh"), "--", "true"],
    ["with", "--time-left", "30d", "--", "true"],
    ["keys", "list", "--dir", folder.at("keys")],
    ["keys", "add", ISSUER, "--dir", folder.at("keys"), "--jwks", folder.at("subject")],
    ["keys", "refresh", ISSUER, "--dir", folder.at("keys")],
    ["keys", "remove", token, "--dir", folder.at("keys")],
    ["issuer", "--key", folder.at("subject")],
    ["issuer", "--port", "0", "--path", token],
    ["doctor", "https://127.0.0.1:1"],
    ["doctor", `https://127.0.0.1:1/${token}`],
  ];

  it.each(COMMANDS.map((argv) => ({ argv, shown: argv.slice(0, 3).join(" ").slice(0, 40) })))(
    "nothing is shown by $shown",
    async ({ argv }) => {
      for (const fetch of [answering(200), answering(400), answering(500), down.fetch]) {
        const env = {
          BEARER_TOKEN: token,
          SCITOKENS_CLIENT_SECRET: secret,
          HOME: folder.path,
          PATH: process.env["PATH"],
        };
        // The issuer is ended as soon as it runs.
        const ending = new AbortController();
        const onOutput = (): void => {
          if (argv[0] === "issuer") ending.abort(new Error("ended by SIGINT"));
        };
        const uid = process.geteuid?.() ?? 0;
        const world = { fetch, env: { ...env, XDG_RUNTIME_DIR: folder.path }, uid, signal: ending.signal, onOutput };
        const { code, stdout, stderr } = await runCli(argv, world);
        const said = stdout + stderr;
        expect([said === "", code === 0]).not.toEqual([true, false]);
        expect([...partsOf(token), secret, refresh].filter((part) => said.includes(part))).toEqual([]);
      }
    },
  );
});

describe("a private key", () => {
  const WRONG: readonly (readonly [argv: readonly string[], stdin?: string])[] = [
    [["create-key", "--out", folder.at("new.jwk"), "--public", folder.at("new.json")]],
    [["create-token", "--key", "-", "--issuer", ISSUER], pem],
    [
      ["create-token", "--key", "-", "--issuer", ISSUER, "--audience", AUDIENCE, "--scope", "read:/", "--alg", "RS256"],
      pem,
    ],
    [
      ["create-token", "--key", "-", "--issuer", ISSUER, "--audience", AUDIENCE, "--scope", "read:/"],
      pem.replace("M", "N"),
    ],
    [
      ["create-token", "--key", "-", "--issuer", ISSUER, "--audience", AUDIENCE, "--scope", "read:/"],
      JSON.stringify({ ...jwk, x: jwk.y }),
    ],
    [["create-token", "--key", pem, "--issuer", ISSUER]],
    [["create-token", "--key", "-", "--issuer", pem], pem],
    [["jwks", "-"], pem],
    [["jwks", "-"], JSON.stringify(jwk)],
    [["jwks", "-"], JSON.stringify({ ...jwk, kty: "RSA" })],
    [["jwks", "-"], `{"keys":[${JSON.stringify(jwk)}`],
    [["jwks", pem]],
    [["decode", "-"], pem],
    [["decode", "-"], JSON.stringify(jwk)],
    [["verify", ...TRUST, "--token-file", "-"], pem],
    [["verify", ...TRUST, "--jwks", folder.write("private.json", JSON.stringify({ keys: [{ ...jwk, kid: "a" }] }))]],
    [["verify", ...TRUST, "--public-key", folder.write("private.pem", pem)]],
    [[pem]],
  ];

  it.each(WRONG.map(([argv, stdin]) => ({ argv: argv.slice(0, 3), all: argv, stdin })))(
    "is not shown by $argv",
    async ({ all, stdin }) => {
      for (const more of [[], ["--json"]]) {
        const world = { env: { BEARER_TOKEN: tokenWith() }, ...(stdin !== undefined && { stdin }) };
        const { stdout, stderr } = await runCli([...all, ...more], world);
        const said = stdout + stderr;
        expect(said).not.toBe("");
        expect(secretsOfKey.filter((secret) => said.includes(secret))).toEqual([]);
      }
    },
  );
});

it("a file that cannot be read is trouble, and named", async () => {
  const file = folder.write("closed", tokenWith());
  chmodSync(file, 0o000);
  const { stderr, code } = await runCli(["decode", file]);
  // root reads it all the same
  expect(code === 0 || (code === 2 && stderr.includes("you may not read this file"))).toBe(true);
});
