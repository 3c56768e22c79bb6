// Where an issuer's keys are, and how they are fetched: as if from an enemy. Rules I2, I3, I4.
import type { Enforcer, EnforcerOptions, KeyOptions, SciTokenEvent } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { collectGarbage } from "../support/garbage.js";
import { issuerForEachTest } from "../support/issuer-for-each-test.js";
import {
  everywhere,
  failureOf,
  goodToken,
  hanging,
  HOUR,
  ISSUER,
  json,
  JWKS_URL,
  METADATA_URL,
  publish,
  refused,
  SECOND_METADATA_URL,
  settled,
  verdict,
} from "../support/scripted-issuer.js";
import type { Answer } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";

const key = testKey("ES256", "k1");
const MIB = 1_048_576;
const UNAVAILABLE = "issuer_unavailable";

const { network, clock, ...scripted } = issuerForEachTest(key);

const enforcerOf = (issuer: EnforcerOptions["issuer"] = ISSUER, keys: KeyOptions = {}): Enforcer =>
  scripted.enforcerOf({ issuer, keys });
const urls = (): readonly string[] => network.requests.map(({ url }) => url);
const verdictOf = (issuer?: EnforcerOptions["issuer"], keys?: KeyOptions): Promise<string> =>
  verdict(enforcerOf(issuer, keys), goodToken(key, clock.now));

/** The failures in the chain of causes, in words. */
async function reasonsOf(issuer?: EnforcerOptions["issuer"], keys?: KeyOptions): Promise<string> {
  let text = "";
  let error: unknown = await failureOf(enforcerOf(issuer, keys).verify(goodToken(key, clock.now)));
  while (error instanceof Error) {
    text += `${error.message}\n`;
    error = error.cause;
  }
  return text;
}

describe("https only", () => {
  it.each(["http://issuer.example.org", "http://127.0.0.1:8080", "ftp://issuer.example.org", "file:///etc/keys"])(
    "takes no issuer %s, and says what would take one (I2)",
    (issuer) => {
      expect(() => enforcerOf(issuer)).toThrow(TypeError);
      expect(() => enforcerOf(issuer)).toThrow(/issuer: .*https.*allowInsecureIssuer/);
    },
  );

  it.each(["http://issuer.example.org/keys", "file:///etc/keys", "data:application/json,{}"])(
    "takes no jwksUri %s (I2)",
    (jwksUri) => expect(() => enforcerOf({ issuer: ISSUER, jwksUri })).toThrow(/jwksUri: .*https/),
  );

  it("takes an http issuer that is marked allowInsecureIssuer (I2)", async () => {
    const issuer = "http://127.0.0.1:8080";
    publish(network, [key], { issuer });
    const enforcer = enforcerOf({ issuer, allowInsecureIssuer: true });
    expect(await verdict(enforcer, goodToken(key, clock.now, { iss: issuer }))).toBe("good");
    expect(network.asked(`${issuer}/keys`)).toBe(1);
  });

  it("marks one issuer as insecure, not its neighbours (I2)", () => {
    const insecure = { issuer: "http://127.0.0.1:8080", allowInsecureIssuer: true };
    expect(() => enforcerOf([insecure, "http://127.0.0.1:8081"])).toThrow(/https/);
  });

  it.each([
    "http://issuer.example.org/keys",
    "https://user:password@issuer.example.org/keys",
    "https://user@issuer.example.org/keys",
    "file:///etc/keys",
    "data:application/json,{}",
    "/keys",
    "",
    7,
    null,
  ])("refuses the jwks_uri %j of the metadata (I2)", async (jwksUri) => {
    network.answers.set(METADATA_URL, json({ issuer: ISSUER, jwks_uri: jwksUri }));
    expect(await reasonsOf()).toContain("jwks_uri: expected");
    expect(urls()).toEqual([METADATA_URL, SECOND_METADATA_URL]);
  });

  it.each(["file:///etc/keys", "ftp://127.0.0.1/keys", "data:application/json,{}"])(
    "takes %s neither as an insecure issuer's jwks_uri nor as its jwksUri (I2)",
    async (uri) => {
      const issuer = "http://127.0.0.1:8080";
      network.answers.set(`${issuer}/.well-known/openid-configuration`, json({ issuer, jwks_uri: uri }));
      network.answers.set(uri, json({ keys: [key.jwk] }));
      const enforcer = enforcerOf({ issuer, allowInsecureIssuer: true });
      expect(await verdict(enforcer, goodToken(key, clock.now, { iss: issuer }))).toBe(UNAVAILABLE);
      expect(network.asked(uri)).toBe(0);
      expect(() => enforcerOf({ issuer, jwksUri: uri, allowInsecureIssuer: true })).toThrow(/jwksUri: expected/);
    },
  );

  it.each([301, 302, 303, 307, 308])("does not follow a %i of the key set (I2)", async (status) => {
    const elsewhere = "https://elsewhere.example.org/keys";
    network.answers.set(JWKS_URL, () => new Response(null, { status, headers: { location: elsewhere } }));
    network.answers.set(elsewhere, json({ keys: [key.jwk] }));
    expect(await reasonsOf()).toContain("redirect");
    expect(network.asked(elsewhere)).toBe(0);
  });

  it("tells fetch not to follow redirects (I2)", async () => {
    await verdictOf();
    expect(network.requests.map(({ init }) => init.redirect)).toEqual(["manual", "manual"]);
  });
});

