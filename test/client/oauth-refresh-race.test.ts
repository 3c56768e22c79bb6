// A refresh token that died while several waited for it: one login serves them all, and its refresh token is not lost.
import { deviceCode } from "@scitokens/client";
import { expect, it, vi } from "vitest";
import { CLIENT, device, METADATA, respond, token } from "./oauth-stand-in.js";

it("asks a person once for all who waited, and keeps the refresh token that the login brought", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const refreshed: [string, string | null][] = [];
  const stored: string[] = [];
  let prompts = 0;
  const fetching: typeof fetch = async (input, init) => {
    const { pathname } = new URL(String(input instanceof Request ? input.url : input));
    if (init?.method !== "POST") return respond([200, METADATA]);
    if (pathname.endsWith("/device")) {
      prompts += 1;
      return respond(device());
    }
    const form = new URLSearchParams(String(init.body as URLSearchParams));
    const sent = form.get("refresh_token");
    if (sent === null) return respond(token({ refresh_token: "of-the-login" }));
    refreshed.push([sent, form.get("scope")]);
    await new Promise((resolve) => void setTimeout(resolve, 100)); // the others come meanwhile
    if (sent !== "of-the-login") return respond([400, { error: "invalid_grant" }]);
    return respond(token({ access_token: `for-${form.get("scope")}` }));
  };
  const source = deviceCode({
    ...CLIENT,
    fetch: fetching,
    scope: "a b c",
    refreshToken: "revoked",
    onPrompt: () => {},
    onRefreshToken: (next) => void stored.push(next),
  });
  const waiting = Promise.all(["a", "b", "c"].map(async (scope) => (await source.token({ scope })).value));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await waiting).toEqual(["for-a", "for-b", "for-c"]);
  const later = source.token({ scope: "a" });
  await vi.advanceTimersByTimeAsync(1000);
  expect((await later).value).toBe("for-a");
  vi.useRealTimers();
  expect(prompts).toBe(1);
  expect(stored).toEqual(["of-the-login"]);
  expect(refreshed).toEqual([
    ["revoked", "a"],
    ["of-the-login", "a"],
    ["of-the-login", "b"],
    ["of-the-login", "c"],
    ["of-the-login", "a"],
  ]);
});
