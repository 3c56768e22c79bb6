// Events as lines of a log: pino and console fit; each type has its level and its sentence; nothing of a token. Rule H6.
import { Writable } from "node:stream";
import { inspect } from "node:util";
import { logEvents } from "@scitokens/core";
import type { Enforcer, Logger, LogLevel, SciTokenEvent } from "@scitokens/core";
import { authorizeRequest, createProtection } from "@scitokens/core/http";
import { pino } from "pino";
import { describe, expect, it, vi } from "vitest";
import { issuerForEachTest } from "../support/issuer-for-each-test.js";
import { goodToken, ISSUER } from "../support/scripted-issuer.js";
import { signToken, testKey } from "../support/sign.js";
import { typeErrorOf, wrong } from "../support/wrong.js";

type Line = readonly [LogLevel, Record<string, unknown>, string];

function recorder(): { readonly lines: Line[]; readonly logger: Logger } {
  const lines: Line[] = [];
  const at = (level: LogLevel) => (fields: object, message: string) =>
    void lines.push([level, fields as Record<string, unknown>, message]);
  return { lines, logger: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") } };
}

const token = { verified: true, issuer: ISSUER, subject: "alice" } as const;

const request = { method: "GET", path: "/data/x" } as const;
const grantedBy = { scopes: ["read:/data"] } as const;
const refused = {
  type: "refused",
  requestId: "r",
  request,
  code: "invalid_token",
  reason: "audience",
  message: "aud: the token is for another server",
  hint: "this server answers to https://x",
  token,
  required: undefined,
  held: undefined,
} as const;

const SENTENCES: readonly (readonly [SciTokenEvent, LogLevel, string])[] = [
  [
    { type: "allowed", requestId: undefined, request, token, required: "read:/data", grantedBy },
    "debug",
    "allowed: read:/data",
  ],
  [
    { type: "allowed", requestId: "r", request, token, required: undefined, grantedBy: { scopes: [] } },
    "debug",
    "allowed: any good token",
  ],
  [
    { ...refused, enforced: true },
    "info",
    "refused: aud: the token is for another server (this server answers to https://x)",
  ],
  [
    { ...refused, enforced: false },
    "info",
    "would be refused: aud: the token is for another server (this server answers to https://x)",
  ],
  [
    { type: "report_only", issuers: [ISSUER] },
    "warn",
    `routes for tokens of ${ISSUER} ONLY REPORT what they would refuse, and protect nothing`,
  ],
  [
    { type: "claim_owed", issuer: ISSUER, claims: ["sub", "jti"] },
    "info",
    `a token of ${ISSUER} lacks sub, jti, which its issuer owes`,
  ],
  [{ type: "keys_fetched", issuer: ISSUER, keys: 1, removed: [] }, "info", `fetched 1 key of ${ISSUER}`],
  [
    { type: "keys_fetched", issuer: ISSUER, keys: 2, removed: ["a", "b"] },
    "info",
    `fetched 2 keys of ${ISSUER}; gone are a, b`,
  ],
  [
    { type: "keys_recalled", issuer: ISSUER, keys: 2, removed: [], fetchedAt: 1 },
    "info",
    `took 2 keys of ${ISSUER} from outside the process`,
  ],
  [
    { type: "keys_failed", issuer: ISSUER, message: "ECONNREFUSED", retryAfter: 1.2 },
    "warn",
    `cannot fetch the keys of ${ISSUER}, trying again in 2 s: ECONNREFUSED`,
  ],
  [
    { type: "key_store_failed", issuer: ISSUER, fault: "writing", message: "EROFS" },
    "warn",
    `cannot store the keys of ${ISSUER}, going on without: EROFS`,
  ],
  [
    { type: "private_key_published", issuer: ISSUER, keyIds: ["k"] },
    "error",
    `${ISSUER} publishes PRIVATE keys, whoever reads them can sign tokens: k`,
  ],
];

describe("logEvents()", () => {
  it.each(SENTENCES)("makes of %j a line of level %s: %s (H6)", (event, level, sentence) => {
    const { lines, logger } = recorder();
    logEvents(logger)(event);
    const { type, ...rest } = event;
    const fields = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    expect(lines).toEqual([[level, { event: type, ...fields }, sentence]]);
    expect(Object.values(lines[0]?.[1] ?? {})).not.toContain(undefined);
  });

  it("takes other levels, and false for none (H6)", () => {
    const { lines, logger } = recorder();
    const log = logEvents(logger, { levels: { keys_fetched: "warn", keys_failed: false } });
    for (const [event] of SENTENCES.slice(6, 10)) log(event);
    expect(lines.map(([level, { event }]) => [level, event])).toEqual([
      ["warn", "keys_fetched"],
      ["warn", "keys_fetched"],
      ["info", "keys_recalled"],
    ]);
  });

  it.each([
    [undefined, undefined, "logger: expected a function 'debug'"],
    [{ debug() {}, info() {}, warn() {} }, undefined, "logger: expected a function 'error'"],
    [console, { level: "info" }, "logEvents: unknown option 'level'; did you mean 'levels'?"],
    [console, { levels: { refusd: "info" } }, "logEvents: levels: unknown option 'refusd'; did you mean 'refused'?"],
    [console, { levels: { refused: "loud" } }, "logEvents: levels.refused: expected debug, info, warn, error or false"],
    [console, { levels: { refused: true } }, "logEvents: levels.refused: expected debug, info, warn, error or false"],
  ])("of %s and %j is a TypeError (H6)", (logger, options, message) => {
    expect(typeErrorOf(() => logEvents(wrong(logger), options as never))).toBe(message);
  });

  it("fits pino (H6)", () => {
    const lines: string[] = [];
    const stream = new Writable({
      write: (chunk: Buffer, _, done) => {
        lines.push(chunk.toString());
        done();
      },
    });
    const log = logEvents(pino({ level: "debug" }, stream));
    for (const [event] of SENTENCES) log(event);
    const written = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(written.map(({ msg }) => msg)).toEqual(SENTENCES.map(([, , sentence]) => sentence));
    expect(written.map(({ event }) => event)).toEqual(SENTENCES.map(([{ type }]) => type));
    expect(written[2]).toMatchObject({ level: 30, reason: "audience", token: { subject: "alice" } });
  });

  it("fits console (H6)", () => {
    const said = vi.spyOn(console, "warn").mockImplementation(() => {});
    logEvents(console)({ type: "keys_failed", issuer: ISSUER, message: "%s %j", retryAfter: 1 });
    expect(said).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ event: "keys_failed" }),
      expect.stringMatching(/^cannot fetch/),
    );
    said.mockRestore();
  });
});

