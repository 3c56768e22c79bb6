// No token in any output: everything public is made to fail with a secret at hand, and all that it says is searched.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { format, inspect } from "node:util";
import {
  AccessToken,
  authorizedFetch,
  cached,
  defaultTokenFile,
  demoToken,
  discoverToken,
  environmentTokens,
  explainChallenge,
  findToken,
  firstOf,
  lookForToken,
  parsedDemoToken,
  tokenFile,
  tokenFits,
  writeTokenFile,
} from "@scitokens/client";
import type { TokenSource } from "@scitokens/client";
import { describe, expect, it } from "vitest";
import { serve } from "./http-servers.js";
import { isRoot, jwt, NOW, UID, world } from "./places.js";

const JWT = jwt({
  sub: "secret-subject",
  aud: "https://secret.example",
  scope: "secret:/path",
  iss: "https://i.example",
});
const OPAQUE = "0paque-s3cret-token-of-somebody";
const BLANK = `${Buffer.from('{ "alg":"ES256"}').toString("base64url")}.${JWT.split(".")[1]}.c2lnbmF0dXJl`;
const SECRETS = [JWT, ...JWT.split("."), OPAQUE, "secret-subject", "https://secret.example"];

/** Everything that can be seen of a value: printed, logged, inspected to the bottom, as JSON, and so its causes. */
function everySight(value: unknown, depth = 0): string {
  const sights = [
    String(value),
    format("%s %o %O %j", value, value, value, value),
    inspect(value, { showHidden: true, depth: 20, getters: true, showProxy: true }),
    JSON.stringify(value) ?? "",
    JSON.stringify({ ...(value as object) }),
  ];
  if (value instanceof Error && depth < 10) {
    sights.push(value.message, value.stack ?? "", JSON.stringify(value, Object.getOwnPropertyNames(value)));
    sights.push(everySight(value.cause, depth + 1));
    if (value instanceof AggregateError) sights.push(...value.errors.map((error) => everySight(error, depth + 1)));
  }
  return sights.join("\n");
}

function secretsIn(...values: readonly unknown[]): string[] {
  const sights = values.map((value) => everySight(value));
  return SECRETS.filter((secret) => sights.some((sight) => sight.includes(secret)));
}

/** What was thrown; a call that does not fail is this test's own fault. */
async function failure(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error("expected a failure");
}

const holding = (value: string): AccessToken => new AccessToken(value, { source: "test" });
const giving = (value: string): TokenSource => ({ token: async () => holding(value) });
const ASKED = { audience: "https://other.example", scope: "read:/x", issuer: "https://j.example" };

describe("an access token", () => {
  it.each([JWT, OPAQUE])("shows its text in `value` alone", (value) => {
    const token = holding(value);
    expect(token.value).toBe(value);
    expect(
      secretsIn(
        token,
        { token },
        [token],
        new Map([["a", token]]),
        structuredClone(token),
        new Error("x", { cause: token }),
      ),
    ).toEqual([]);
  });
});