const NO_DOCUMENT: readonly [string, Answer][] = [
  ["404", json({ issuer: ISSUER, jwks_uri: JWKS_URL }, {}, 404)],
  ["401", json({ issuer: ISSUER, jwks_uri: JWKS_URL }, {}, 401)],
  ["500", json({ issuer: ISSUER, jwks_uri: JWKS_URL }, {}, 500)],
  ["a 201", json({ issuer: ISSUER, jwks_uri: JWKS_URL }, {}, 201)],
  ["a redirect", () => new Response(null, { status: 302, headers: { location: SECOND_METADATA_URL } })],
  ["a refused connection", refused],
  ["an HTML page", () => new Response("<!doctype html><title>Hello</title>")],
  ["an empty body", () => new Response("")],
  ["no body", () => new Response(null)],
  ["a JSON list", json([{ issuer: ISSUER, jwks_uri: JWKS_URL }])],
  ["null", json(null)],
  ["another issuer's document", json({ issuer: "https://other.example.org", jwks_uri: JWKS_URL })],
  ["a document without issuer", json({ jwks_uri: JWKS_URL })],
  ["an issuer that is a list", json({ issuer: [ISSUER], jwks_uri: JWKS_URL })],
  ["a document without jwks_uri", json({ issuer: ISSUER })],
];

