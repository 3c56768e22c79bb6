// Client credentials, and what all OAuth sources share: metadata, who the client is, parameters, errors. RFC 6749, 8414, 8707.
import { clientCredentials } from "@scitokens/client";
import { describe, expect, it, vi } from "vitest";
import { typeErrorOf, wrong } from "../support/wrong.js";
import { CLIENT, failureOf, ISSUER, METADATA, NOW, refusal, standIn, token } from "./oauth-stand-in.js";
import type { Answer } from "./oauth-stand-in.js";

const OIDC = "/vo1/.well-known/openid-configuration";
const OAUTH = "/.well-known/oauth-authorization-server/vo1";
const good: Answer = [200, METADATA];

describe("clientCredentials", () => {
  it("gives a token with what the issuer says of it", async () => {
    const issuer = standIn([token({ scope: "read:/store" })]);
    const given = await clientCredentials({ ...CLIENT, fetch: issuer.fetch }).token();
    expect(given.value).toBe("the-access-token-0123");
    expect(given).toMatchObject({
      source: `client credentials at ${ISSUER}`,
      expiresAt: NOW + 600,
      scope: "read:/store",
    });
    expect(issuer.asked[0]?.path).toBe("/vo1/token");
    expect(issuer.asked[0]?.form.get("grant_type")).toBe("client_credentials");
  });

  it.each([
    ["nothing", {}, {}, ""],
    ["a scope", {}, { scope: "read:/a write:/b" }, "scope=read:/a write:/b"],
    ["a list of scopes", {}, { scope: ["read:/a", "write:/b"] }, "scope=read:/a write:/b"],
    ["the options' scope", { scope: "read:/" }, {}, "scope=read:/"],
    ["the request's scope before the options'", { scope: "read:/" }, { scope: "read:/a" }, "scope=read:/a"],
    ["an audience", {}, { audience: "https://a.test" }, "audience=https://a.test"],
    ["audiences, separated by spaces", {}, { audience: ["https://a.test", "b"] }, "audience=https://a.test b"],
    ["audiences, repeated", { audienceStyle: "repeated" }, { audience: ["a", "b"] }, "audience=a&audience=b"],
    ["audiences as resources", { audienceStyle: "resource" }, { audience: ["a", "b"] }, "resource=a&resource=b"],
    [
      "resources, always repeated",
      { resource: ["https://a.test", "https://b.test"] },
      {},
      "resource=https://a.test&resource=https://b.test",
    ],
  ] as const)("asks for %s", async (_, options, request, expected) => {
    const issuer = standIn([token()]);
    await clientCredentials({ ...CLIENT, ...options, fetch: issuer.fetch }).token(request);
    const { form } = issuer.asked[0] ?? { form: new URLSearchParams() };
    const sent = [...form].filter(([name]) => ["scope", "audience", "resource"].includes(name));
    expect(sent.map((pair) => pair.join("=")).join("&")).toBe(expected);
  });

  it("tells a request that it overlooks nothing", async () => {
    const source = clientCredentials({ ...CLIENT, fetch: standIn([token()]).fetch });
    await expect(source.token(wrong({ audiance: "https://a.test" }))).rejects.toThrow(
      "token request: unknown option 'audiance'; did you mean 'audience'?",
    );
    await expect(source.token({ audience: "a b" })).rejects.toThrow("audience must hold no white space");
    await expect(source.token({ scope: wrong(7) })).rejects.toThrow("scope must be a string that is not empty");
  });

  it("has no token of another issuer", async () => {
    const issuer = standIn([token()]);
    const source = clientCredentials({ ...CLIENT, fetch: issuer.fetch });
    expect((await failureOf(source.token({ issuer: `${ISSUER}/` }))).code).toBe("not_found");
    expect((await failureOf(source.token({ issuer: ISSUER }))).code).toBe("none");
    expect(issuer.asked).toHaveLength(1);
  });

  it("refuses a token that ends too early, by the edge", async () => {
    const source = clientCredentials({ ...CLIENT, fetch: standIn([token()]).fetch });
    expect((await failureOf(source.token({ timeLeft: 600 }))).code).toBe("none");
    expect(await failureOf(source.token({ timeLeft: 601 }))).toMatchObject({
      code: "unusable",
      message: `client credentials at ${ISSUER}: the token that came lives for 600 s more; asked for were 601 s`,
    });
  });

  it.each([
    ["a token with a line feed", { access_token: "a\nb" }],
    ["an empty token", { access_token: "" }],
    ["no token", { access_token: undefined }],
    ["a MAC token", { token_type: "mac" }],
  ])("does not take %s", async (_, answer) => {
    const failure = await failureOf(clientCredentials({ ...CLIENT, fetch: standIn([token(answer)]).fetch }).token());
    expect(["unusable", "unreachable"]).toContain(failure.code);
  });
});

