// scitokens doctor: each fault of an issuer is named in plain words, with what to do. Scripted issuers; no network.
import { describe, expect, it } from "vitest";
import type { Certificate } from "../../packages/cli/src/doctor/certificate.js";
import { examine } from "../../packages/cli/src/doctor/examine.js";
import type { Examination } from "../../packages/cli/src/doctor/examine.js";
import { worst } from "../../packages/cli/src/doctor/finding.js";
import type { Finding } from "../../packages/cli/src/doctor/finding.js";
import { issuerForEachTest } from "../support/issuer-for-each-test.js";
import {
  everywhere,
  hanging,
  ISSUER,
  json,
  JWKS_URL,
  METADATA_URL,
  refused,
  SECOND_METADATA_URL,
} from "../support/scripted-issuer.js";
import type { Answer, Network } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";
import { newKeyPair } from "../support/key-pair.js";

const DAY = 86_400;
const key = testKey("ES256", "key-1");
const { network, clock } = issuerForEachTest(key);
const metadata = { issuer: ISSUER, jwks_uri: JWKS_URL };
const keySet = (...keys: readonly unknown[]): Answer => json({ keys });

const goodCertificate = (): Certificate => ({
  chainFault: undefined,
  nameFault: false,
  startsAt: clock.now - 30 * DAY,
  endsAt: clock.now + 60 * DAY,
  names: "DNS:issuer.example.org",
  issuedBy: "Test CA",
  protocol: "TLSv1.3",
});

function findings(changes: Partial<Examination> = {}): Promise<readonly Finding[]> {
  return examine({
    issuer: ISSUER,
    allowInsecure: false,
    fetch: network.fetch,
    clock: clock.read,
    timeout: 10,
    maxBytes: 1_048_576,
    signal: new AbortController().signal,
    lookUp: () => Promise.resolve([{ address: "192.0.2.1", family: 4 }]),
    inspectCertificate: () => Promise.resolve(goodCertificate()),
    ...changes,
  });
}

/** What was found of this gravity, a line each. */
const said = (all: readonly Finding[], ...levels: readonly Finding["level"][]): readonly string[] =>
  all
    .filter(({ level }) => levels.includes(level))
    .map(({ level, subject, message }) => `${level} ${subject}: ${message}`);

/** Whether the server's finding, which is the core's own word, is what the whole report says. */
const serverLevel = (all: readonly Finding[]): string =>
  all.findLast(({ subject }) => subject === "server")?.level ?? "";

it("finds nothing wrong with a good issuer", async () => {
  network.answers.set(SECOND_METADATA_URL, json(metadata));
  const all = await findings();
  expect(said(all, "warn", "fail")).toEqual([]);
  expect(new Set(all.map(({ subject }) => subject))).toEqual(
    new Set(["issuer", "network", "tls", "metadata", "keys", "clock", "server"]),
  );
  expect(all.at(-1)?.message).toMatch(/^a server gets 1 usable key, in 0\.0 s$/);
});

it("asks each document once, and follows no redirect (I4)", async () => {
  await findings();
  expect(network.requests.map(({ url }) => url)).toEqual([METADATA_URL, SECOND_METADATA_URL, JWKS_URL]);
  expect(network.requests.every(({ init }) => init.redirect === "manual")).toBe(true);
});

const rsa = (bits: number): unknown => ({
  kty: "RSA",
  kid: "short",
  e: "AQAB",
  n: Buffer.concat([Buffer.from([0x80]), Buffer.alloc(bits / 8 - 1, 1)]).toString("base64url"),
});
const html: Answer = () => new Response("<html>log in</html>", { headers: { "content-type": "text/html" } });
const huge: Answer = () => Response.json({ keys: [], filler: "x".repeat(1_100_000) });
const redirect: Answer = () => new Response(null, { status: 302, headers: { location: "https://login.example" } });
const privateKey = { ...key.privateKey.export({ format: "jwk" }), kid: "leaked" };

interface Fault {
  readonly fault: string;
  readonly rule: string;
  readonly at: string;
  readonly answer: Answer;
  readonly says: RegExp;
  readonly advice?: RegExp;
}