describe("discovery", () => {
  it("asks the first place, and nobody else when it answers (I3)", async () => {
    expect(await verdictOf()).toBe("good");
    expect(urls()).toEqual([METADATA_URL, JWKS_URL]);
  });

  it.each(NO_DOCUMENT)("asks the second place when the first has %s (I3)", async (_, answer) => {
    network.answers.set(METADATA_URL, answer);
    network.answers.set(SECOND_METADATA_URL, json({ issuer: ISSUER, jwks_uri: JWKS_URL }));
    expect(await verdictOf()).toBe("good");
    expect(urls()).toEqual([METADATA_URL, SECOND_METADATA_URL, JWKS_URL]);
  });

  it.each(NO_DOCUMENT)("has no keys when both places have %s, and names both (I3)", async (_, answer) => {
    everywhere(network, answer);
    network.answers.set(JWKS_URL, json({ keys: [key.jwk] }));
    const reasons = await reasonsOf();
    expect(reasons).toContain(METADATA_URL);
    expect(reasons).toContain(SECOND_METADATA_URL);
    expect(network.asked(JWKS_URL)).toBe(0);
  });

  it.each([
    ["https://host.example.org/realms/grid", "https://host.example.org", "/realms/grid"],
    ["https://host.example.org/realms/grid/", "https://host.example.org", "/realms/grid"],
    ["https://host.example.org:8443/a", "https://host.example.org:8443", "/a"],
    ["https://host.example.org/", "https://host.example.org", ""],
  ])("asks for %s behind its path, then between host and path (I3)", async (issuer, origin, path) => {
    const [first, second] = [
      `${origin}${path}/.well-known/openid-configuration`,
      `${origin}/.well-known/oauth-authorization-server${path}`,
    ];
    network.answers.set(second, json({ issuer, jwks_uri: JWKS_URL }));
    expect(await verdict(enforcerOf(issuer), goodToken(key, clock.now, { iss: issuer }))).toBe("good");
    expect(urls()).toEqual([first, second, JWKS_URL]);
  });

  it.each([
    "https://ISSUER.example.org",
    "https://issuer.example.org:443",
    "https://issuer.example.org/a",
    `${ISSUER} `,
  ])("refuses a document whose issuer is %j: it is compared to the letter (I3)", async (named) => {
    network.answers.set(METADATA_URL, json({ issuer: named, jwks_uri: JWKS_URL }));
    expect(await reasonsOf()).toContain("issuer: expected the configured one");
    expect(network.asked(JWKS_URL)).toBe(0);
  });

  it.each([
    [ISSUER, `${ISSUER}/`],
    [`${ISSUER}/`, ISSUER],
  ])("refuses, for %s, a document of %s, and names jwksUri as the way out (I3)", async (issuer, named) => {
    network.answers.set(METADATA_URL, json({ issuer: named, jwks_uri: JWKS_URL }));
    const events: SciTokenEvent[] = [];
    const enforcer = scripted.enforcerOf({ issuer, onEvent: (event) => events.push(event) });
    const error = await failureOf(enforcer.verify(goodToken(key, clock.now, { iss: issuer })));
    const wanted = expect.stringMatching(/trailing slash.*jwksUri/);
    expect(error.cause).toMatchObject({ message: wanted });
    expect(events).toMatchObject([{ type: "keys_failed", message: wanted }]);
    expect(enforcer.status()).toMatchObject([{ lastError: wanted }]);
    expect(network.asked(JWKS_URL)).toBe(0);

    const wayOut = enforcerOf({ issuer, jwksUri: JWKS_URL });
    expect(await verdict(wayOut, goodToken(key, clock.now, { iss: issuer }))).toBe("good");
  });

  it("asks for no metadata when jwksUri is given (I3)", async () => {
    expect(await verdictOf({ issuer: ISSUER, jwksUri: JWKS_URL })).toBe("good");
    expect(urls()).toEqual([JWKS_URL]);
  });

  it("asks nobody when the keys themselves are given (I3)", async () => {
    expect(await verdictOf({ issuer: ISSUER, jwks: { keys: [key.jwk] } })).toBe("good");
    const publicKey = key.publicKey.export({ type: "spki", format: "pem" }).toString();
    expect(await verdictOf({ issuer: ISSUER, publicKey })).toBe("good");
    expect(urls()).toEqual([]);
  });

  it("takes only one of jwks, jwksUri and publicKey (I3)", () => {
    const both = { issuer: ISSUER, jwksUri: JWKS_URL, jwks: { keys: [key.jwk] } };
    expect(() => enforcerOf(both)).toThrow(/only one of jwksUri, jwks and publicKey/);
  });

  it("follows a jwks_uri that has moved, at the next refresh (I3)", async () => {
    const [enforcer, moved, successor] = [enforcerOf(), "https://cdn.example.org/keys", testKey("ES256", "k2")];
    expect(await verdict(enforcer, goodToken(key, clock.now))).toBe("good");
    network.answers.set(METADATA_URL, json({ issuer: ISSUER, jwks_uri: moved }));
    network.answers.set(moved, json({ keys: [successor.jwk] }));
    clock.now += 6 * HOUR;
    await verdict(enforcer, goodToken(key, clock.now));
    await settled();
    expect(await verdict(enforcer, goodToken(successor, clock.now))).toBe("good");
    expect([network.asked(JWKS_URL), network.asked(moved)]).toEqual([1, 1]);
  });
});

/** A body that comes in pieces, so that no length is announced. */
function inPieces(text: string, size = 65_536): Response {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new Response(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(at, at + size));
        at += size;
      },
    }),
  );
}