describe("no line", () => {
  const key = testKey("ES256", "k1");
  const { clock, enforcerOf } = issuerForEachTest(key);

  it("holds anything of a token but what it calls itself, fit for print (H6)", async () => {
    const { lines, logger } = recorder();
    const enforcer: Enforcer = enforcerOf({ onEvent: logEvents(logger) });
    const protection = createProtection({ enforcer, scope: "read:/data" });
    const raws = [
      goodToken(key, clock.now),
      goodToken(key, clock.now, { scope: "read:/other", secret: "CANARY" }),
      goodToken(key, clock.now, { aud: "https://CANARY.example.org" }),
      goodToken(testKey("ES256", "k1"), clock.now, { sub: `\u001b[31m${"x".repeat(5000)}` }),
      goodToken(key, 0, { exp: 1 }),
      signToken(key, "no json"),
      "CANARY.CANARY.CANARY",
    ];
    for (const raw of raws) {
      const facts = { method: "GET", target: "/data", authorization: [`Bearer ${raw}`] };
      await authorizeRequest(wrong(facts), protection);
    }
    expect(lines.length).toBeGreaterThanOrEqual(raws.length);
    const all = inspect(lines, { depth: 10 }) + JSON.stringify(lines);
    expect(all).not.toContain("\u001b");
    expect(all).not.toContain("CANARY");
    for (const raw of raws) for (const part of raw.split(".")) if (part.length > 8) expect(all).not.toContain(part);
  });
});