const FAILS: readonly Fault[] = [
  {
    fault: "nobody listens",
    rule: "I9",
    at: METADATA_URL,
    answer: refused,
    says: /connection was refused/,
    advice: /issuer runs/,
  },
  {
    fault: "metadata is missing",
    rule: "I3",
    at: METADATA_URL,
    answer: json({}, {}, 404),
    says: /status 404/,
    advice: /path included/,
  },
  {
    fault: "metadata is behind a login",
    rule: "I3",
    at: METADATA_URL,
    answer: json({}, {}, 403),
    says: /status 403/,
    advice: /public/,
  },
  {
    fault: "metadata is a redirect",
    rule: "I2",
    at: METADATA_URL,
    answer: redirect,
    says: /redirects to https:\/\/login\.example/,
  },
  { fault: "metadata is a web page", rule: "I3", at: METADATA_URL, answer: html, says: /web page/ },
  {
    fault: "the issuer is another",
    rule: "I3",
    at: METADATA_URL,
    answer: json({ ...metadata, issuer: "https://x.example" }),
    says: /issuer is https:\/\/x\.example: expected/,
  },
  {
    fault: "the issuer has a slash more",
    rule: "I3",
    at: METADATA_URL,
    answer: json({ ...metadata, issuer: `${ISSUER}/` }),
    says: /by a slash at the end/,
    advice: /jwksUri/,
  },
  {
    fault: "the issuer is missing",
    rule: "I3",
    at: METADATA_URL,
    answer: json({ jwks_uri: JWKS_URL }),
    says: /issuer is missing/,
  },
  {
    fault: "jwks_uri is missing",
    rule: "I3",
    at: METADATA_URL,
    answer: json({ issuer: ISSUER }),
    says: /jwks_uri is missing/,
  },
  {
    fault: "jwks_uri is http",
    rule: "I2",
    at: METADATA_URL,
    answer: json({ ...metadata, jwks_uri: "http://issuer.example.org/keys" }),
    says: /expected https/,
  },
  { fault: "keys are missing", rule: "I9", at: JWKS_URL, answer: json({}, {}, 404), says: /keys: .*status 404/ },
  { fault: "keys are no set", rule: "I9", at: JWKS_URL, answer: json({ key: {} }), says: /no JWK set/ },
  { fault: "the key set is too long", rule: "I4", at: JWKS_URL, answer: huge, says: /longer than servers read/ },
  { fault: "the key set is empty", rule: "I9", at: JWKS_URL, answer: keySet(), says: /no key of the set can verify/ },
  {
    fault: "the only key is too short",
    rule: "I10",
    at: JWKS_URL,
    answer: keySet(rsa(1024)),
    says: /no key of the set/,
  },
];

describe("what no server could live with", () => {
  it.each(FAILS)("fails where $fault ($rule)", async ({ at, answer, says, advice }) => {
    network.answers.set(at, answer);
    const all = await findings();
    const found = all.find(({ level, subject, message }) => level === "fail" && says.test(`${subject}: ${message}`));
    expect(found?.advice ?? "").toMatch(advice ?? /./);
    expect(serverLevel(all)).toBe("fail");
  });

  it("fails where two keys have one kid (I10)", async () => {
    network.answers.set(JWKS_URL, keySet(key.jwk, testKey("ES256", "key-1").jwk));
    expect(said(await findings(), "fail")).toEqual([
      "fail keys: several keys have the kid key-1: tokens that name it are refused",
    ]);
  });

  it("cries out where a private key is published, and does not repeat it (I10)", async () => {
    network.answers.set(JWKS_URL, keySet(key.jwk, privateKey));
    const all = await findings();
    expect(said(all, "fail")).toEqual([expect.stringContaining("key leaked PUBLISHES ITS PRIVATE PART (d)")]);
    expect(JSON.stringify(all)).not.toContain(privateKey.d);
  });

  it("gives up on an answer that never ends (I4)", async () => {
    everywhere(network, hanging);
    const all = await findings({ timeout: 0.02 });
    expect(said(all, "fail").join()).toContain("no whole answer within 0.02 s");
    expect(worst(all)).toBe("fail");
  });

  it("fails where the answers take longer than servers wait (I4)", async () => {
    network.answers.set(JWKS_URL, () => {
      clock.now += 6;
      return Response.json({ keys: [key.jwk] });
    });
    expect(said(await findings(), "fail")).toEqual([
      "fail server: metadata and keys took 6.0 s: servers wait 5 s for both",
    ]);
  });

  it.each([
    ["no url", /no URL/],
    ["ftp://issuer.example.org", /expected https/],
    ["http://issuer.example.org", /over http/],
    [`${ISSUER}?a=b`, /no query/],
    ["https://alice:secret@issuer.example.org", /user name/],
    ["https:issuer.example.org", /no server can be configured/],
  ])("asks nobody about the issuer %j (I2)", async (issuer, says) => {
    const all = await findings({ issuer });
    expect(said(all, "ok", "warn")).toEqual([]);
    expect(all[0]?.message).toMatch(says);
    expect(JSON.stringify(all)).not.toContain("secret");
    expect(network.requests).toEqual([]);
  });
});

