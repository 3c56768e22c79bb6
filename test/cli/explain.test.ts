// scitokens test and explain: a verdict, why, and what to do next. Rules R1, H6.
import { relative } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { everywhere, refused } from "../support/scripted-issuer.js";
import { ISSUER, issuerNetwork, key, runBesideIssuer, TRUST, tokenWith, wlcgToken } from "./issuer-world.js";
import { explainRefusal, REFUSALS } from "./refusals.js";
import type { Refusal } from "./refusals.js";
import { NOW, runCli } from "./run-cli.js";
import { temporaryFolder } from "./temporary-folder.js";

const folder = temporaryFolder();
const jwks = folder.write("jwks.json", JSON.stringify({ keys: [key.jwk] }));
const file = relative(process.cwd(), folder.write("token.txt", tokenWith()));
const certificate = new URL("../fixtures/tls/certificate.pem", import.meta.url).pathname;
const words = (text: string): string => text.replace(/\s+/g, " ");
const partsOf = (token: string): readonly string[] => token.split(/[^\w-]/).filter((part) => part.length > 16);

/** No verdict without keys, and none on a path that is none. */
const isJudged = ({ issuerIsDown, reason }: Refusal): boolean => issuerIsDown !== true && reason !== "invalid_path";

describe("scitokens explain of a refusal", () => {
  it.each(REFUSALS)("says why, and what to do: $title", async (refusal) => {
    const { code, stdout, stderr } = await explainRefusal(refusal);
    for (const expected of refusal.says) expect(words(stdout)).toMatch(expected);
    expect(stdout).toContain("What to do\n- ");
    expect(stderr).toBe("");
    expect(code).toBe(isJudged(refusal) ? 1 : 2);
  });

  it.each(REFUSALS)("says the same as JSON: $title", async (refusal) => {
    const { code, json, stderr } = await explainRefusal(refusal, ["--json"]);
    expect(json).toMatchObject({
      allowed: false,
      outcome: isJudged(refusal) ? "refused" : "undecided",
      reason: refusal.reason,
      asked: { authz: refusal.asked[0], path: refusal.asked[1] },
      because: expect.stringMatching(/\.$/),
      next: expect.arrayContaining([expect.objectContaining({ text: expect.any(String) })]),
    });
    expect([code, stderr]).toEqual([isJudged(refusal) ? 1 : 2, ""]);
  });

  it.each(REFUSALS)("shows no part of the token: $title", async (refusal) => {
    for (const more of [[], ["--json"]]) {
      const { stdout } = await explainRefusal(refusal, more);
      expect(partsOf(refusal.token).filter((part) => stdout.includes(part))).toEqual([]);
    }
  });
});

describe("scitokens explain of what is allowed", () => {
  it("says so, with each check and each scope (R1)", async () => {
    const token = tokenWith({ scope: "read:/store queue" });
    const { code, stdout } = await runBesideIssuer(["explain", "read", "/store/a", ...TRUST], token);
    expect(code).toBe(0);
    expect(stdout).toContain("allowed: read on /store/a\n");
    expect(stdout).toMatch(/yes {2}read:\/store\n +no {2}queue\n/);
    expect(stdout).toMatch(/passed {2}capability/);
    expect(stdout).not.toMatch(/FAILED|What to do|schema|revocation/);
  });

  it("says so as JSON, with what the token says of itself", async () => {
    const { json } = await runBesideIssuer(["explain", "read", "/store/a", ...TRUST, "--json"], tokenWith());
    expect(json).toMatchObject({
      allowed: true,
      outcome: "allowed",
      profile: "scitokens-2",
      next: [],
      token: { source: "BEARER_TOKEN", verified: true, issuer: ISSUER, subject: "alice", keyId: "key-2026" },
      scopes: [{ scope: "read:/store", covers: true }],
    });
  });
});