describe("discovery", () => {
  const texts = [`Bearer ${JWT}`, `"${OPAQUE}"`, `${JWT} ${OPAQUE}`, `{"access_token":"${OPAQUE}"`, `${OPAQUE}\u0000`];
  const names = ["BEARER_TOKEN", "BEARER_TOKEN_FILE", "XDG_RUNTIME_DIR", "SCITOKEN", "SCITOKEN_FILE", "_CONDOR_CREDS"];

  it("keeps quiet about text that is no token, in every place", async () => {
    for (const text of texts) {
      const variable = world({ BEARER_TOKEN: text, SCITOKEN: text });
      expect(
        secretsIn(
          await failure(() => discoverToken(variable.options)),
          await failure(() => findToken({}, variable.options)),
        ),
      ).toEqual([]);
      const file = world({ SCITOKEN_FILE: "{}/t", _CONDOR_CREDS: "{}/c", BEARER_TOKEN_FILE: "{}/t" });
      for (const name of ["t", "c/a.use"]) file.write(name, text, 0o644);
      expect(
        secretsIn(await failure(() => discoverToken(file.options)), await failure(() => findToken({}, file.options))),
      ).toEqual([]);
      expect(secretsIn(await lookForToken({}, file.options), file.warnings)).toEqual([]);
      expect(file.warnings).not.toEqual([]);
    }
  });

  it("keeps quiet about a token that stands where the name of a file belongs", async () => {
    for (const text of [JWT, OPAQUE, `${OPAQUE}\n`, `/tmp/${JWT}`, OPAQUE.repeat(20), "\u0000" + OPAQUE]) {
      for (const name of names.filter((each) => /FILE|DIR|CREDS/.test(each))) {
        const here = world({ [name]: text });
        const search = await lookForToken({}, here.options);
        expect(secretsIn(search, here.warnings, await failure(() => findToken({}, here.options)))).toEqual([]);
        expect(secretsIn(await discoverToken(here.options).catch((error: unknown) => error))).toEqual([]);
      }
      expect(
        secretsIn(
          await failure(() => tokenFile(text).token()),
          await failure(() => writeTokenFile(join(text, "x"), "a")),
        ),
      ).toEqual([]);
    }
  });

  it("keeps quiet about a good token that does not fit, and about the claims that it has", async () => {
    for (const token of [JWT, OPAQUE]) {
      const env = { SCITOKEN: token, SCITOKEN_FILE: "{}/t", _CONDOR_CREDS: "{}/c", BEARER_TOKEN: token };
      const here = world(env, isRoot ? UID : UID + 1);
      for (const name of ["t", "c/a.use", here.tokenFileName()]) here.write(name, token, 0o666);
      expect(
        secretsIn(
          await failure(() => findToken(ASKED, here.options)),
          await failure(() => environmentTokens(here.options).token(ASKED)),
          await lookForToken(ASKED, here.options),
          await lookForToken({}, here.options),
          here.warnings,
          tokenFits(token, ASKED, NOW),
          tokenFits(token, {}, NOW + 9999),
          await failure(() => tokenFile(join(here.folder, "t")).token(ASKED)),
          defaultTokenFile(here.options),
        ),
      ).toEqual([]);
    }
  });
});

describe("files", () => {
  it("are written without a word of what goes into them", async () => {
    const here = world();
    mkdirSync(join(here.folder, "folder", "full"), { recursive: true });
    for (const token of [JWT, OPAQUE]) {
      for (const path of ["folder", "no/folder", "t".repeat(300)].map((name) => join(here.folder, name))) {
        expect(
          secretsIn(
            await failure(() => writeTokenFile(path, token)),
            await failure(() => writeTokenFile(path, holding(token))),
          ),
        ).toEqual([]);
      }
      expect(
        secretsIn(
          await failure(() => writeTokenFile(join(here.folder, "t"), `${token} x`)),
          await failure(() => writeTokenFile(join(here.folder, "t"), holding(`${token}\n`))),
          await failure(() => writeTokenFile(join(here.folder, "t"), { token } as never)),
        ),
      ).toEqual([]);
    }
  });
});

describe("sources", () => {
  it("that wrap others say nothing more", async () => {
    const here = world({ SCITOKEN: JWT, BEARER_TOKEN: `x ${OPAQUE}` });
    const all = firstOf(environmentTokens(here.options), tokenFile(here.write("t", JWT)), tokenFile(OPAQUE));
    const events: unknown[] = [];
    const kept = cached(all, { onEvent: (event) => void events.push(event) });
    expect(secretsIn(await failure(() => all.token(ASKED)), await failure(() => kept.token(ASKED)), kept, all)).toEqual(
      [],
    );
    const good = cached(giving(JWT), { onEvent: (event) => void events.push(event) });
    expect(secretsIn(await good.token(), good, events)).toEqual([]);
    expect(events.length).toBeGreaterThan(1);
    expect(
      secretsIn(await failure(() => firstOf({ token: JWT } as never)), await failure(() => cached(JWT as never))),
    ).toEqual([]);
  });
});

