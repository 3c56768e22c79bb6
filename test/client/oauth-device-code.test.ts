// A person confirms elsewhere, once. RFC 8628. Time is vitest's: nothing here waits.
import { deviceCode } from "@scitokens/client";
import type { DeviceCodeOptions, DevicePrompt, TokenRequest } from "@scitokens/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { typeErrorOf, wrong } from "../support/wrong.js";
import { CLIENT, device, failureOf, ISSUER, METADATA, NOW, refusal, standIn, token } from "./oauth-stand-in.js";
import type { Answer, StandIn } from "./oauth-stand-in.js";

const OIDC = "/vo1/.well-known/openid-configuration";
const pending = refusal("authorization_pending");
const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

interface Made {
  readonly issuer: StandIn;
  readonly prompts: readonly DevicePrompt[];
  readonly source: ReturnType<typeof deviceCode>;
}

function made(answers: readonly Answer[], options: Partial<DeviceCodeOptions> = {}, metadata: object = {}): Made {
  const issuer = standIn(answers, { [OIDC]: [200, { ...METADATA, ...metadata }] });
  const prompts: DevicePrompt[] = [];
  const onPrompt = (prompt: DevicePrompt): void => void prompts.push(prompt);
  return { issuer, prompts, source: deviceCode({ ...CLIENT, fetch: issuer.fetch, onPrompt, ...options }) };
}

/** The seconds after which each question was asked. */
async function timesOf(run: Promise<unknown>, issuer: StandIn, seconds: number): Promise<readonly number[]> {
  run.catch(() => {});
  const times: number[] = [];
  let seen = 0;
  for (let second = 0; second <= seconds; second++) {
    await vi.advanceTimersByTimeAsync(second === 0 ? 0 : 1000);
    const polls = issuer.asked.filter(({ form }) => form.get("grant_type") === DEVICE).length;
    if (polls > seen) times.push(second);
    seen = polls;
  }
  return times;
}