describe("the client says who it is", () => {
  const basic = `Basic ${Buffer.from("robot:client-secret-0123").toString("base64")}`;

  it.each([
    ["by Basic where the issuer offers both", {}, METADATA, basic, null],
    [
      "by Basic where the metadata are silent",
      {},
      { ...METADATA, token_endpoint_auth_methods_supported: undefined },
      basic,
      null,
    ],
    [
      "in the body where that is all that is offered",
      {},
      { ...METADATA, token_endpoint_auth_methods_supported: ["client_secret_post"] },
      undefined,
      "client-secret-0123",
    ],
    [
      "in the body where the options say so",
      { clientAuthentication: "client_secret_post" },
      METADATA,
      undefined,
      "client-secret-0123",
    ],
    ["by its id alone without a secret", { clientSecret: undefined }, METADATA, undefined, null],
  ] as const)("%s", async (_, options, metadata, authorization, secret) => {
    const issuer = standIn([token()], { [OIDC]: [200, metadata] });
    await clientCredentials({ ...CLIENT, ...options, fetch: issuer.fetch }).token();
    expect(issuer.asked[0]?.authorization).toBe(authorization);
    expect(issuer.asked[0]?.form.get("client_secret")).toBe(secret);
    expect(issuer.asked[0]?.form.get("client_id")).toBe(authorization === undefined ? "robot" : null);
  });
});

it("encodes for Basic what RFC 6749 wants encoded, and not the letters of a UUID", async () => {
  const issuer = standIn([token()]);
  await clientCredentials({ ...CLIENT, clientId: "org:/a b", clientSecret: "x-y_z.1~:%", fetch: issuer.fetch }).token();
  const [, encoded = ""] = issuer.asked[0]?.authorization?.split(" ") ?? [];
  expect(Buffer.from(encoded, "base64").toString()).toBe("org%3A%2Fa+b:x-y_z.1%7E%3A%25");
});

describe("metadata", () => {
  it("are looked for at openid-configuration first, once", async () => {
    const issuer = standIn([token()], { [OIDC]: good, [OAUTH]: [500, {}] });
    const source = clientCredentials({ ...CLIENT, fetch: issuer.fetch });
    await Promise.all([source.token(), source.token()]);
    await source.token();
    expect(issuer.documents).toEqual([OIDC]);
    expect(issuer.asked).toHaveLength(3);
  });

  it("are looked for anew after an hour", async () => {
    let now = NOW;
    const issuer = standIn([token()]);
    const source = clientCredentials({ ...CLIENT, fetch: issuer.fetch, clock: () => now });
    await source.token();
    now += 3599;
    await source.token();
    expect(issuer.documents).toHaveLength(1);
    now += 1;
    await source.token();
    expect(issuer.documents).toHaveLength(2);
    now -= 86_400; // a clock that was set back
    await source.token();
    expect(issuer.documents).toHaveLength(3);
  });

  it.each([
    ["404", [404, {}]],
    ["500", [500, "oh"]],
    ["a page in HTML", [200, "<html>", { "content-type": "text/html" }]],
    ["a redirect", [302, "", { location: "https://elsewhere.test" }]],
    ["JSON without an issuer", [200, {}]],
  ] as readonly (readonly [string, Answer])[])("are looked for by RFC 8414 after %s", async (_, first) => {
    const issuer = standIn([token()], { [OIDC]: first, [OAUTH]: good });
    await clientCredentials({ ...CLIENT, fetch: issuer.fetch }).token();
    expect(issuer.documents).toEqual([OIDC, OAUTH]);
  });

  it.each([
    ["another issuer", "https://other.test/vo1"],
    ["one with a slash at the end", `${ISSUER}/`],
  ])("of %s are refused", async (_, name) => {
    const issuer = standIn([token()], { [OIDC]: [200, { ...METADATA, issuer: name }] });
    const failure = await failureOf(clientCredentials({ ...CLIENT, fetch: issuer.fetch }).token());
    expect(failure).toMatchObject({ code: "refused", message: expect.stringContaining("name another issuer") });
    expect(issuer.asked).toEqual([]);
  });

  it("of an issuer without a path count its slash, too", async () => {
    const issuer = standIn([token()], {
      "/.well-known/openid-configuration": [200, { ...METADATA, issuer: "https://issuer.test/" }],
    });
    const options = { ...CLIENT, fetch: issuer.fetch };
    expect((await failureOf(clientCredentials({ ...options, issuer: "https://issuer.test" }).token())).code).toBe(
      "refused",
    );
    expect((await failureOf(clientCredentials({ ...options, issuer: "https://issuer.test/" }).token())).code).toBe(
      "none",
    );
  });

  it("that lead to http get no secret", async () => {
    const metadata = { ...METADATA, token_endpoint: "http://issuer.test/vo1/token" };
    const issuer = standIn([token()], { [OIDC]: [200, metadata] });
    const failure = await failureOf(clientCredentials({ ...CLIENT, fetch: issuer.fetch }).token());
    expect(failure.code).toBe("unreachable");
    expect(failure.message).toContain("not https");
    expect(issuer.asked).toEqual([]);
  });

  it("of an http issuer lead to its own host or this machine, not to others in the clear", async () => {
    const ask = async (endpoint: string): Promise<string> => {
      const own = "http://issuer.test/vo1";
      const issuer = standIn([token()], { [OIDC]: [200, { ...METADATA, issuer: own, token_endpoint: endpoint }] });
      const options = { ...CLIENT, issuer: own, fetch: issuer.fetch, allowInsecureIssuer: true };
      return (await failureOf(clientCredentials(options).token())).code;
    };
    expect(await ask("http://issuer.test:81/token")).toBe("none");
    expect(await ask("http://127.0.0.1:81/token")).toBe("none");
    expect(await ask("https://other.test/token")).toBe("none");
    expect(await ask("http://other.test/token")).toBe("refused");
  });

  it("are not asked where the token endpoint is given", async () => {
    const issuer = standIn([token()], {});
    const options = {
      ...CLIENT,
      issuer: undefined,
      tokenEndpoint: "https://issuer.test/vo1/token",
      fetch: issuer.fetch,
    };
    await clientCredentials(options).token();
    expect(issuer.documents).toEqual([]);
    expect(issuer.asked).toHaveLength(1);
  });
});