const p384 = { ...newKeyPair("ec", { namedCurve: "P-384" }).publicKey.export({ format: "jwk" }), kid: "x" };
const onlyAt = (net: Network, url: string): void => {
  net.answers.delete(METADATA_URL);
  net.answers.set(url, json(metadata));
};

describe("what a server lives with, and somebody should look at", () => {
  it.each([
    [
      "the first place is empty",
      () => onlyAt(network, SECOND_METADATA_URL),
      /openid-configuration: answers with status 404/,
    ],
    [
      "the second place names another issuer",
      () => network.answers.set(SECOND_METADATA_URL, json({ issuer: "https://x.example" })),
      /authorization-server: issuer is/,
    ],
    [
      "the two places name different keys",
      () => network.answers.set(SECOND_METADATA_URL, json({ ...metadata, jwks_uri: `${ISSUER}/old` })),
      /different jwks_uris/,
    ],
    [
      "the content type is odd",
      () => network.answers.set(JWKS_URL, json({ keys: [key.jwk] }, { "content-type": "text/plain" })),
      /content type is text\/plain/,
    ],
    [
      "a key among others is too short",
      () => network.answers.set(JWKS_URL, keySet(key.jwk, rsa(1024))),
      /key short is ignored by servers: it is an RSA key of 1024 bits/,
    ],
    [
      "a key has an algorithm that is not a default",
      () => network.answers.set(JWKS_URL, keySet(key.jwk, p384)),
      /key x is usable, ES384, which is not among the defaults/,
    ],
    [
      "a key has no kid",
      () => network.answers.set(JWKS_URL, keySet({ ...key.jwk, kid: undefined })),
      /has no kid: only tokens without kid/,
    ],
    [
      "there are more keys than servers read",
      () => network.answers.set(JWKS_URL, keySet(key.jwk, ...Array.from({ length: 100 }, () => ({ kty: "oct" })))),
      /servers read 100 keys: 1 key after them/,
    ],
    [
      "a key is symmetric",
      () => network.answers.set(JWKS_URL, keySet(key.jwk, { kty: "oct", kid: "hmac" })),
      /key hmac is ignored by servers: it has kty oct/,
    ],
    [
      "an entry is no object",
      () => network.answers.set(JWKS_URL, keySet(key.jwk, 7)),
      /key number 2 is ignored by servers: it is no JSON object/,
    ],
  ])("warns where %s (I10)", async (_, change, says) => {
    change();
    const all = await findings();
    expect(said(all, "warn").join("\n")).toMatch(says);
    expect(said(all, "fail")).toEqual([]);
    expect(serverLevel(all)).toBe("ok");
  });

  it("does not count on a key that stands after those that servers read (I10)", async () => {
    const unknown = Array.from({ length: 100 }, () => ({ kty: "oct" }));
    network.answers.set(JWKS_URL, keySet(...unknown, key.jwk));
    const all = await findings();
    expect(said(all, "fail").join("\n")).toContain("no key of the set can verify a token");
    expect(said(all, "ok").join("\n")).not.toContain("key-1");
  });

  it("leaves a key for encryption alone (I10)", async () => {
    network.answers.set(JWKS_URL, keySet(key.jwk, { ...testKey("RS256", "enc").jwk, use: "enc" }));
    const all = await findings();
    expect(said(all, "warn", "fail")).toEqual([]);
    expect(said(all, "ok").join()).toContain("key enc is for encryption");
  });
});