describe("deviceCode", () => {
  it("shows where to confirm, and asks until that is done", async () => {
    const { issuer, prompts, source } = made([
      device({ verification_uri_complete: `${ISSUER}/confirm?code=ABCD-EFGH` }),
      pending,
      token(),
    ]);
    const given = source.token({ scope: "read:/a", audience: "https://data.test" });
    expect(await timesOf(given, issuer, 12)).toEqual([5, 10]);
    expect(await given).toMatchObject({ source: `device code at ${ISSUER}`, expiresAt: NOW + 600 });
    expect(prompts).toEqual([
      {
        verificationUri: `${ISSUER}/confirm`,
        verificationUriComplete: `${ISSUER}/confirm?code=ABCD-EFGH`,
        userCode: "ABCD-EFGH",
        expiresIn: 300,
      },
    ]);
    expect(issuer.asked[0]?.path).toBe("/vo1/device");
    expect(issuer.asked[0]?.form.get("scope")).toBe("read:/a");
    expect(issuer.asked[0]?.form.get("audience")).toBe("https://data.test");
    expect(issuer.asked[1]?.form.get("device_code")).toBe("the-device-code-0123");
  });

  it.each([
    ["every 5 s where the issuer names no interval", [device({ interval: undefined }), pending], 16, [5, 10, 15]],
    [
      "5 s slower after each slow_down",
      [device(), refusal("slow_down"), refusal("slow_down"), pending],
      46,
      [5, 15, 30, 45],
    ],
    [
      "slower while the issuer cannot be reached",
      [device(), new TypeError("fetch failed"), [503, {}], pending],
      56,
      [5, 15, 35, 55],
    ],
    ["not at once for an interval that no timer can wait", [device({ interval: 1e12 }), pending], 30, []],
  ] as readonly (readonly [string, readonly Answer[], number, readonly number[]])[])(
    "asks %s",
    async (_, answers, seconds, times) => {
      const { issuer, source } = made(answers);
      expect(await timesOf(source.token(), issuer, seconds)).toEqual(times);
    },
  );

  it.each([
    ["the person says no", [device(), refusal("access_denied")], "refused", "access_denied"],
    ["the code has expired", [device(), refusal("expired_token")], "interaction_needed", "expired_token"],
    [
      "nobody answers in time",
      [device({ expires_in: 12 }), pending],
      "interaction_needed",
      "nobody confirmed within 12 s",
    ],
    ["the client may not", [refusal("unauthorized_client")], "refused", "unauthorized_client"],
    ["the page is no web address", [device({ verification_uri: "javascript:alert(1)" })], "refused", "no web address"],
  ] as readonly (readonly [string, readonly Answer[], string, string])[])(
    "ends when %s",
    async (_, answers, code, words) => {
      const { issuer, source } = made(answers);
      const run = failureOf(source.token());
      await timesOf(run, issuer, 20);
      expect(await run).toMatchObject({ code, message: expect.stringContaining(words) });
    },
  );

  it("asks once a second at most, whatever interval the issuer names", async () => {
    const { issuer, source } = made([device({ interval: 0.001 }), pending]);
    expect(await timesOf(source.token(), issuer, 3)).toEqual([1, 2, 3]);
    expect(issuer.asked).toHaveLength(4);
  });

  it("ends at once when its caller goes, and asks no more", async () => {
    const { issuer, source } = made([device(), pending]);
    const leaving = new AbortController();
    const run = source.token({ signal: leaving.signal });
    await timesOf(run, issuer, 7);
    leaving.abort(new Error("Ctrl-C"));
    await expect(run).rejects.toThrow("Ctrl-C");
    expect(vi.getTimerCount()).toBe(0); // nothing keeps the process
    const before = issuer.asked.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(issuer.asked).toHaveLength(before);
  });

  it("goes on for the others when one caller goes, and asks the person once for all", async () => {
    const { issuer, prompts, source } = made([device(), pending, token()]);
    const leaving = new AbortController();
    const [one, other] = [source.token({ signal: leaving.signal }), source.token()];
    await timesOf(one, issuer, 6);
    leaving.abort(new Error("Ctrl-C"));
    await vi.advanceTimersByTimeAsync(5000);
    expect((await other).value).toBe("the-access-token-0123");
    expect(prompts).toHaveLength(1);
  });

  it("has no device endpoint to ask where the metadata have none", async () => {
    const { source } = made([], {}, { device_authorization_endpoint: undefined });
    expect(await failureOf(source.token())).toMatchObject({
      code: "refused",
      message: expect.stringContaining("has no endpoint for this"),
    });
  });
});

