// A token that the service did not take: whoever can only give it again says so, and the next source is asked.
import {
  AccessToken,
  authorizedFetch,
  cached,
  environmentTokens,
  findToken,
  firstOf,
  tokenFile,
  tokenFits,
} from "@scitokens/client";
import type { TokenSource } from "@scitokens/client";
import { expect, it } from "vitest";
import { INVALID_TOKEN, serve } from "./http-servers.js";
import { failureOf } from "./oauth-stand-in.js";
import { NOW, world } from "./places.js";

const refused = new AccessToken("stale", { source: "x" });
const good: TokenSource = { token: async () => new AccessToken("good", { source: "agent" }) };
const inEnvironment = environmentTokens({ env: { BEARER_TOKEN: "stale" }, temporaryFolder: "/nonexistent" });

it.each<[string, () => TokenSource]>([
  ["environmentTokens", () => inEnvironment],
  ["tokenFile", () => tokenFile(world().write("t", "stale"))],
])("%s has it and no other: unusable", async (_, source) => {
  expect((await source().token()).value).toBe("stale");
  expect(await failureOf(source().token({ refused, fresh: true }))).toMatchObject({
    code: "unusable",
    message: expect.stringContaining("the service did not take it"),
  });
  expect((await source().token({ refused: new AccessToken("other", { source: "x" }) })).value).toBe("stale");
});

it("findToken looks at the places after it", async () => {
  const here = world({ SCITOKEN: "stale", BEARER_TOKEN: "other" });
  expect((await findToken({ refused }, here.options)).value).toBe("other");
  expect(tokenFits(refused, { refused }, NOW)).toBe("the service did not take it");
});

it.each([
  ["firstOf", firstOf(inEnvironment, good)],
  ["cached around firstOf", cached(firstOf(inEnvironment, good))],
  ["firstOf around cached", firstOf(cached(inEnvironment), cached(good))],
])("an authorized fetch goes on to the next source after a 401: %s", async (_, source) => {
  const server = await serve(({ token }) =>
    token === "Bearer good" ? { status: 200 } : { status: 401, headers: INVALID_TOKEN },
  );
  const send = authorizedFetch(source, { audience: null });
  expect((await send(server.url)).status).toBe(200);
  expect(server.heard.map(({ token }) => token)).toEqual(["Bearer stale", "Bearer good"]);
});

it.each([[{ refused: "stale" }], [{ refused: null }]])("%j is a TypeError that quotes nothing", async (request) => {
  await expect(inEnvironment.token(request as never)).rejects.toThrow(
    /^token request: refused must be an AccessToken$/,
  );
});