describe("its certificate", () => {
  it.each<[string, Partial<Certificate>, string, RegExp, RegExp]>([
    ["has expired", { chainFault: "CERT_HAS_EXPIRED", endsAt: 0 }, "fail", /certificate has expired/, /renew it/],
    ["is for another host", { nameFault: true }, "fail", /is for another host: it names DNS:issuer/, /for this name/],
    [
      "is self-signed",
      { chainFault: "DEPTH_ZERO_SELF_SIGNED_CERT" },
      "fail",
      /self-signed; issued by Test CA/,
      /NODE_EXTRA_CA_CERTS/,
    ],
    ["is of an unknown CA", { chainFault: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" }, "fail", /does not know/, /--ca-file/],
    ["is odd in a new way", { chainFault: "NEW_CODE\u001b[2J" }, "fail", /not accepted \(NEW_CODE\\u001b\[2J\)/, /^$/],
    ["ends in 29 days", { endsAt: 1_800_000_000 + 29 * DAY }, "warn", /in 29 days/, /renew it/],
    ["ends tomorrow", { endsAt: 1_800_000_000 + DAY }, "warn", /in 1 day$/, /renew it/],
    ["ends in 31 days", { endsAt: 1_800_000_000 + 31 * DAY }, "ok", /good until 2027-02-15/, /^$/],
  ])("%s: told with what to do (I2)", async (_, changes, level, says, advice) => {
    const all = await findings({ inspectCertificate: () => Promise.resolve({ ...goodCertificate(), ...changes }) });
    const found = all.find(({ subject }) => subject === "tls");
    expect(found?.level).toBe(level);
    expect(found?.message).toMatch(says);
    expect(found?.advice ?? "").toMatch(advice);
  });

  it("cannot be looked at: a warning, since a proxy may be in between", async () => {
    const error = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
    const all = await findings({ inspectCertificate: () => Promise.reject(error) });
    expect(said(all, "warn")).toEqual([expect.stringContaining("could not be looked at: the connection was refused")]);
  });
});

it.each([
  [-3, "ok", /agree/],
  [30, "warn", /30 s ahead/],
  [90, "fail", /90 s ahead of this machine's: fresh tokens are refused/],
  [-90, "warn", /90 s behind/],
])("an issuer's clock that is %d s ahead is told: %s (C3)", async (ahead, level, says) => {
  const date = new Date((clock.now + ahead) * 1000).toUTCString();
  network.answers.set(METADATA_URL, json(metadata, { date }));
  const found = (await findings()).find(({ subject }) => subject === "clock");
  expect(found).toMatchObject({ level });
  expect(found?.message).toMatch(says);
});

it("an answer from a cache does not make the issuer's clock wrong", async () => {
  const date = new Date((clock.now - 500) * 1000).toUTCString();
  network.answers.set(METADATA_URL, json(metadata, { date, age: "500" }));
  expect((await findings()).find(({ subject }) => subject === "clock")).toMatchObject({ level: "ok" });
});

it.each([
  [[], "fail", /no address/],
  [[{ address: "::1", family: 6 }], "ok", /IPv6 alone: machines with IPv4 only/],
  [
    [
      { address: "::1", family: 6 },
      { address: "127.0.0.1", family: 4 },
    ],
    "ok",
    /IPv4 and of IPv6/,
  ],
])("tells which addresses the host has: %j", async (addresses, level, says) => {
  const found = (await findings({ lookUp: () => Promise.resolve(addresses) })).find(
    ({ subject }) => subject === "network",
  );
  expect(found).toMatchObject({ level });
  expect(found?.message).toMatch(says);
});

it("says nothing unprintable or unbounded of what an issuer wrote (I4)", async () => {
  const evil = `x\u001b[2J\u202e\n${"y".repeat(5000)}`;
  const answers: readonly [string, Answer][] = [
    [METADATA_URL, json({ issuer: evil, jwks_uri: evil })],
    [SECOND_METADATA_URL, json(metadata, { "content-type": `text/${"z".repeat(5000)}` })],
    [JWKS_URL, json({ keys: [key.jwk, { kty: evil, kid: evil, alg: evil }, { ...key.jwk, kid: evil, alg: evil }] })],
  ];
  for (const [url, answer] of answers) network.answers.set(url, answer);
  for (const { message, advice = "" } of await findings()) {
    // oxlint-disable-next-line no-control-regex
    expect(`${message}${advice}`).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(message.length).toBeLessThan(1500);
  }
});

it("ends with its command", async () => {
  everywhere(network, hanging);
  const ending = new AbortController();
  const examination = findings({ signal: ending.signal });
  ending.abort(new Error("ended by SIGINT"));
  await expect(examination).rejects.toThrow("ended by SIGINT");
});
