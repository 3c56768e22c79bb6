// The first token that fits, out of all the places that jobs and people have.
import { mkdirSync } from "node:fs";
import { environmentTokens, findToken, lookForToken, TokenError } from "@scitokens/client";
import type { TokenRequest } from "@scitokens/client";
import { describe, expect, it } from "vitest";
import { jwt, NOW, world } from "./places.js";
import type { World } from "./places.js";

const HERE = "https://here.example";
const good = jwt({ aud: HERE, scope: "read:/" });
const bad = jwt({ aud: "https://there.example", scope: "read:/" });
const REQUEST: TokenRequest = { audience: HERE };

const CREDS = { _CONDOR_CREDS: "{}/creds" };

async function sourceOf(here: World, request = REQUEST): Promise<string | undefined> {
  try {
    return (await findToken(request, here.options)).source.replace(here.folder, "{}");
  } catch (error) {
    if (error instanceof TokenError) return `(${error.code})`;
    throw error;
  }
}

describe("the order", () => {
  it("is SCITOKEN, SCITOKEN_FILE, HTCondor's files by name, discovery", async () => {
    const env: Record<string, string> = {
      SCITOKEN: good,
      SCITOKEN_FILE: "{}/scitoken",
      ...CREDS,
      BEARER_TOKEN: good,
      BEARER_TOKEN_FILE: "{}/named",
    };
    const names = ["SCITOKEN", "SCITOKEN_FILE", "_CONDOR_CREDS", "BEARER_TOKEN", "BEARER_TOKEN_FILE"];
    const won: (string | undefined)[] = [];
    for (const name of names) {
      const here = world(env);
      for (const file of ["scitoken", "creds/b.use", "creds/a.use", "creds/0.top", "named"]) here.write(file, good);
      here.write(here.tokenFileName(), good);
      won.push(await sourceOf(here));
      delete env[name];
    }
    const here = world();
    here.write(here.tokenFileName(), good);
    won.push(await sourceOf(here));
    expect(won.map((source) => source?.replace(/bt_u\d+/, "bt_u"))).toEqual([
      "SCITOKEN",
      "the file {}/scitoken (SCITOKEN_FILE)",
      "the file {}/creds/a.use (_CONDOR_CREDS)",
      "BEARER_TOKEN",
      "the file {}/named (BEARER_TOKEN_FILE)",
      "the file {}/tmp/bt_u",
    ]);
  });

  it("goes on past what does not fit, and past what is no token", async () => {
    const here = world({ SCITOKEN: bad, SCITOKEN_FILE: "{}/no token", ...CREDS, BEARER_TOKEN: good });
    here.write("no token", "no token");
    here.write("creds/a.use", "{");
    here.write("creds/b.use", bad);
    expect(await sourceOf(here)).toBe("BEARER_TOKEN");
  });

  it("gives discovery one token only: what it comes to is taken, or nothing is", async () => {
    for (const BEARER_TOKEN of [bad, "no token"]) {
      const here = world({ BEARER_TOKEN, BEARER_TOKEN_FILE: "{}/named" });
      here.write("named", good);
      expect(await sourceOf(here)).toBe("(not_found)");
      const { places } = await lookForToken(REQUEST, here.options);
      expect(places.at(-1)?.why).toBe("not looked at: discovery ended before it");
    }
  });
});

