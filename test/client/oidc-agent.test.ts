// oidc-agent's socket, with a stand-in at the other end that behaves in every way it should not. Interop 8.
import { mkdtemp, rm } from "node:fs/promises";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { oidcAgent, oidcAgentAccounts } from "@scitokens/client";
import type { OidcAgentOptions } from "@scitokens/client";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { encode } from "../support/sign.js";
import { typeErrorOf, wrong } from "../support/wrong.js";
import { failureOf, NOW } from "./oauth-stand-in.js";
import { world } from "./places.js";

const good = {
  status: "success",
  access_token: "the-token-0123",
  issuer: "https://issuer.test/",
  expires_at: NOW + 600,
};
const jwt = (claims: object): string => `${encode({ alg: "ES256" })}.${encode(claims)}.${encode("signature")}`;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

interface Agent {
  readonly socket: string;
  readonly questions: readonly unknown[];
}

type Behaviour = (socket: Socket, question: unknown) => void;

const says =
  (answer: unknown): Behaviour =>
  (socket) =>
    void socket.end(typeof answer === "string" ? answer : JSON.stringify(answer));

async function agent(behave: Behaviour): Promise<Agent> {
  const folder = await mkdtemp(join(tmpdir(), "agent-"));
  const path = join(folder, "s");
  const questions: unknown[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.once("data", (data: Buffer) => {
      const question: unknown = JSON.parse(data.toString());
      questions.push(question);
      behave(socket, question);
    });
  }).listen(path);
  await once(server, "listening");
  cleanups.push(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await rm(folder, { recursive: true });
  });
  return { socket: path, questions };
}

async function asking(
  answer: unknown,
  options: Partial<OidcAgentOptions> = {},
): Promise<Agent & { source: ReturnType<typeof oidcAgent> }> {
  const stand = await agent(says(answer));
  return { ...stand, source: oidcAgent({ account: "wlcg", socket: stand.socket, clock: () => NOW, ...options }) };
}

describe("what is asked", () => {
  it.each([
    ["an account", {}, {}, { account: "wlcg", min_valid_period: 60 }],
    [
      "an issuer",
      { account: undefined, issuer: "https://issuer.test/" },
      {},
      { issuer: "https://issuer.test/", min_valid_period: 60 },
    ],
    [
      "the request's issuer",
      { account: undefined },
      { issuer: "https://issuer.test/" },
      { issuer: "https://issuer.test/", min_valid_period: 60 },
    ],
    ["a time left", {}, { timeLeft: 299.5 }, { account: "wlcg", min_valid_period: 300 }],
    ["a fresh one", {}, { fresh: true }, { account: "wlcg", min_valid_period: -1 }],
    [
      "scopes and audiences",
      {},
      { scope: "read:/a write:/b", audience: ["a", "b"] },
      { account: "wlcg", min_valid_period: 60, scope: "read:/a write:/b", audience: "a b" },
    ],
    ["a hint", { hint: "backup" }, {}, { account: "wlcg", min_valid_period: 60, application_hint: "backup" }],
  ])("%s", async (_, options, request, question) => {
    const { source, questions } = await asking(good, options);
    await source.token(request);
    expect(questions).toEqual([{ request: "access_token", application_hint: "scitokens", ...question }]);
  });

  it("nothing, where nobody says whose token", async () => {
    const { source, questions } = await asking(good, { account: undefined });
    expect(await failureOf(source.token())).toMatchObject({
      code: "refused",
      message: expect.stringContaining("whose token?"),
    });
    expect(questions).toEqual([]);
  });
});