describe("authorized fetch", () => {
  it.each([JWT, OPAQUE])("says nothing of the token that it sends, or does not send", async (token) => {
    const dead = "http://127.0.0.1:1/";
    const refusing = await serve(({ token: sent }) => ({
      status: 401,
      headers: {
        "WWW-Authenticate": `Bearer error="invalid_token", error_description="bad token ${JWT}", scope="${JWT}"`,
      },
      body: sent === undefined ? "none" : "one",
    }));
    const told: unknown[] = [];
    const send = authorizedFetch(giving(token), { onRefused: (refusal) => void told.push(refusal) });
    const response = await send(refusing.url);
    expect(await response.text()).toBe("one");
    expect(secretsIn(explainChallenge(response), told, send)).toEqual([]); // the response itself is what the server wrote
    expect(
      secretsIn(
        await failure(() => send(dead)),
        await failure(() => send("http://data.example/")),
        await failure(() => send(`https://u:${OPAQUE}@data.example/`)),
        await failure(() => send(`//${OPAQUE}`)),
        await failure(() => send(dead, { headers: { authorization: `Bearer ${token}` } })),
        await failure(() => send(dead, { signal: AbortSignal.abort() })),
        await failure(() => send(dead, { method: "B A D" })),
        await failure(() => authorizedFetch(giving(`${token}\r\nX: y`))(dead)),
        await failure(() => authorizedFetch(giving(`${token} `))(dead)),
        await failure(() => authorizedFetch(holding(token) as never)),
        await failure(() => authorizedFetch(giving(token), { audience: { token } } as never)),
      ),
    ).toEqual([]);
  });

  it.each([
    ["a JWT", JWT],
    ["an opaque one", OPAQUE],
    ["a JWT whose header begins with a blank", BLANK],
  ])("leaves out a token that the server says back: %s", async (_, token) => {
    const echo = (sent: string | undefined): string => {
      const text = (sent ?? token).replace("Bearer ", "");
      return `Bearer realm="${text}", error="bad ${text}", error_description="no ${text}", scope="${text.slice(2, -2)}"`;
    };
    const other = await serve(() => ({ status: 403, headers: { "WWW-Authenticate": echo(undefined) } }));
    const server = await serve(({ token: sent, target }) =>
      target === "/away"
        ? { status: 302, headers: { Location: other.url } }
        : { status: 401, headers: { "WWW-Authenticate": echo(sent) } },
    );
    const told: unknown[] = [];
    const send = authorizedFetch(giving(token), { onRefused: (refusal) => void told.push(refusal) });
    const answers = [await send(server.url), await send(`${server.url}/away`)];
    expect(answers.map(({ status }) => status)).toEqual([401, 403]);
    const sights = everySight([told, answers.map((answer) => explainChallenge(answer))]);
    expect(sights).toMatch(/no \[(?:secret|token)\]/);
    for (const part of [token, token.slice(2, -2)]) expect(sights).not.toContain(part);
  });

  it("says nothing of it when redirects go astray", async () => {
    for (const location of [`http://u:${OPAQUE}@127.0.0.1/`, `ftp://${OPAQUE}`, `http://[${JWT}`, "/again"]) {
      const server = await serve(() => ({ status: 302, headers: { Location: location } }));
      expect(secretsIn(await failure(() => authorizedFetch(giving(JWT))(server.url)))).toEqual([]);
    }
  });
});

describe("the demo service", () => {
  it("may answer what it likes", async () => {
    const answers = [
      { status: 400, body: JSON.stringify({ detail: `no: ${JWT}` }) },
      { status: 400, body: JSON.stringify({ error_description: JWT, error: JWT }) },
      { status: 500, body: JWT },
      { status: 200, body: `<p>${JWT}</p>` },
      { status: 200, body: `{"access_token":"${OPAQUE} x"}` },
      { status: 200, body: `{"access_token":"${OPAQUE}"` },
      { status: 200, body: OPAQUE },
    ];
    for (const answer of answers) {
      const server = await serve(() => answer);
      expect(secretsIn(await failure(() => parsedDemoToken({}, { service: server.url })))).toEqual([]);
    }
    const server = await serve(() => ({ status: 200, body: JWT }));
    expect(
      secretsIn(
        await demoToken({}, { service: server.url }),
        (await parsedDemoToken({}, { service: server.url })).token,
      ),
    ).toEqual([]);
    expect(secretsIn(await failure(() => demoToken({}, { service: `https://u:${OPAQUE}@x.example` })))).toEqual([]);
  });
});