describe("what goes wrong", () => {
  it.each([
    ["invalid_scope", refusal("invalid_scope", "not yours"), "refused", "the issuer says invalid_scope (not yours)"],
    [
      "invalid_client with a challenge",
      [401, { error: "invalid_client" }, { "www-authenticate": "Basic realm=x" }],
      "refused",
      "the issuer says invalid_client",
    ],
    ["a challenge alone", [401, "no", { "www-authenticate": "Basic realm=x" }], "refused", "status 401"],
    ["invalid_grant", refusal("invalid_grant"), "interaction_needed", "the issuer says invalid_grant"],
    ["interaction_required", refusal("interaction_required"), "interaction_needed", "interaction_required"],
    ["temporarily_unavailable", refusal("temporarily_unavailable"), "unreachable", "temporarily_unavailable"],
    ["500", [500, { error: "server_error" }], "unreachable", "status 500"],
    ["500 with another word", [500, { error: "invalid_client" }], "unreachable", "500"],
    ["429", [429, { error: "invalid_client" }], "unreachable", "the issuer says invalid_client"],
    ["503 with a challenge", [503, { error: "x" }, { "www-authenticate": "Basic realm=x" }], "unreachable", "x"],
    ["201", [201, { access_token: "a", token_type: "Bearer" }], "unusable", "status 201"],
    ["no access_token", [200, { token_type: "Bearer" }], "unusable", "access_token is not what OAuth has there"],
    ["an error in a 200", [200, { error: "invalid_client" }], "unusable", "access_token is not"],
    ["no token_type", token({ token_type: undefined }), "unusable", "token_type is not"],
    ["another token_type", token({ token_type: "mac" }), "unusable", "no bearer token"],
    ["expires_in of null", token({ expires_in: null }), "unusable", "expires_in is not"],
    ["a scope that is a list", token({ scope: ["a"] }), "unusable", "scope is not"],
    ["a refresh_token of null", token({ refresh_token: null }), "unusable", "refresh_token is not"],
    ["an ID token that is none", token({ id_token: "x" }), "unusable", "not what OAuth has there"],
    ["null", [200, "null"], "unusable", "not what OAuth has there"],
    ["a token larger than any header", token({ access_token: "x".repeat(65_537) }), "unusable", "no token"],
    ["HTML", [200, "<html>", { "content-type": "text/html" }], "unreachable", "the answer is not JSON"],
    ["half a JSON", [200, '{"access_token":"a'], "unreachable", "the answer is not JSON"],
    [
      "a redirect",
      [307, "", { location: "https://elsewhere.test/token" }],
      "unreachable",
      "redirect, which is not followed",
    ],
    ["more than a mebibyte", [200, `{"a":"${"x".repeat(1_048_576)}"}`], "unreachable", "more than 1048576 bytes"],
    [
      "no network",
      new TypeError("fetch failed", { cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }) }),
      "unreachable",
      "ECONNREFUSED connect",
    ],
    [
      "another's certificate",
      new TypeError("fetch failed", {
        cause: Object.assign(new Error("self-signed"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }),
      }),
      "unreachable",
      "NODE_EXTRA_CA_CERTS",
    ],
  ] as readonly (readonly [string, Answer, string, string])[])("%s", async (_, answer, code, words) => {
    const failure = await failureOf(clientCredentials({ ...CLIENT, fetch: standIn([answer]).fetch }).token());
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
    expect(failure.message.startsWith(`client credentials at ${ISSUER}: `)).toBe(true);
    expect(failure).not.toHaveProperty("cause");
  });

  it("a token as large as a header may be is one", async () => {
    const fetching = standIn([token({ access_token: "x".repeat(65_536) })]).fetch;
    expect((await clientCredentials({ ...CLIENT, fetch: fetching }).token()).value).toHaveLength(65_536);
  });

  it("the token endpoint stands in messages once, without its query", async () => {
    const tokenEndpoint = "https://issuer.test/t?api_key=SECRETKEY";
    const cause = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
    const { fetch: fetching } = standIn([new TypeError("fetch failed", { cause })]);
    const source = clientCredentials({ ...CLIENT, issuer: undefined, tokenEndpoint, fetch: fetching });
    await expect(source.token()).rejects.toMatchObject({
      source: "client credentials at https://issuer.test/t",
      message: "client credentials at https://issuer.test/t: connect ECONNREFUSED 127.0.0.1:1",
    });
  });

  it("an error keeps the issuer's own code", async () => {
    const source = clientCredentials({ ...CLIENT, fetch: standIn([refusal("invalid_target")]).fetch });
    await expect(source.token()).rejects.toMatchObject({ name: "OAuthError", error: "invalid_target" });
  });

  it("what the issuer says moves no cursor and goes on for no page", async () => {
    const description = `\u001b[2J\u202Eevil\r\n${"x".repeat(5000)}`;
    const source = clientCredentials({ ...CLIENT, fetch: standIn([refusal("invalid_scope", description)]).fetch });
    const { message } = await failureOf(source.token());
    // oxlint-disable-next-line no-control-regex
    expect(message).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(message.length).toBeLessThan(400);
  });

  it("an issuer that never answers is given up, its metadata too, though fetch overlooks the signal", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const failure = failureOf(
        clientCredentials({ ...CLIENT, fetch: () => new Promise(() => {}), timeout: 7 }).token(),
      );
      await vi.advanceTimersByTimeAsync(7000);
      expect(await failure).toMatchObject({
        code: "unreachable",
        message: expect.stringContaining("no answer within 7 s"),
      });
    } finally {
      vi.useRealTimers();
    }
  });

  it("a caller who goes gets his own reason, and nobody else does", async () => {
    let answer = (): void => {};
    const documents = standIn([token()]);
    const source = clientCredentials({
      ...CLIENT,
      fetch: async (input, init) => {
        if (init?.method !== "POST") await new Promise<void>((resolve) => (answer = resolve));
        return documents.fetch(input, init);
      },
    });
    const leaving = new AbortController();
    const [one, other] = [source.token({ signal: leaving.signal }), source.token()];
    leaving.abort(new Error("changed my mind"));
    await expect(one).rejects.toThrow("changed my mind");
    answer();
    expect((await other).value).toBe("the-access-token-0123");
  });
});

