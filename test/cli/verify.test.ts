// scitokens verify and acls: whether a token is good for a server, and what it grants. Rules T, I, C, P, S9.
import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { everywhere, json as answer, publish, refused } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";
import { AUDIENCE, ISSUER, issuerNetwork, key, runBesideIssuer, TRUST, tokenWith, wlcgToken } from "./issuer-world.js";
import { NOW } from "./run-cli.js";
import { temporaryFolder } from "./temporary-folder.js";

const folder = temporaryFolder();
const jwks = folder.write("jwks.json", JSON.stringify({ keys: [key.jwk] }));
const pem = folder.write("key.pem", key.publicKey.export({ type: "spki", format: "pem" }).toString());
const noNetwork = { fetch: () => Promise.reject(new Error("no network is needed")) };

describe("scitokens verify", () => {
  it("says that a token is good, and what it is", async () => {
    const { code, stdout, stderr } = await runBesideIssuer(["verify", ...TRUST], tokenWith());
    expect(stdout).toBe(
      [
        "good",
        "  from        BEARER_TOKEN",
        "  issuer      https://issuer.example.org",
        "  audience    https://data.example.org",
        "  subject     alice",
        "  profile     scitokens-2",
        "  good until  2026-09-21T14:23:20+00:00, in 10 min",
        "  scopes      read:/store",
        "",
      ].join("\n"),
    );
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("says it as JSON, with the claims", async () => {
    const { json } = await runBesideIssuer(["verify", ...TRUST, "--json"], wlcgToken({ "wlcg.groups": ["/cms"] }));
    expect(json).toMatchObject({
      allowed: true,
      profile: "wlcg",
      token: { verified: true, expiresAt: NOW + 600 },
      claims: { sub: "alice", "wlcg.groups": ["/cms"] },
    });
  });

  it("refuses, and says what to do", async () => {
    const { code, stdout } = await runBesideIssuer(["verify", ...TRUST], tokenWith({ exp: NOW }));
    expect(stdout).toMatch(
      /^refused: exp: the token has expired\n\nThe token has expired: .*, now\.\n\nWhat to do\n- /,
    );
    expect(code).toBe(1);
  });

  it("refuses as JSON, and gives no claim for proven", async () => {
    const { json, code } = await runBesideIssuer(
      ["verify", ...TRUST, "--json"],
      tokenWith({}, {}, testKey("ES256", "key-2026")),
    );
    expect(json).toMatchObject({
      allowed: false,
      code: "invalid_token",
      reason: "signature",
      token: { verified: false },
    });
    expect(json).not.toHaveProperty("claims");
    expect(code).toBe(1);
  });

  it("takes the issuer's keys from a file, and asks nobody", async () => {
    for (const keys of [
      ["--jwks", jwks],
      ["--public-key", pem],
    ]) {
      expect((await runBesideIssuer(["verify", ...TRUST, ...keys], tokenWith(), noNetwork)).code).toBe(0);
    }
  });

  it("takes them from a place that is named", async () => {
    const network = issuerNetwork();
    everywhere(network, refused);
    network.answers.set("https://keys.example.org/vo", answer({ keys: [key.jwk] }));
    const argv = ["verify", ...TRUST, "--jwks-uri", "https://keys.example.org/vo"];
    expect((await runBesideIssuer(argv, tokenWith(), { fetch: network.fetch })).code).toBe(0);
  });

  it.each([
    [["--profile", "wlcg"], tokenWith(), 1],
    [["--profile", "wlcg", "--profile", "scitokens-2"], tokenWith(), 0],
    [["--algorithm", "RS256"], tokenWith(), 1],
    [["--audience", "https://other.example"], tokenWith({ aud: "https://other.example" }), 0],
    [["--clock-tolerance", "5m"], tokenWith({ nbf: NOW + 300 }), 0],
    [["--clock-tolerance", "299"], tokenWith({ nbf: NOW + 300 }), 1],
    [["--allow-missing-audience"], tokenWith({ ver: undefined, aud: undefined }), 0],
    [[], tokenWith({ ver: undefined, aud: undefined }), 1],
  ])("heeds its options: %j", async (flags, token, code) => {
    expect((await runBesideIssuer(["verify", ...TRUST, ...flags], token)).code).toBe(code);
  });

  it("takes a token for no server where the server has no name (C5)", async () => {
    const argv = ["verify", "--issuer", ISSUER, "--no-audience", "--no-key-cache"];
    expect((await runBesideIssuer(argv, tokenWith({ ver: undefined, aud: undefined }))).code).toBe(0);
    expect((await runBesideIssuer(argv, tokenWith())).code).toBe(1);
  });

  it.each([
    [["--jwks", folder.at("nowhere")], /nowhere: there is no such file/],
    [["--jwks", pem], /--jwks .*: expected a JWK set: .* for PEM use --public-key/],
    [["--jwks", folder.write("empty.json", '{"keys":[]}')], /--jwks: expected at least one usable key/],
    [["--jwks", jwks, "--jwks-uri", "https://x.example"], /cannot be used with/],
    [["--public-key", jwks], /--public-key/],
    [["--ca-file", jwks], /--ca-file .*: expected certificates in PEM/],
    [["--config", folder.at("nowhere.ini")], /configuration: /],
    [["--tolerance", "5"], /unknown option '--tolerance'/],
  ])("says what is wrong with its options: %j", async (flags, says) => {
    const { code, stderr } = await runBesideIssuer(["verify", ...TRUST, ...flags], tokenWith());
    expect(stderr).toMatch(says);
    expect(code).toBe(2);
  });

  it("warns of an issuer that publishes private keys (I10)", async () => {
    const network = issuerNetwork();
    const spilled = { ...testKey("ES256", "spilled").privateKey.export({ format: "jwk" }), kid: "spilled" };
    publish(network, [key, spilled]);
    const { code, stderr } = await runBesideIssuer(["verify", ...TRUST], tokenWith(), { fetch: network.fetch });
    expect(stderr).toMatch(/^warning: https:\/\/issuer\.example\.org publishes PRIVATE keys/);
    expect(stderr).not.toContain(spilled.d);
    expect(code).toBe(0);
  });
});

describe("keys between runs", () => {
  const CACHED = ["verify", "--issuer", ISSUER, "--audience", AUDIENCE];

  it("are kept in the user's cache, so that the issuer is asked once (I13)", async () => {
    const cache = folder.at("cache");
    const network = issuerNetwork();
    const world = { env: { XDG_CACHE_HOME: cache }, fetch: network.fetch };
    for (let run = 0; run < 3; run++) expect((await runBesideIssuer(CACHED, tokenWith(), world)).code).toBe(0);
    expect(network.asked(`${ISSUER}/keys`)).toBe(1);
    expect(readdirSync(`${cache}/scitokens`)).toHaveLength(1);
  });

  it("are not kept with --no-key-cache", async () => {
    const cache = folder.at("no-cache");
    const network = issuerNetwork();
    const world = { env: { XDG_CACHE_HOME: cache }, fetch: network.fetch };
    for (let run = 0; run < 2; run++) await runBesideIssuer([...CACHED, "--no-key-cache"], tokenWith(), world);
    expect(network.asked(`${ISSUER}/keys`)).toBe(2);
    expect(existsSync(cache)).toBe(false);
  });

  it("lie where the configuration file says", async () => {
    const cache = folder.at("configured");
    const config = folder.write("scitokens.ini", `[scitokens]\ncache_location = ${cache}\n`);
    expect((await runBesideIssuer([...CACHED, "--config", config], tokenWith())).code).toBe(0);
    expect(readdirSync(`${cache}/scitokens`)).toHaveLength(1);
  });

  it("that cannot be kept are a warning, and the verdict stands (I13)", async () => {
    const world = { env: { XDG_CACHE_HOME: jwks } };
    const { code, stderr } = await runBesideIssuer(CACHED, tokenWith(), world);
    expect(stderr).toMatch(/^warning: the key cache is not used: /);
    expect(code).toBe(0);
  });
});

describe("scitokens acls", () => {
  const token = tokenWith({ scope: "read:/store write:/store/alice/ queue read:/my%20data" });

  it("lists rights and paths with a tab between, for programs (S9)", async () => {
    const { code, stdout } = await runBesideIssuer(["acls", ...TRUST], token);
    expect(stdout).toBe("read\t/store\nwrite\t/store/alice/\nqueue\t/\nread\t/my data\n");
    expect(code).toBe(0);
  });

  it("lists them as a table on a terminal", async () => {
    const { stdout } = await runBesideIssuer(["acls", ...TRUST], token, { isTTY: true, env: { NO_COLOR: "1" } });
    expect(stdout).toBe("RIGHT  PATH\nread   /store\nwrite  /store/alice/\nqueue  /\nread   /my data\n");
  });

  it("lists them as JSON, with the groups", async () => {
    const { json } = await runBesideIssuer(["acls", ...TRUST, "--json"], wlcgToken({ "wlcg.groups": ["/cms"] }));
    expect(json).toMatchObject({ acls: [{ authz: "storage.read", path: "/store" }], groups: ["/cms"] });
  });

  it("lists nothing of a token that is refused", async () => {
    const { code, stdout } = await runBesideIssuer(["acls", ...TRUST], tokenWith({ exp: 1 }));
    expect(stdout).toMatch(/^refused: exp/);
    expect(stdout).not.toMatch(/\t/);
    expect(code).toBe(1);
    const { json } = await runBesideIssuer(["acls", ...TRUST, "--json"], tokenWith({ exp: 1 }));
    expect(json).toMatchObject({ allowed: false, acls: [] });
  });

  it("lists the token's own words when asked to, with a warning", async () => {
    const { code, stdout, stderr } = await runBesideIssuer(
      ["acls", "--unverified"],
      tokenWith({ scope: "read:/a  x\u001b[m" }),
      noNetwork,
    );
    expect([stdout, code]).toEqual(["read:/a\nx\\u001b[m\n", 0]);
    expect(stderr).toBe("warning: nothing of this token has been verified\n");
    expect((await runBesideIssuer(["acls", "--unverified"], "opaque", noNetwork)).code).toBe(1);
  });
});