describe("what comes", () => {
  it("is a token with its end", async () => {
    const { source } = await asking(good);
    const given = await source.token();
    expect(given.value).toBe("the-token-0123");
    expect(given).toMatchObject({ source: "oidc-agent", expiresAt: NOW + 600 });
  });

  it.each([
    ["in several pieces", (socket: Socket) => pieces(socket, JSON.stringify(good), 7)],
    ["with the connection left open", (socket: Socket) => void socket.write(JSON.stringify(good))],
    ["with white space around it", (socket: Socket) => void socket.end(`\n ${JSON.stringify(good)} \n`)],
    ["with the NUL of a C string", (socket: Socket) => void socket.end(`${JSON.stringify(good)}\0`)],
    [
      "with members that nobody knows",
      (socket: Socket) => void socket.end(JSON.stringify({ ...good, later: { a: 1 } })),
    ],
  ] as readonly (readonly [string, Behaviour])[])("is taken %s", async (_, behave) => {
    const { socket } = await agent(behave);
    expect((await oidcAgent({ account: "wlcg", socket, clock: () => NOW }).token()).value).toBe("the-token-0123");
  });

  it.each([
    ["half an answer", (socket: Socket) => void socket.end('{"status":"succ'), "its answer is no JSON object"],
    ["garbage", (socket: Socket) => void socket.end("}}}{{{\u0000\u001b[2J"), "its answer is no JSON object"],
    ["a list", (socket: Socket) => void socket.end("[1]"), "its answer is no JSON object"],
    ["nothing at all", (socket: Socket) => void socket.end(), "closed the connection without an answer"],
    ["a broken connection", (socket: Socket) => void socket.write("{", () => socket.destroy()), ""],
    [
      "more than anybody wants",
      (socket: Socket) => void socket.end(`{"a":"${"x".repeat(300_000)}`),
      "larger than 262144 bytes",
    ],
  ] as readonly (readonly [string, Behaviour, string])[])("is refused as %s", async (_, behave, words) => {
    const { socket } = await agent(behave);
    const failure = await failureOf(oidcAgent({ account: "wlcg", socket }).token());
    expect(failure.code).toBe("unreachable");
    expect(failure.message).toContain(words);
    // oxlint-disable-next-line no-control-regex
    expect(failure.message).not.toMatch(/[\u0000-\u001f]/);
  });

  it("is not waited for longer than the deadline", async () => {
    const { socket } = await agent((connection) => void connection.write('{"status":'));
    expect(await failureOf(oidcAgent({ account: "wlcg", socket, timeout: 0.05 }).token())).toMatchObject({
      code: "unreachable",
      message: "oidc-agent: no answer within 0.05 s; does it wait for a person? timeout gives it longer",
    });
  });

  it("is not waited for when the caller goes", async () => {
    const leaving = new AbortController();
    let closed: Promise<unknown> = Promise.reject(new Error("nobody came"));
    closed.catch(() => {});
    const { socket } = await agent((connection) => {
      closed = once(connection, "close");
      leaving.abort(new Error("gone"));
    });
    await expect(oidcAgent({ account: "wlcg", socket }).token({ signal: leaving.signal })).rejects.toThrow("gone");
    await closed; // the connection is not left open
  });

  it.each([
    ["no token", { ...good, access_token: undefined }],
    ["a token in two lines", { ...good, access_token: "a\nb" }],
    ["a token that has 59 s left", { ...good, expires_at: NOW + 59 }],
  ])("is not used when it is %s", async (_, answer) => {
    const { source } = await asking(answer);
    expect((await failureOf(source.token())).code).toBe("unusable");
  });

  it("a token's own end counts: with a narrowed one the agent tells the end of another", async () => {
    const stale = { ...good, access_token: jwt({ exp: NOW + 300 }), expires_at: NOW - 5000 };
    const { source } = await asking(stale);
    expect((await source.token({ scope: "read:/a" })).expiresAt).toBe(NOW + 300);
    const opaque = await asking({ ...good, expires_at: NOW - 5000 });
    expect((await opaque.source.token({ scope: "read:/a" })).expiresAt).toBeUndefined();
    expect((await failureOf(opaque.source.token())).code).toBe("unusable");
  });

  it("is of the issuer that was asked for: by the token's own word, else by the agent's but for a slash", async () => {
    const of = async (answer: object, issuer: string): Promise<string> =>
      (await failureOf((await asking(answer)).source.token({ issuer }))).code;
    expect(await of(good, "https://issuer.test")).toBe("none");
    expect(await of(good, "https://other.test")).toBe("not_found");
    const own = { ...good, access_token: jwt({ iss: "https://issuer.test", exp: NOW + 300 }) };
    expect(await of(own, "https://issuer.test")).toBe("none");
    expect(await of(own, "https://issuer.test/")).toBe("not_found");
  });
});

describe("what the agent says when it has none", () => {
  it.each([
    ["account not loaded", undefined, "interaction_needed", "account not loaded; load it with: oidc-add wlcg"],
    ["No account configured with that short name", undefined, "interaction_needed", "oidc-add wlcg"],
    ["Agent locked", undefined, "interaction_needed", "Agent locked"],
    ["invalid_grant: refresh token expired", "Try re-authenticating", "interaction_needed", "; Try re-authenticating"],
    ["Could not connect to url", undefined, "unreachable", "Could not connect"],
    ["Received Http Status Code 503", undefined, "unreachable", "503"],
    ["invalid_scope", undefined, "refused", "oidc-agent says: invalid_scope"],
    [undefined, undefined, "refused", "no reason"],
    [`\u001b[31m${"x".repeat(9000)}`, undefined, "refused", "xxx…"],
  ])("%s", async (error, info, code, words) => {
    const { source } = await asking({ status: "failure", error, info });
    const failure = await failureOf(source.token());
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
    // oxlint-disable-next-line no-control-regex
    expect(failure.message).not.toMatch(/[\u0000-\u001f]/);
  });
});