describe("options", () => {
  const errorOf = (changes: object): string => typeErrorOf(() => clientCredentials(wrong({ ...CLIENT, ...changes })));

  it.each([
    [{ audiance: "x" }, "clientCredentials: unknown option 'audiance'; did you mean 'audience'?"],
    [{ issuer: undefined }, "issuer must be given"],
    [{ issuer: "issuer.test" }, "issuer must be a URL"],
    [{ issuer: "https://a:b@issuer.test" }, "issuer must hold no credentials"],
    [
      { issuer: "http://127.0.0.1:80" },
      "issuer must be https; for loopback and tests there is allowInsecureIssuer: true",
    ],
    [{ issuer: "https://issuer.test?a=1" }, "issuer must hold no query"],
    [{ tokenEndpoint: "http://issuer.test/token" }, "tokenEndpoint must be https"],
    [{ clientId: "" }, "clientId must be a string, not empty"],
    [{ clientSecret: 7 }, "clientSecret must be a string, not empty"],
    [{ clientAuthentication: "basic" }, "clientAuthentication must be one of 'client_secret_basic'"],
    [{ clientSecret: undefined, clientAuthentication: "client_secret_post" }, "needs clientSecret"],
    [{ audienceStyle: "comma" }, "audienceStyle must be one of"],
    [{ timeout: 0 }, "timeout must be a number of seconds"],
    [{ fetch: {} }, "fetch must be a function"],
    [{ scope: [""] }, "scope must be a string that is not empty"],
  ])("%j is a TypeError", (changes, sentence) => {
    expect(errorOf(changes)).toContain(sentence);
  });
});