describe("a person is asked once", () => {
  const login: readonly Answer[] = [device(), token({ refresh_token: "the-refresh-token-1" })];

  it("later tokens come by the refresh token, narrowed by their request", async () => {
    const handed: string[] = [];
    const { issuer, prompts, source } = made([...login, token({ access_token: "narrower" })], {
      scope: "read:/ write:/",
      onRefreshToken: (next) => void handed.push(next),
    });
    const first = source.token();
    await vi.advanceTimersByTimeAsync(5000);
    await first;
    expect((await source.token({ scope: "read:/a" })).value).toBe("narrower");
    expect(Object.fromEntries(issuer.asked[2]?.form ?? [])).toMatchObject({
      grant_type: "refresh_token",
      refresh_token: "the-refresh-token-1",
      scope: "read:/a",
    });
    expect(prompts).toHaveLength(1);
    expect(handed).toEqual(["the-refresh-token-1"]);
  });

  it("the person confirms what the options say, and the first request gets no more than it asked for", async () => {
    const { issuer, source } = made([...login, token({ access_token: "narrower" })], { scope: "read:/ write:/" });
    const first = source.token({ scope: "read:/a" });
    await vi.advanceTimersByTimeAsync(5000);
    expect((await first).value).toBe("narrower");
    expect(issuer.asked.map(({ form }) => form.get("scope"))).toEqual(["read:/ write:/", null, "read:/a"]);
  });

  it.each([
    [
      "added where the issuer offers it",
      {},
      { scopes_supported: ["openid", "offline_access"] },
      "read:/ offline_access",
    ],
    ["not added where it does not", {}, {}, "read:/"],
    ["not added where the options say so", { offline: false }, { scopes_supported: ["offline_access"] }, "read:/"],
    [
      "not added twice",
      { scope: "offline_access read:/" },
      { scopes_supported: ["offline_access"] },
      "offline_access read:/",
    ],
  ])("offline_access is %s", async (_, options, metadata, scope) => {
    const { issuer, source } = made([device(), token()], { scope: "read:/", ...options }, metadata);
    const run = source.token();
    await vi.advanceTimersByTimeAsync(5000);
    await run;
    expect(issuer.asked[0]?.form.get("scope")).toBe(scope);
  });

  it("is not asked at all with a refresh token of an earlier login", async () => {
    const { issuer, prompts, source } = made([token()], { refreshToken: "the-refresh-token-0" });
    await source.token();
    expect(prompts).toEqual([]);
    expect(issuer.asked[0]?.form.get("refresh_token")).toBe("the-refresh-token-0");
  });

  it("is asked again when the refresh token is no longer good, not when the issuer is down", async () => {
    const { issuer, prompts, source } = made([[503, {}], refusal("invalid_grant"), ...login], {
      refreshToken: "the-refresh-token-0",
    });
    expect((await failureOf(source.token())).code).toBe("unreachable");
    expect(prompts).toHaveLength(0);
    const again = source.token();
    await timesOf(again, issuer, 5);
    expect((await again).value).toBe("the-access-token-0123");
    expect(prompts).toHaveLength(1);
  });

  it("a dead refresh token is not tried again", async () => {
    const { issuer, source } = made([refusal("invalid_grant"), device(), token()], {
      refreshToken: "the-refresh-token-0",
    });
    const first = source.token();
    await timesOf(first, issuer, 5);
    await first;
    await source.token();
    expect(issuer.asked.filter(({ form }) => form.has("refresh_token"))).toHaveLength(1);
  });

  it("without a refresh token the one token serves as long as it lives, unless a fresh one is wanted", async () => {
    let now = NOW;
    const { issuer, prompts, source } = made([device(), token(), device(), token(), device(), token()], {
      clock: () => now,
      scope: "read:/",
    });
    const confirmed = async (request: TokenRequest): Promise<number> => {
      const run = source.token(request);
      await timesOf(run, issuer, 5);
      await run;
      return prompts.length;
    };
    expect(await confirmed({})).toBe(1);
    expect(await confirmed({ scope: "read:/" })).toBe(1);
    now += 540;
    expect(await confirmed({})).toBe(1);
    now += 1; // 59 s are left
    expect(await confirmed({})).toBe(2);
    expect(await confirmed({ fresh: true })).toBe(3);
  });

  it("without a refresh token a token is never given for another audience, at the same time neither", async () => {
    const { issuer, prompts, source } = made([
      device(),
      token(),
      device(),
      token({ access_token: "for-b" }),
      device(),
      pending,
    ]);
    const [a, b] = [source.token({ audience: "a" }), source.token({ audience: "b" })];
    await timesOf(Promise.all([a, b]), issuer, 10);
    expect([(await a).value, (await b).value]).toEqual(["the-access-token-0123", "for-b"]);
    expect(issuer.asked.map(({ form }) => form.get("audience"))).toEqual(["a", "a", "b", "b"]);
    const again = source.token({ audience: "a" });
    await timesOf(again, issuer, 0);
    expect(prompts).toHaveLength(3);
  });
});

it.each([
  [{ onPrompt: undefined }, "onPrompt must be a function that shows the code"],
  [{ onPrompt: "x" }, "onPrompt must be a function"],
  [{ offline: "yes" }, "offline must be one of true, false"],
  [{ onRefreshToken: 1 }, "onRefreshToken must be a function"],
  [{ refreshToken: "" }, "refreshToken must be a string, not empty"],
  [{ issuer: undefined, tokenEndpoint: `${ISSUER}/token` }, "issuer must be given"],
])("%j is a TypeError", (changes, sentence) => {
  const error = typeErrorOf(() => deviceCode(wrong({ ...CLIENT, onPrompt: () => {}, ...changes })));
  expect(error).toContain(sentence);
});