/** A body that says one byte and no more, and whether anybody told it to stop. */
function unending(): { readonly response: () => Response; readonly cancelled: () => boolean } {
  let cancelled = false;
  const response = (): Response =>
    new Response(
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new Uint8Array([0x7b])),
        pull: () => new Promise(() => {}),
        cancel() {
          cancelled = true;
        },
      }),
    );
  return { response, cancelled: () => cancelled };
}

const later =
  (milliseconds: number, answer: Answer): Answer =>
  async (init) => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return answer(init);
  };

/** Fails when the promise takes longer, so that a lost deadline is a failure and no hanging test. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | "no answer"> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<"no answer">((resolve) => {
    timer = setTimeout(() => resolve("no answer"), milliseconds);
  });
  return Promise.race([promise, tooLate]).finally(() => clearTimeout(timer));
}

describe("a fetch", () => {
  it("says what it wants and who it is, and brings nothing else (I4)", async () => {
    await verdictOf();
    expect(network.requests).toHaveLength(2);
    for (const { init } of network.requests) {
      const headers = new Headers(init.headers);
      expect([...headers.keys()].toSorted()).toEqual(["accept", "user-agent"]);
      expect(headers.get("accept")).toBe("application/json");
      expect(headers.get("user-agent")).toMatch(/scitokens/);
      expect(init).toMatchObject({ credentials: "omit" });
      expect(init.method ?? "GET").toBe("GET");
    }
  });

  const LIMITS: readonly [string, number, KeyOptions][] = [
    ["1 MiB by default", MIB, {}],
    ["maxBytes: 1024", 1024, { maxBytes: 1024 }],
    ["maxBytes: 16777216", 16_777_216, { maxBytes: 16_777_216 }],
  ];

  it.each(LIMITS)("takes a key set of %s to the byte, and not one byte more (I4)", async (_, limit, keys) => {
    const document = JSON.stringify({ keys: [key.jwk] });
    network.answers.set(JWKS_URL, () => inPieces(document.padEnd(limit)));
    expect(await verdictOf(ISSUER, keys)).toBe("good");
    network.answers.set(JWKS_URL, () => inPieces(document.padEnd(limit + 1)));
    expect(await reasonsOf(ISSUER, keys)).toContain(`expected at most ${limit} bytes`);
  });

  it("takes metadata of 1 MiB to the byte, and not one byte more (I4)", async () => {
    const document = JSON.stringify({ issuer: ISSUER, jwks_uri: JWKS_URL });
    network.answers.set(METADATA_URL, () => inPieces(document.padEnd(MIB)));
    expect(await verdictOf()).toBe("good");
    network.answers.set(METADATA_URL, () => inPieces(document.padEnd(MIB + 1)));
    expect(await reasonsOf()).toContain(`${METADATA_URL}: expected at most ${MIB} bytes`);
  });

  it("stops reading where the limit is, and says so to the other side (I4)", async () => {
    let [pulled, cancelled] = [0, false];
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
      cancel() {
        cancelled = true;
      },
    });
    network.answers.set(JWKS_URL, () => new Response(endless));
    expect(await verdictOf()).toBe(UNAVAILABLE);
    expect(pulled).toBeLessThanOrEqual(MIB + 3 * 65_536);
    expect(cancelled).toBe(true);
  });

  it("lets go of the body of an answer that it does not read (I4)", async () => {
    const { response, cancelled } = unending();
    network.answers.set(JWKS_URL, () => new Response(response().body, { status: 503 }));
    expect(await verdictOf()).toBe(UNAVAILABLE);
    expect(cancelled()).toBe(true);
  });

  it("ends at the deadline though the injected fetch overlooks the signal (I4)", async () => {
    network.answers.set(JWKS_URL, hanging);
    expect(await within(5000, reasonsOf(ISSUER, { timeout: 0.05 }))).toContain("no answer");
  });

  it("ends at the deadline though the body does not (I4)", async () => {
    network.answers.set(JWKS_URL, unending().response);
    expect(await within(5000, reasonsOf(ISSUER, { timeout: 0.05 }))).toContain("no answer");
  });

  it("lets go of a body that has not ended by the deadline (I4)", async () => {
    const { response, cancelled } = unending();
    network.answers.set(JWKS_URL, response);
    await within(5000, verdictOf(ISSUER, { timeout: 0.05 }));
    await settled();
    expect(cancelled()).toBe(true);
  });

  it("ends at the deadline though the garbage has been collected since (I4)", async () => {
    everywhere(network, hanging);
    const outcome = verdictOf(ISSUER, { timeout: 0.1 });
    await settled();
    await collectGarbage();
    expect(await within(1000, outcome)).toBe(UNAVAILABLE);
  });

  it("has one deadline for metadata and keys together (I4)", async () => {
    network.answers.set(METADATA_URL, later(180, json({ issuer: ISSUER, jwks_uri: JWKS_URL })));
    network.answers.set(JWKS_URL, later(180, json({ keys: [key.jwk] })));
    expect(await reasonsOf(ISSUER, { timeout: 0.3 })).toContain("no answer");
    expect(network.asked(JWKS_URL)).toBe(1);
  });

  it("does not ask the second place when the deadline has passed at the first (I4)", async () => {
    network.answers.set(METADATA_URL, hanging);
    expect(await verdictOf(ISSUER, { timeout: 0.05 })).toBe(UNAVAILABLE);
    expect(network.asked(SECOND_METADATA_URL)).toBe(0);
  });

  it("leaves no timer behind when it has its answer (I4)", async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    for (let times = 0; times < 50; times++) await verdictOf();
    expect(timers() - before).toBeLessThan(25);
  });

  it("passes well within the deadline (I4)", async () => {
    network.answers.set(JWKS_URL, later(1, json({ keys: [key.jwk] })));
    expect(await verdictOf(ISSUER, { timeout: 5 })).toBe("good");
  });

  it("hands the injected fetch a signal that the deadline aborts (I4)", async () => {
    network.answers.set(JWKS_URL, hanging);
    await verdictOf(ISSUER, { timeout: 0.05 });
    expect(network.requests.map(({ init }) => init.signal?.aborted)).toEqual([true, true]);
  });

  const HOSTILE: readonly [string, Answer][] = [
    ["null", json(null)],
    ["a list", json([{ keys: [key.jwk] }])],
    ["a string", json("keys")],
    ["a number", json(7)],
    ["no keys", json({})],
    ["keys that are null", json({ keys: null })],
    ["keys that are an object", json({ keys: { 0: key.jwk, length: 1 } })],
    ["keys of its prototype", () => new Response(`{"__proto__":{"keys":[${JSON.stringify(key.jwk)}]}}`)],
    ["33 levels", () => new Response(`{"keys":[],"x":${"[".repeat(32)}${"]".repeat(32)}}`)],
    ["100,000 levels", () => new Response(`{"keys":${"[".repeat(100_000)}`)],
    ["bytes that are no UTF-8", () => new Response(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]))],
    ["half a document", () => new Response('{"keys":[')],
    ["an HTML page", () => new Response("<!doctype html>", { headers: { "content-type": "application/json" } })],
    ["an empty body", () => new Response("")],
    ["a 204", () => new Response(null, { status: 204 })],
    ["a 500", json({ keys: [key.jwk] }, {}, 500)],
    ["a refused connection", refused],
    ["a body that breaks off", () => new Response(new ReadableStream({ start: (c) => c.error(new Error("reset")) }))],
    ["a thrown text", () => Promise.reject("no")], // oxlint-disable-line prefer-promise-reject-errors
    ["nothing at all", () => Promise.resolve(undefined as unknown as Response)],
  ];

  it.each(HOSTILE)("makes of %s an issuer that is unavailable, and no error of the program (I4)", async (_, answer) => {
    network.answers.set(JWKS_URL, answer);
    const enforcer = enforcerOf();
    expect(await verdict(enforcer, goodToken(key, clock.now))).toBe(UNAVAILABLE);
    expect(enforcer.status()).toMatchObject([{ state: "none", failures: 1 }]);
  });

  it("takes a key set 32 levels deep, and members that nobody knows (I4)", async () => {
    const deep = `${"[".repeat(31)}${"]".repeat(31)}`;
    network.answers.set(JWKS_URL, () => new Response(`{"keys":[${JSON.stringify(key.jwk)}],"x":${deep}}`));
    expect(await verdictOf()).toBe("good");
  });
});
