// What the operator hears of a decision. Rule H6; C4 for the clock.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, expect, it } from "vitest";
import { EVENT_CHANNEL } from "@scitokens/core";
import type { RefusedEvent, SciTokenEvent } from "@scitokens/core";
import { authorizeRequest, createProtection, scope } from "@scitokens/core/http";
import type { ProtectOptions } from "@scitokens/core/http";
import { settled } from "../support/scripted-issuer.js";
import { signToken, testKey } from "../support/sign.js";

const NOW = 1_790_000_000;
const ISSUER = "https://issuer.example.org";
const AUDIENCE = "https://data.example.org";
const key = testKey("ES256", "key-1");
const stranger = testKey("ES256", "key-1");

const claims = (more: object = {}): object => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: "alice",
  jti: "id-7",
  ver: "scitoken:2.0",
  scope: "read:/data queue",
  iat: NOW,
  nbf: NOW,
  exp: NOW + 60,
  ...more,
});

async function decide(raw: string | undefined, more: Partial<ProtectOptions> = {}, requestId?: string) {
  const events: SciTokenEvent[] = [];
  const options = {
    issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
    audience: AUDIENCE,
    clock: () => NOW,
    onEvent: (event: SciTokenEvent) => events.push(event),
    ...more,
  } as ProtectOptions;
  const authorization = raw === undefined ? [] : [`Bearer ${raw}`];
  const facts = {
    method: "GET",
    target: "/data/x",
    authorization,
    request: undefined,
    ...(requestId && { requestId }),
  };
  return { decision: await authorizeRequest(facts, createProtection(options)), events };
}

const refused = (events: readonly SciTokenEvent[]): RefusedEvent | undefined =>
  events.find((event): event is RefusedEvent => event.type === "refused");

describe("the event of a refusal (H6)", () => {
  it("carries code, reason, token, required and held capabilities, with the request's id (H6)", async () => {
    const { decision, events } = await decide(signToken(key, claims()), { scope: "write:/data" }, "request-9");
    expect(events).toEqual([
      {
        type: "refused",
        enforced: true,
        requestId: "request-9",
        request: { method: "GET", path: "/data/x" },
        code: "insufficient_scope",
        reason: "capability",
        message: "no scope of the token covers what is required",
        hint: undefined,
        token: { verified: true, issuer: ISSUER, subject: "alice", id: "id-7", keyId: "key-1" },
        required: "write:/data",
        held: ["read:/data", "queue"],
      },
    ]);
    expect(decision).toMatchObject({ allowed: false, refusal: { problem: { requestId: "request-9" } } });
  });

  it("has the same id as the body when the server gave none (H6)", async () => {
    const { decision, events } = await decide("abc");
    const { requestId } = refused(events) ?? {};
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(decision).toMatchObject({ refusal: { problem: { requestId } } });
  });

  it.each([
    ["no token", undefined, "missing_token", undefined],
    ["a malformed one", "abc", "malformed", false],
    ["an untrusted issuer", signToken(key, claims({ iss: "https://evil.example" })), "untrusted_issuer", false],
    ["a forged one", signToken(stranger, claims()), "signature", false],
    ["an expired one", signToken(key, claims({ exp: NOW })), "expired", true],
    ["another audience", signToken(key, claims({ aud: "x" })), "audience", true],
  ])("says of %s which check failed, and whether its text can be believed (H6)", async (_, raw, reason, verified) => {
    const { events } = await decide(raw, { scope: "read:/data" });
    expect(refused(events)?.reason).toBe(reason);
    expect(refused(events)?.token?.verified).toBe(verified);
  });

  it("bounds and cleans what an unverified token says (H6, I1)", async () => {
    const raw = signToken(stranger, claims({ sub: "a\r\n\u001b[31m\u202e", iss: `https://${"x".repeat(5000)}` }));
    const { events } = await decide(raw);
    const { token } = refused(events) ?? {};
    expect(token?.subject).toBe("a\\u000d\\u000a\\u001b[31m\\u202e");
    expect(token?.issuer?.length).toBeLessThan(300);
  });

  it("hints at profiles: ['oauth'] for a plain OAuth token that SciTokens 1.0 refuses (P1)", async () => {
    const raw = signToken(key, claims({ ver: undefined, azp: "client", realm_access: {} }));
    const { events } = await decide(raw);
    expect(refused(events)).toMatchObject({
      reason: "unknown_claim",
      hint: expect.stringContaining("profiles: ['oauth']"),
    });
    expect((await decide(raw, { profiles: ["oauth"] })).decision.allowed).toBe(true);
  });

  it("names the scope that a request's own rule required (H6)", async () => {
    const { events } = await decide(signToken(key, claims()), { scope: () => scope`read:/frames/${"a b"}` });
    expect(refused(events)?.required).toBe("read:/frames/a%20b");
  });
});

it("hears of what was let through as well (H6)", async () => {
  const { events } = await decide(signToken(key, claims()), { scope: "read:/data/x" });
  expect(events).toMatchObject([
    { type: "allowed", required: "read:/data/x", token: { subject: "alice", verified: true } },
  ]);
});

it("publishes every event on the diagnostics channel (H6)", async () => {
  const heard: unknown[] = [];
  const listener = (message: unknown): void => void heard.push(message);
  subscribe(EVENT_CHANNEL, listener);
  try {
    const { events } = await decide("abc", { onEvent: undefined } as Partial<ProtectOptions>);
    expect(events).toEqual([]);
    expect(heard).toMatchObject([{ type: "refused", reason: "malformed" }]);
  } finally {
    unsubscribe(EVENT_CHANNEL, listener);
  }
});

it("does not let a listener's error change a decision (H6)", async () => {
  const onEvent = (): never => {
    throw new Error("the log is full");
  };
  expect((await decide(signToken(key, claims()), { onEvent })).decision.allowed).toBe(true);
  expect((await decide("abc", { onEvent })).decision.allowed).toBe(false);
});

it("does not let a listener's rejection end the process (H6)", async () => {
  const rejected: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejected.push(reason);
  process.on("unhandledRejection", onRejection);
  try {
    await decide("abc", { onEvent: () => Promise.reject(new Error("the log is full")) as unknown as void });
    await settled();
    expect(rejected).toEqual([]);
  } finally {
    process.off("unhandledRejection", onRejection);
  }
});

it("says whose a long token is, when the enforcer takes long ones (H6)", async () => {
  const raw = signToken(key, claims({ exp: NOW, note: "x".repeat(20_000) }));
  const { events } = await decide(raw, { maxTokenBytes: 100_000 });
  expect(refused(events)?.token).toMatchObject({ verified: true, subject: "alice" });
});

it("bounds and cleans the scopes a token holds (H6)", async () => {
  const { events } = await decide(signToken(key, claims({ scope: `queue:\u202e${"y".repeat(4000)}` })), {
    scope: "read:/data",
  });
  expect(refused(events)?.held?.[0]).toMatch(/^queue:\\u202ey{249}…$/);
});

it("reads the clock once for a decision (C4)", async () => {
  let reads = 0;
  const clock = (): number => {
    reads++;
    return NOW;
  };
  await decide(signToken(key, claims()), { clock, scope: ["read:/data/x", "queue"] });
  expect(reads).toBe(1);
});