describe("HTCondor's files", () => {
  it.each<[string, string, string | undefined]>([
    ["JSON", JSON.stringify({ access_token: good, expires_in: 1200, token_type: "Bearer" }), "{}/creds/t.use"],
    ["JSON with white space around it", `\n ${JSON.stringify({ access_token: good })}\n`, "{}/creds/t.use"],
    ["a bare token", `${good}\n`, "{}/creds/t.use"],
    ["JSON without a token", "{}", undefined],
    ["JSON with a number for a token", '{"access_token":7}', undefined],
    ["half of JSON", '{"access_token":"a', undefined],
    ["nothing", "", undefined],
    ["JSON with an empty token", '{"access_token":""}', undefined],
  ])("hold %s", async (_name, content, found) => {
    const here = world(CREDS);
    here.write("creds/t.use", content);
    expect(await sourceOf(here, {})).toBe(found === undefined ? "(not_found)" : `the file ${found} (_CONDOR_CREDS)`);
  });

  it("say when an opaque token ends: counted from when the file was written", async () => {
    const here = world(CREDS);
    here.write("creds/t.use", JSON.stringify({ access_token: "opaque", expires_in: 1200 }));
    const { expiresAt = 0 } = await findToken({}, { ...here.options, clock: () => Date.now() / 1000 });
    expect(Math.abs(expiresAt - 1200 - Date.now() / 1000)).toBeLessThan(60);
    expect(await sourceOf(here, {})).toBe("(not_found)"); // this clock is years ahead
  });

  it.each([
    ["no folder", false],
    ["an empty folder", true],
  ])("are none in %s", async (_name, made) => {
    const here = world(CREDS);
    if (made) mkdirSync(`${here.folder}/creds`);
    const { places } = await lookForToken({}, here.options);
    expect(places[2]).toEqual({
      place: `the folder ${here.folder}/creds (_CONDOR_CREDS)`,
      why: made ? "no *.use file in it" : "no such file or folder (ENOENT)",
    });
  });
});

describe("the message when there is none", () => {
  it("lists each place and why its token is not the one", async () => {
    const here = world({
      SCITOKEN: jwt({ exp: NOW - 1 }),
      SCITOKEN_FILE: "{}/missing",
      ...CREDS,
      XDG_RUNTIME_DIR: "relative",
    });
    here.write("creds/t.use", bad);
    here.write(here.tokenFileName(), "Bearer abc");
    const error: unknown = await findToken(REQUEST, here.options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TokenError);
    expect((error as TokenError).code).toBe("not_found");
    expect(
      String(error)
        .replaceAll(here.folder, "{}")
        .replace(/bt_u\d+/, "bt_u"),
    ).toBe(
      [
        "TokenError: no token was found that fits: SCITOKEN: it has expired",
        "the file {}/missing (SCITOKEN_FILE): no such file",
        `the file {}/creds/t.use (_CONDOR_CREDS): its audience is not ${HERE}`,
        "BEARER_TOKEN: not set",
        "BEARER_TOKEN_FILE: not set",
        "XDG_RUNTIME_DIR: not an absolute path: ignored",
        "the file {}/tmp/bt_u: not a token: it begins with 'Bearer '; a token stands alone",
      ].join("; "),
    );
  });
});

describe("lookForToken", () => {
  it("says which place won, and why those before it did not", async () => {
    const here = world({ SCITOKEN: bad, BEARER_TOKEN: good });
    const { token, places } = await lookForToken(REQUEST, here.options);
    expect(token?.value).toBe(good);
    expect(places).toEqual([
      { place: "SCITOKEN", why: `its audience is not ${HERE}` },
      { place: "SCITOKEN_FILE", why: "not set" },
      { place: "_CONDOR_CREDS", why: "not set" },
      { place: "BEARER_TOKEN", why: undefined },
    ]);
  });
});

describe("a wrong request", () => {
  it("is a mistake of the program, even where no token is", async () => {
    const { options } = world();
    await expect(findToken({ audiance: "x" } as object, options)).rejects.toThrow(/did you mean 'audience'\?/);
    await expect(findToken({}, { enviroment: {} } as object)).rejects.toThrow(TypeError);
    expect(() => environmentTokens({ en: {} } as object)).toThrow(
      /environmentTokens: unknown option 'en'; did you mean 'env'\?/,
    );
  });

  it("that is aborted looks at nothing", async () => {
    const { options } = world({ SCITOKEN: good });
    await expect(findToken({ signal: AbortSignal.abort() }, options)).rejects.toThrow(/aborted/);
  });
});

describe("environmentTokens", () => {
  it("looks anew each time: a token that was renewed in its file is seen", async () => {
    const here = world({ SCITOKEN_FILE: "{}/t" });
    const source = environmentTokens(here.options);
    await expect(source.token(REQUEST)).rejects.toMatchObject({ code: "not_found" });
    here.write("t", good);
    expect((await source.token(REQUEST)).value).toBe(good);
  });
});
