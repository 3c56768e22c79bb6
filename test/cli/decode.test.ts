// scitokens decode: what a token says, with nothing verified, and with no way for it to say more than that.
import { describe, expect, it } from "vitest";
import { tokenWith } from "./issuer-world.js";
import { NOW, runCli } from "./run-cli.js";
import type { Result, World } from "./run-cli.js";

const decode = (token: string, argv: readonly string[] = [], world: World = {}): Promise<Result> =>
  runCli(["decode", ...argv], { env: { BEARER_TOKEN: token }, ...world });

describe("scitokens decode", () => {
  it("shows header, claims and the time left, and warns that nothing is verified", async () => {
    const { code, stdout, stderr } = await decode(tokenWith({ aud: ["a", "b"] }));
    expect(stdout).toBe(
      [
        "Header (token from BEARER_TOKEN)",
        '  alg  "ES256"',
        '  kid  "key-2026"',
        '  typ  "JWT"',
        "",
        "Claims",
        '  iss    "https://issuer.example.org"',
        '  sub    "alice"',
        '  aud    ["a","b"]',
        '  ver    "scitoken:2.0"',
        '  scope  "read:/store"',
        "  iat    1789999940",
        "  nbf    1789999940",
        "  exp    1790000600",
        "",
        "Time left  10 min",
        "",
      ].join("\n"),
    );
    expect([code, stderr]).toEqual([0, "warning: nothing of this token has been verified\n"]);
  });

  it("shows dates on demand, in the local time zone and from now", async () => {
    for (const flag of ["-H", "--dates"]) {
      const { stdout } = await decode(tokenWith(), [flag]);
      expect(stdout).toContain("exp    1790000600  (2026-09-21T14:23:20+00:00, in 10 min)\n");
      expect(stdout).toContain("iat    1789999940  (2026-09-21T14:12:20+00:00, 1 min ago)\n");
    }
  });

  it.each([
    [{ exp: NOW }, "none: expired 0 s ago"],
    [{ exp: NOW - 90_000 }, "none: expired 1 d 1 h ago"],
    [{ exp: NOW + 59.9 }, "59 s"],
    [{ exp: undefined }, "unknown: the token has no exp"],
    [{ exp: "tomorrow" }, "unknown: the token has no exp"],
  ])("says how long it still lives: %j", async (claims, left) => {
    expect((await decode(tokenWith(claims))).stdout).toContain(`Time left  ${left}\n`);
  });

  it("shows times that no calendar has, as numbers", async () => {
    const { code, stdout } = await decode(tokenWith({ exp: 1e300, iat: -5, nbf: 1.5 }), ["-H"]);
    expect(code).toBe(0);
    expect(stdout).toContain("1e+300  (1e+300 s since 1970, in ");
  });

  it("prints JSON on demand: one document", async () => {
    const { json } = await decode(tokenWith(), ["--json"]);
    expect(json).toMatchObject({
      verified: false,
      source: "BEARER_TOKEN",
      timeLeft: 600,
      header: { alg: "ES256", kid: "key-2026" },
      claims: { sub: "alice", exp: NOW + 600 },
    });
  });

  it.each([
    ["7f3kq9s0c2b1aa4e8d", /no JWT\. It may be an opaque token/],
    ["eyJhbGciOiJkaXIifQ.a.b.c.d", /encrypted \(five parts, a JWE\)/],
    ["eyJhbGciOiJFUzI1NiJ9", /end of the token is missing/],
    ["GciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9abc.sig", /beginning of the token is missing/],
    ["x".repeat(16_385), /longer than 16384 bytes/],
    [`${tokenWith()}==`, /padded once more/],
    [`${tokenWith().slice(0, 60)}\n${tokenWith().slice(60)}`, /white space inside/],
    [`Authorization: Bearer ${tokenWith()}`, /a whole header line/],
    [tokenWith().replace(".", ".!"), /characters are missing or were changed/],
    ["-----BEGIN PRIVATE KEY-----\nxyz\n-----END PRIVATE KEY-----", /a key, not a token/],
    ['{"kty":"EC","d":"x"}', /a key, not a token/],
    ['{"error":"invalid_grant"}', /JSON, and has no access_token/],
  ])("says what it cannot read, and that is a refusal: %#", async (text, says) => {
    const { code, stdout, stderr } = await decode(text);
    expect(stderr).toMatch(says);
    expect([code, stdout]).toEqual([1, ""]);
  });
});

describe("claims that would rather be something else", () => {
  const hostile = {
    sub: "\u001b[2J\u001b[1;1Hgood\r\n  admin  true\u009b31m\u202etxt.exe\u2028\u{e0041}\ud800",
    'x\n  iss    "https://trusted.example"': "\u0007",
  };

  it("move no cursor and begin no line", async () => {
    for (const flags of [[], ["-H"], ["--json"]]) {
      const { stdout } = await decode(tokenWith(hostile), flags);
      expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(stdout.split("\n").filter((line) => /^ *(admin|iss    "https:\/\/trusted)/.test(line))).toEqual([]);
    }
  });

  it("are what they were, in JSON", async () => {
    const { json } = await decode(tokenWith({ ...hostile, sub: hostile.sub.slice(0, -1) }), ["--json"]);
    expect(json).toMatchObject({ claims: { ...hostile, sub: hostile.sub.slice(0, -1) } });
  });
});

describe("colour", () => {
  const cases: readonly (readonly [World, boolean])[] = [
    [{ isTTY: true }, true],
    [{ isTTY: false }, false],
    [{ isTTY: true, env: { NO_COLOR: "1" } }, false],
    [{ isTTY: true, env: { TERM: "dumb" } }, false],
  ];

  it.each(cases)("is for terminals: %j", async ({ env, ...world }, coloured) => {
    const { stdout, stderr } = await runCli(["decode"], { ...world, env: { BEARER_TOKEN: tokenWith(), ...env } });
    expect(stdout.includes("\u001b[")).toBe(coloured);
    expect(stderr.includes("\u001b[")).toBe(coloured);
  });
});
