// What a server says when it refuses, read as RFC 9110 11.6.1 has it and told in a sentence.
import { authorizedFetch, explainChallenge } from "@scitokens/client";
import type { Refusal } from "@scitokens/client";
import { describe, expect, it } from "vitest";
import { numberedTokens, serve } from "./http-servers.js";

/** Status, and the lines of WWW-Authenticate. */
function refusal(status: number, ...lines: string[]): Refusal | undefined {
  const headers = new Headers();
  for (const line of lines) headers.append("WWW-Authenticate", line);
  return explainChallenge(new Response("", { status, headers }));
}

describe("a challenge", () => {
  it.each<[string[], string | undefined]>([
    [["Bearer error=invalid_token"], "invalid_token"],
    [['Bearer error="invalid_token"'], "invalid_token"],
    [['bearer ERROR = "invalid_token"'], "invalid_token"],
    [['Bearer realm="x", error="invalid_token", scope="a b"'], "invalid_token"],
    [['Bearer realm="x" , error="invalid_token"'], "invalid_token"],
    [['Bearer\trealm="x",error="invalid_token"'], "invalid_token"],
    [['Basic realm="x", Bearer error="invalid_token"'], "invalid_token"],
    [['Basic realm="x"', 'Bearer error="invalid_token"'], "invalid_token"],
    [["Negotiate", 'Bearer error="invalid_token"'], "invalid_token"],
    [["Negotiate YWJj==", 'Bearer error="invalid_token"'], "invalid_token"],
    [['Negotiate YWJj==, Bearer error="invalid_token"'], "invalid_token"],
    [['Bearer realm="x", Negotiate, Digest a="b"', 'Bearer error="invalid_token"'], "invalid_token"],
    [['Bearer realm="a", Bearer error="invalid_token"'], "invalid_token"],
    [[', ,Bearer error="invalid_token",,'], "invalid_token"],
    [['Bearer error="invalid\\_tok\\en"'], "invalid_token"],
    [['Bearer error="a", error="b"'], "a"],
    [['Bearer realm="say \\", error=\\"no"'], undefined],
    [['Digest error="invalid_token"'], undefined],
    [['Basic realm="Bearer error=x"'], undefined],
    [['Basic realm="x, Bearer error=\\"x\\""'], undefined],
    [["Bearer"], undefined],
    [["Bearer abc=="], undefined],
    [['error="invalid_token"'], undefined],
    [['Bearer error="open'], undefined],
    [["Bearer error="], undefined],
    [['"Bearer" error="x"'], undefined],
    [[], undefined],
    [[""], undefined],
    [[","], undefined],
  ])("%j says error %j", (lines, error) => {
    expect(refusal(401, ...lines)?.error).toBe(error);
  });

  it("is read in full, and in no more time than its length", () => {
    const lines = ['Bearer realm="r \\"q\\"", scope="a b", error="insufficient_scope", error_description="d", x=y'];
    expect(refusal(403, ...lines, 'Bearer resource_metadata="https://m.example"')).toEqual({
      status: 403,
      sentence: "the server takes this token, but not for this request: d; needed is a b",
      error: "insufficient_scope",
      description: "d",
      scope: "a b",
      realm: 'r "q"',
      resourceMetadata: undefined,
    });
    expect(refusal(401, 'Bearer resource_metadata="https://m.example"')?.resourceMetadata).toBe("https://m.example");
    for (const text of [
      "a".repeat(1_000_000),
      ",".repeat(1_000_000),
      `Bearer ${"a=".repeat(500_000)}`,
      "Bearer a= ".repeat(100_000),
    ]) {
      expect(refusal(401, text)?.error).toBeUndefined();
    }
  });
});

describe("a refusal in a sentence", () => {
  it.each<[number, string | undefined, string | undefined]>([
    [200, 'Bearer error="invalid_token"', undefined],
    [404, 'Bearer error="invalid_token"', undefined],
    [400, undefined, undefined],
    [
      400,
      'Bearer error="invalid_request", error_description="two tokens"',
      "cannot read the request's credentials: two tokens",
    ],
    [401, undefined, "saw no token that it takes (401)"],
    [401, 'Bearer realm="x", scope="read:/a"', "saw no token that it takes (401); needed is read:/a"],
    [401, 'Bearer error="invalid_token"', "does not take this token"],
    [
      401,
      'Bearer error="invalid_token", error_description="it has expired"',
      "does not take this token: it has expired",
    ],
    [403, undefined, "refuses this request (403): the token may be too narrow, for another audience, or expired"],
    [
      403,
      'Bearer error="insufficient_scope", scope="read:/a"',
      "takes this token, but not for this request; needed is read:/a",
    ],
    [403, 'Bearer error="odd"', "refuses (odd)"],
  ])("%d with %j", (status, line, sentence) => {
    const said = refusal(status, ...(line === undefined ? [] : [line]))?.sentence;
    expect(said).toBe(sentence === undefined ? undefined : `the server ${sentence}`);
  });

  it("is fit for a terminal, whatever the server says", () => {
    const description = `\u009b2J${"x".repeat(5000)} eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln`;
    const said = refusal(
      401,
      `Bearer error="a\u009bb", error_description="eyJhbGciOiJFUzI1NiJ9.e30.c2ln ${description}"`,
    );
    const all = JSON.stringify(said);
    expect(all).not.toMatch(/\u009b|eyJ/);
    expect(all.length).toBeLessThan(1000);
  });

  it("names the server, is told once, and changes no answer", async () => {
    const server = await serve(() => ({
      status: 403,
      headers: { "WWW-Authenticate": 'Bearer error="insufficient_scope"' },
      body: "no",
    }));
    const told: Refusal[] = [];
    const send = authorizedFetch(numberedTokens(), { onRefused: (refused) => void told.push(refused) });
    const response = await send(`${server.url}/secret/path?key=1`);
    expect([response.status, await response.text()]).toEqual([403, "no"]);
    expect(told.map(({ sentence }) => sentence)).toEqual([`${server.url} takes this token, but not for this request`]);
    expect(explainChallenge(response)).toEqual(told[0]);
  });

  it("says when the token was left behind at a redirect", async () => {
    const other = await serve(() => ({ status: 403 }));
    const server = await serve(() => ({ status: 307, headers: { Location: other.url } }));
    const told: Refusal[] = [];
    await authorizedFetch(numberedTokens(), { onRefused: (refused) => void told.push(refused) })(server.url);
    expect(told.map(({ sentence }) => sentence)).toEqual([
      `${other.url} refuses: it was reached by a redirect from another origin, and is not sent the token`,
    ]);
  });

  it.each([200, 400, 404, 500])("is not told of %d", async (status) => {
    const server = await serve(() => ({ status }));
    const told: Refusal[] = [];
    await authorizedFetch(numberedTokens(), { onRefused: (refused) => void told.push(refused) })(server.url);
    expect(told).toEqual([]);
  });
});