describe("what comes near", () => {
  const cases: readonly (readonly [title: string, token: string, asked: readonly string[], says: RegExp])[] = [
    [
      "a capital letter",
      tokenWith({ scope: "read:/Store" }),
      ["read", "/store/a"],
      /differs from the path in capital letters/,
    ],
    [
      "an escape taken for itself",
      tokenWith({ scope: "read:/my%20data" }),
      ["read", "/my%20data/a"],
      /decoded, "\/my data\/a"/,
    ],
    [
      "a right of the other vocabulary",
      tokenWith({ scope: "storage.read:/store" }),
      ["read", "/store/a"],
      /belongs to the other kind of token/,
    ],
    [
      "another right",
      tokenWith(),
      ["storage.stage", "/store/a"],
      /the token allows "read", which is another right than "storage.stage"/,
    ],
    ["a capability that has a path", tokenWith({ scope: "queue:/short" }), ["queue"], /which is about a path/],
    ["no scope", wlcgToken({ scope: undefined }), ["read", "/store"], /has no scope/],
    [
      "nothing",
      tokenWith({ scope: "queue" }),
      ["read", "/store"],
      /allows other things than "read on \/store": it has "queue"/,
    ],
  ];

  it.each(cases)("names %s", async (_, token, asked, says) => {
    const { code, stdout } = await runBesideIssuer(["explain", ...asked, ...TRUST], token);
    expect(words(stdout)).toMatch(says);
    expect(code).toBe(1);
  });

  it("asks for the scope as the token spells it, below the base path, encoded (S3, S5, S8)", async () => {
    const argv = ["explain", "read", "/vo/my data/100%", ...TRUST, "--base-path", "/vo"];
    const { stdout } = await runBesideIssuer(argv, wlcgToken());
    expect(stdout).toContain("--scope storage.read:/my%20data/100%25\n");
  });

  it("says which area the issuer has (S8)", async () => {
    const { stdout } = await runBesideIssuer(
      ["explain", "read", "/home/a", ...TRUST, "--base-path", "/vo"],
      tokenWith(),
    );
    expect(words(stdout)).toMatch(/"\/home\/a" lies outside of the area of the token's issuer: "\/vo"/);
  });
});

describe("scitokens test", () => {
  it.each([
    ["allowed: read on /store/a\n", ["read", "/store/a"], 0],
    ["refused: write on /store/a: no scope of the token covers it\n", ["write", "/store/a"], 1],
    ["allowed: queue\n", ["queue"], 0],
  ] as const)("answers in one line: %s", async (line, asked, code) => {
    const result = await runBesideIssuer(["test", ...asked, ...TRUST], tokenWith({ scope: "read:/store queue" }));
    expect([result.stdout, result.stderr, result.code]).toEqual([line, "", code]);
  });

  it("has not judged what no key could judge: exit code 2 (I9)", async () => {
    const network = issuerNetwork();
    everywhere(network, refused);
    const result = await runBesideIssuer(["test", "read", "/store", ...TRUST], tokenWith(), { fetch: network.fetch });
    expect(result.stdout).toBe(`not decided: the keys of ${ISSUER} cannot be had\n`);
    expect(result.code).toBe(2);
  });
});

describe("a question that makes no sense", () => {
  it.each([
    [["read:/store"], /AUTHZ and PATH are two words, with a blank between: read \/store/],
    [["read"], /PATH: expected, since 'read' means nothing without one/],
    [["", "/store"], /AUTHZ: expected/],
    [["read", "-"], /a token from stdin is --token-file -/],
    [[], /missing required argument 'authz'/],
  ])("is trouble: %j", async (asked, says) => {
    const { code, stdout, stderr } = await runBesideIssuer(["test", ...asked, ...TRUST], tokenWith());
    expect(stderr).toMatch(says);
    expect([stdout, code]).toEqual(["", 2]);
  });
});

describe("trust", () => {
  it("is not taken from the token, which only proposes what to say (I1)", async () => {
    const network = issuerNetwork();
    const { code, stderr } = await runBesideIssuer(["test", "read", "/store"], tokenWith(), { fetch: network.fetch });
    expect(stderr).toBe(
      `scitokens: --issuer is missing: no issuer is trusted unless you name it. The token says that it comes from ${ISSUER}: if you trust it, add --issuer ${ISSUER}\n`,
    );
    expect([code, network.requests]).toEqual([2, []]);
  });

  it("proposes nothing that a shell would run", async () => {
    const says = async (iss: unknown): Promise<string> =>
      (await runBesideIssuer(["test", "read", "/store"], tokenWith({ iss }))).stderr;
    expect(await says("https://x.example/$(id);'a'")).toContain(
      String.raw`add --issuer 'https://x.example/$(id);'\''a'\'''`,
    );
    expect(await says("--help")).not.toContain("add");
    const hostile = await says("https://x.example/\u001b[2J");
    expect(hostile).not.toContain("\u001b");
    expect(hostile).not.toContain("add");
    expect(await says(7)).not.toContain("add");
  });

  it("needs a server's name, which the token proposes, too (C5)", async () => {
    const says = async (changes: object): Promise<string> =>
      (await runBesideIssuer(["test", "read", "/store", "--issuer", ISSUER], tokenWith({ ...changes }))).stderr;
    expect(await says({})).toMatch(/--audience is missing: .* add --audience https:\/\/data\.example\.org\n/);
    expect(await says({ aud: undefined })).toMatch(/--no-audience takes it\n/);
  });

  it("speaks of flags where the library speaks of options", async () => {
    const says = async (...argv: readonly string[]): Promise<string> =>
      (await runBesideIssuer(["test", "read", "/store", ...argv], tokenWith())).stderr;
    const audience = ["--audience", "https://data.example.org", "--no-key-cache"];
    expect(await says("--issuer", "http://x.example", ...audience)).toMatch(
      /--issuer: expected https; --allow-insecure-issuer/,
    );
    expect(await says(...TRUST, "--profile", "wlgc")).toMatch(/--profile: .*wlcg/);
    expect(await says(...TRUST, "--algorithm", "HS256")).toMatch(/--algorithm: /);
    expect(await says(...TRUST, "--clock-tolerance", "1d")).toMatch(/--clock-tolerance: /);
    expect(await says(...TRUST, "--clock-tolerance", "soon")).toMatch(/Expected seconds, or a number with a unit/);
    expect(await says("--issuer", ISSUER, "--audience", "ANY", "--no-key-cache")).toMatch(/--audience: 'ANY'/);
  });

  it("asks nobody who is not trusted, nor for a token that is none (I1)", async () => {
    const network = issuerNetwork();
    await runBesideIssuer(["explain", "read", "/s", ...TRUST], "half.of", { fetch: network.fetch });
    await runBesideIssuer(["explain", "read", "/s", ...TRUST], tokenWith({ iss: "https://other.example" }), network);
    expect(network.requests).toEqual([]);
  });

  it("says what is wrong in JSON too, in one document", async () => {
    const { json, stderr, code } = await runCli(["explain", "read", "/store", "--json"], {
      env: { BEARER_TOKEN: "x" },
    });
    expect(json).toEqual({ error: expect.stringMatching(/^--issuer is missing/) });
    expect(stderr).toMatch(/^scitokens: --issuer is missing/);
    expect(code).toBe(2);
  });
});

describe("commands that it proposes", () => {
  it.each([
    ["--allow-insecure-issuer", []],
    ["--ca-file", [certificate]],
  ])("carry the %s of this run", async (flag, value) => {
    const flags = [flag, ...value].join(" ");
    const run = (token: string, trust: readonly string[] = TRUST) =>
      runBesideIssuer(["explain", "read", "/store", ...trust, flag, ...value, "--jwks", jwks, "--json"], token);
    const commands = async (token: string): Promise<readonly string[]> => {
      const { next } = (await run(token)).json as { readonly next: readonly { readonly command?: string }[] };
      return next.flatMap(({ command }) => (command === undefined ? [] : [command]));
    };
    const proposed = [
      ...(await commands(tokenWith({ exp: NOW - 5 }))),
      ...(await commands(tokenWith({ aud: "https://other.example" }))),
      ...(await commands(tokenWith({ scope: "read:/other" }))),
      ...(await commands(tokenWith({ iss: "https://other.example" }))),
      ...(await commands(tokenWith({ nbf: NOW + 3600 }))),
    ];
    expect(proposed.map((command) => command.split(" ").slice(0, 2).join(" "))).toEqual([
      "scitokens get",
      "scitokens get",
      "scitokens get",
      "scitokens get",
      "scitokens doctor",
    ]);
    expect(proposed.filter((command) => !command.endsWith(` ${flags}`))).toEqual([]);
  });
});

describe("a right that is none", () => {
  it.each([
    ["READ", "read"],
    ["Storage.Read", "storage.read"],
    ["raed", "read"],
    ["storage.raed", "storage.read"],
    ["wirte", "write"],
    ["Frames.Read", "frames.read"],
    ["daq.read", "DAQ.Read"],
  ])("%s: %s was meant", async (asked, meant) => {
    const token = tokenWith({ scope: "read:/store frames.read:/store DAQ.Read:/store" });
    const { code, stdout } = await runBesideIssuer(["explain", asked, "/store/a", ...TRUST], token);
    expect(words(stdout)).toContain(
      `"${asked}" is no right that is known; names of rights are compared letter by letter`,
    );
    expect(stdout).toContain(`Did you mean "${meant}"?`);
    expect(code).toBe(1);
  });

  it.each(["stage", "queue", "gwdatafind.read", "frames.read"])("%s is taken as it is", async (asked) => {
    const { stdout } = await runBesideIssuer(
      ["explain", asked, "/x", ...TRUST],
      tokenWith({ scope: "frames.read:/store" }),
    );
    expect(stdout).not.toContain("Did you mean");
  });
});

describe("slips with paths", () => {
  it.each([
    [["read", file], `PATH is missing: read PATH ${file}`],
    [["read", tokenWith()], "PATH is missing: read PATH [token]…"],
  ])("a token where the path should be: %#", async (asked, says) => {
    for (const command of ["explain", "test"]) {
      const { code, stdout, stderr } = await runCli([command, ...asked, ...TRUST], {
        env: { BEARER_TOKEN: tokenWith() },
      });
      expect(stderr).toContain(`scitokens: ${says};`);
      expect([stdout, code]).toEqual(["", 2]);
    }
  });

  it.each([
    ["davs://data.example.org/store/a", "/store/a"],
    ["https://data.example.org:8443/store/a?b=c", "/store/a"],
    ["root://data.example.org//store/a", "/store/a"],
    ["davs://data.example.org", "/"],
  ])("%s is told from its path", async (asked, path) => {
    const { code, stdout } = await runBesideIssuer(["explain", "read", asked, ...TRUST], tokenWith());
    expect(words(stdout)).toContain(
      `This is a URL. Give the path alone, as the server has it below its root: "${path}".`,
    );
    expect(code).toBe(2);
  });

  it("a path that cannot be judged is trouble, and no verdict", async () => {
    const { code, stdout } = await runBesideIssuer(["test", "read", "/store/../x", ...TRUST], tokenWith());
    expect(stdout).toMatch(/^not decided: path: /);
    expect(code).toBe(2);
  });
});

describe("text that an editor has encoded", () => {
  it.each([
    ["a byte order mark", Buffer.from(`\uFEFF${tokenWith()}`), /A byte order mark \(BOM\)/],
    ["UTF-16, little end first", Buffer.from(`\uFEFF${tokenWith()}`, "utf16le"), /UTF-16, two bytes for each letter/],
    ["UTF-16, big end first", Buffer.from(`\uFEFF${tokenWith()}`, "utf16le").swap16(), /UTF-16/],
    ["UTF-16 without a mark", Buffer.from(tokenWith(), "utf16le"), /UTF-16/],
  ])("is told: %s", async (_, bytes, says) => {
    const argv = ["explain", "read", "/store", ...TRUST, "--token-file", "-"];
    const { code, stdout } = await runBesideIssuer(argv, "", { stdin: Readable.from([bytes]) });
    expect(words(stdout)).toMatch(says);
    expect(code).toBe(1);
  });
});

it.each([["verify"], ["acls"], ["explain", "read", "/store"], ["test", "read", "/store"]])(
  "is quiet after Ctrl-C: %s",
  async (...argv) => {
    const ending = new AbortController();
    const fetch = async (_: unknown, init?: RequestInit): Promise<never> => {
      setImmediate(() => ending.abort(new Error("ended by SIGINT")));
      init?.signal?.throwIfAborted();
      return new Promise((_resolve, reject) =>
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error)),
      );
    };
    const world = { fetch, signal: ending.signal };
    const { code, stdout, stderr } = await runBesideIssuer([...argv, ...TRUST], tokenWith(), world);
    expect([code, stdout, stderr]).toEqual([130, "", ""]);
  },
);