it("an agent that says a thing twice is quoted once", async () => {
  const { socket } = await agent(says({ status: "failure", error: "no such thing", info: "no such thing" }));
  const { message } = await failureOf(oidcAgent({ account: "wlcg", socket }).token());
  expect(message).toBe("oidc-agent says: no such thing");
});

describe("where the agent is", () => {
  it("OIDC_SOCK says", async () => {
    const { socket } = await agent(says(good));
    const source = oidcAgent({ account: "wlcg", env: { OIDC_SOCK: socket }, clock: () => NOW });
    expect((await source.token()).value).toBe("the-token-0123");
  });

  it.each([
    [
      "OIDC_SOCK is not set, and no service runs",
      { TMPDIR: "/nonexistent" },
      "OIDC_SOCK is not set; is oidc-agent running?",
    ],
    ["OIDC_SOCK is empty", { OIDC_SOCK: "" }, "OIDC_SOCK is not set; is oidc-agent running?"],
    ["its socket is gone", { OIDC_SOCK: "/nonexistent/s" }, "nobody listens at its socket; is oidc-agent running?"],
  ])("nowhere: %s", async (_, env, words) => {
    const failure = await failureOf(oidcAgent({ account: "wlcg", env }).token());
    expect(failure).toMatchObject({ code: "not_found", message: `oidc-agent: ${words}` });
  });
});

describe("a system's agent, in a folder that anybody could have made", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("is asked where the folder is this user's own, and only there", async () => {
    const { folder } = world();
    const uid = process.getuid?.() ?? 0;
    const asked = async (): Promise<string> => {
      const source = oidcAgent({ account: "wlcg", env: { TMPDIR: folder }, clock: () => NOW });
      return source.token().then(({ value }) => value, String);
    };
    for (const owner of [uid, uid + 1]) {
      const own = join(folder, `oidc-agent-service-${owner}`);
      mkdirSync(own);
      const server = createServer((socket) => {
        socket.once("data", () => socket.end(JSON.stringify(good)));
      }).listen(join(own, "oidc-agent.sock"));
      await once(server, "listening");
      onTestFinished(() => void server.close());
    }
    expect(await asked()).toBe("the-token-0123");
    vi.spyOn(process, "getuid").mockReturnValue(uid + 1); // then the folder of that name is another's: ours
    expect(await asked()).toContain("OIDC_SOCK is not set");
  });
});

describe("oidcAgentAccounts", () => {
  it("lists what is loaded", async () => {
    const { socket, questions } = await agent(says({ status: "success", info: ["wlcg", "dune"] }));
    expect(await oidcAgentAccounts({ socket })).toEqual(["wlcg", "dune"]);
    expect(questions).toEqual([{ request: "loaded_accounts" }]);
  });

  it("fails as a token does", async () => {
    const { socket } = await agent(says({ status: "failure", error: "Agent locked" }));
    expect((await failureOf(oidcAgentAccounts({ socket }))).code).toBe("interaction_needed");
    expect((await failureOf(oidcAgentAccounts({ env: {} }))).code).toBe("not_found");
  });
});

it.each([
  [{ acount: "x" }, "oidcAgent: unknown option 'acount'; did you mean 'account'?"],
  [{ account: "x", issuer: "https://issuer.test" }, "give account or issuer, not both"],
  [{ account: "" }, "account must be a string, not empty"],
  [{ timeout: "10" }, "timeout must be a number of seconds"],
])("%j is a TypeError", (options, sentence) => {
  expect(typeErrorOf(() => oidcAgent(wrong(options)))).toContain(sentence);
});

/** Each piece goes out by itself: the next follows when the last is written. */
function pieces(socket: Socket, text: string, size: number): void {
  socket.setNoDelay(true);
  const next = (at: number): void => {
    if (at >= text.length) socket.end();
    else socket.write(text.slice(at, at + size), () => setImmediate(next, at + size));
  };
  next(0);
}
