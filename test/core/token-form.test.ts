// What a token must look like before anything that it says is believed. Rules T1, T2, T4, T6, T7.
import { Buffer } from "node:buffer";
import { InvalidTokenError } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { encode, signToken, testKey } from "../support/sign.js";
import {
  CANARY,
  claimsOf,
  enforcerWith,
  EVERY_PROFILE,
  GOOD_HEADER,
  GOOD_PAYLOAD,
  headerOf,
  payloadText,
  signSegments,
  tokenOf,
  verdict,
} from "../support/static-issuer.js";
import { wrong } from "../support/wrong.js";

const enforcer = enforcerWith();
const T = tokenOf("scitokens-2");
const [HEADER = "", PAYLOAD = "", SIGNATURE = ""] = T.split(".");

describe("compact form", () => {
  it("takes a compact JWS (T1)", async () => {
    expect(await verdict(enforcer, T)).toBe("good");
  });

  it.each([
    ["the empty text", ""],
    ["two dots alone", ".."],
    ["one segment", HEADER],
    ["two segments", `${HEADER}.${PAYLOAD}`],
    ["no signature", `${HEADER}.${PAYLOAD}.`],
    ["no payload", `${HEADER}..${SIGNATURE}`],
    ["no header", `.${PAYLOAD}.${SIGNATURE}`],
    ["four segments", `${T}.${SIGNATURE}`],
    ["a dot at the end", `${T}.`],
    ["five segments, as a JWE has", `${encode({ alg: "RSA-OAEP", enc: "A256GCM" })}.AAAA.AAAA.${PAYLOAD}.AAAA`],
    [
      "five segments with an empty key, as a JWE of alg dir has",
      `${encode({ alg: "dir", enc: "A256GCM" })}..AAAA.AAAA.AAAA`,
    ],
    [
      "the general JSON serialisation",
      JSON.stringify({ payload: PAYLOAD, signatures: [{ protected: HEADER, signature: SIGNATURE }] }),
    ],
    ["the flattened JSON serialisation", JSON.stringify({ payload: PAYLOAD, protected: HEADER, signature: SIGNATURE })],
    ["the scheme's name before it", `Bearer ${T}`],
    ["a blank before it", ` ${T}`],
    ["a blank after it", `${T} `],
    ["a line feed after it", `${T}\n`],
    ["a carriage return within", `${HEADER}.\r${PAYLOAD}.${SIGNATURE}`],
    ["a NUL after it", `${T}\0`],
    ["padding after the signature", `${T}==`],
    ["padding after the header", `${HEADER}=.${PAYLOAD}.${SIGNATURE}`],
    ["the alphabet of plain base64", `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, -2)}+/`],
    ["a percent escape", `${HEADER}%2E${PAYLOAD}.${SIGNATURE}`],
    ["a full stop of another script", `${HEADER}．${PAYLOAD}．${SIGNATURE}`],
    ["a letter of another script", `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, -1)}А`],
    ["two tokens", `${T},${T}`],
  ])("refuses %s (T1)", async (_, raw) => {
    expect(await verdict(enforcer, raw)).toBe("malformed");
  });

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a number", 42],
    ["an object", { toString: () => T }],
    ["a list that holds a token", [T]],
    ["bytes", Buffer.from(T)],
  ])("refuses %s, which is no text (T1)", async (_, value) => {
    expect(await verdict(enforcer, wrong(value))).toBe("malformed");
  });

  it("takes as many bytes as maxTokenBytes says, and no more (T1)", async () => {
    expect(await verdict(enforcerWith({ maxTokenBytes: T.length }), T)).toBe("good");
    expect(await verdict(enforcerWith({ maxTokenBytes: T.length - 1 }), T)).toBe("malformed");
  });

  it("takes 16384 bytes by default, and not one more (T1)", async () => {
    expect(await verdict(enforcer, tokenOfLength(16_384))).toBe("good");
    expect(await verdict(enforcer, tokenOfLength(16_385))).toBe("malformed");
  });

  // Each is signed as it stands: only its spelling is wrong.
  it.each([
    [
      "the header, one byte left over",
      () => signSegments(secondSpelling(padded(headerOf("scitokens-2"), 1)), GOOD_PAYLOAD),
    ],
    [
      "the header, two bytes left over",
      () => signSegments(secondSpelling(padded(headerOf("scitokens-2"), 2)), GOOD_PAYLOAD),
    ],
    [
      "the payload, one byte left over",
      () => signSegments(GOOD_HEADER, secondSpelling(padded(claimsOf("scitokens-2"), 1))),
    ],
    [
      "the payload, two bytes left over",
      () => signSegments(GOOD_HEADER, secondSpelling(padded(claimsOf("scitokens-2"), 2))),
    ],
    ["the signature", () => `${HEADER}.${PAYLOAD}.${secondSpelling(SIGNATURE)}`],
  ])("refuses bits beyond the last byte of %s (T1)", async (_, make) => {
    expect(await verdict(enforcer, make())).toBe("malformed");
  });

  it.each([
    ["one byte left over", 1],
    ["two bytes left over", 2],
    ["no byte left over", 0],
  ] as const)("takes the one spelling of a header and payload with %s (T1)", async (_, rest) => {
    const raw = signSegments(padded(headerOf("scitokens-2"), rest), padded(claimsOf("scitokens-2"), rest));
    expect(await verdict(enforcer, raw)).toBe("good");
  });

  it("refuses a segment whose length no bytes have (T1)", async () => {
    const header = padded(headerOf("scitokens-2"), 0);
    expect(await verdict(enforcer, signSegments(`${header}A`, GOOD_PAYLOAD))).toBe("malformed");
    expect(await verdict(enforcer, signSegments(GOOD_HEADER, `${padded(claimsOf("scitokens-2"), 0)}A`))).toBe(
      "malformed",
    );
    const rsa = testKey("RS256", "rsa-1");
    const ofRsa = enforcerWith({}, { jwks: { keys: [rsa.jwk] } });
    const raw = signToken(rsa, claimsOf("scitokens-2"));
    expect(await verdict(ofRsa, raw)).toBe("good");
    expect(await verdict(ofRsa, `${raw}AAA`)).toBe("malformed");
  });
});

/** JSON with blanks at its end, so that `rest` bytes are left over when its bytes are counted by threes. */
function padded(value: unknown, rest: 0 | 1 | 2): string {
  let text = JSON.stringify(value);
  while (Buffer.byteLength(text) % 3 !== rest) text += " ";
  return encode(text);
}

/** Another text that careless decoders read as the same bytes. */
function secondSpelling(segment: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const other = `${segment.slice(0, -1)}${alphabet[alphabet.indexOf(segment.slice(-1)) | 1]}`;
  expect(other).not.toBe(segment);
  expect(Buffer.from(other, "base64url")).toEqual(Buffer.from(segment, "base64url"));
  return other;
}

function tokenOfLength(length: number): string {
  for (let inHeader = 0; inHeader < 3; inHeader++) {
    const header = encode(`${JSON.stringify(headerOf("scitokens-2"))}${" ".repeat(inHeader)}`);
    const text = JSON.stringify(claimsOf("scitokens-2"));
    const wanted = Math.floor(((length - header.length - SIGNATURE.length - 2) * 3) / 4);
    const raw = signSegments(header, encode(text.padEnd(wanted, " ")));
    if (raw.length === length) return raw;
  }
  throw new Error(`no token of ${length} bytes`);
}

describe("header and payload", () => {
  const bytes = (...parts: readonly (string | readonly number[])[]): Buffer =>
    Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));
  const inString = (...octets: readonly number[]): ((text: string) => Buffer) => {
    return (text) => bytes(`${text.slice(0, -1)},"x":"`, octets, '"}');
  };
  const withMembers = (members: string) => (text: string) => `${text.slice(0, -1)},${members}}`;

  const DOCUMENTS: readonly (readonly [string, (text: string) => string | Buffer])[] = [
    ["a list", (text) => `[${text}]`],
    ["null", () => "null"],
    ["a number", () => "42"],
    ["a string", (text) => JSON.stringify(text)],
    ["true", () => "true"],
    ["no JSON", () => CANARY],
    ["blanks only", () => "   "],
    ["an object that does not end", (text) => text.slice(0, -1)],
    ["two objects", (text) => `${text}${text}`],
    ["something after the object", (text) => `${text}x`],
    ["a comma at the end", (text) => `${text.slice(0, -1)},}`],
    ["a comment", (text) => `/* */${text}`],
    ["NaN", withMembers('"x":NaN')],
    ["single quotes", withMembers("'x':1")],
    ["a line feed in a string", withMembers('"x":"a\nb"')],
    ["a byte order mark", (text) => bytes([0xef, 0xbb, 0xbf], text)],
    ["UTF-16", (text) => Buffer.from(text, "utf16le")],
    ["UTF-16 with its mark", (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")])],
    ["a stray continuation byte", inString(0x80)],
    ["a byte of no encoding", inString(0xff)],
    ["an overlong slash", inString(0xc0, 0xaf)],
    ["an encoded surrogate", inString(0xed, 0xa0, 0x80)],
    ["a character cut short", inString(0xe2, 0x82)],
    ["a code point beyond the last", inString(0xf4, 0x90, 0x80, 0x80)],
    ["a member twice", withMembers('"x":1,"x":1')],
    ["a member twice, once spelt with an escape", withMembers('"x":1,"\\u0078":2')],
    ["a member twice, deep inside", withMembers('"x":[{"y":{"a":1,"b":2,"a":3}}]')],
    ["the empty name twice", withMembers('"":1,"":2')],
    ["__proto__ twice", withMembers('"__proto__":{},"__proto__":{}')],
    ["__proto__ twice, once spelt with an escape", withMembers('"__proto__":1,"\\u005f_proto__":1')],
    ["a member twice, the first a string full of colons", withMembers('"x":"a:b:c:d","x":1')],
    ["a member twice, after a name that ends in a backslash", withMembers('"\\\\":1,"x":1,"x":2')],
  ];

  it.each(DOCUMENTS)("refuses a header that is or has %s (T2)", async (_, change) => {
    const header = change(JSON.stringify(headerOf("scitokens-2")));
    const raw = signSegments(Buffer.from(header).toString("base64url"), GOOD_PAYLOAD);
    expect(await verdict(enforcer, raw)).toBe("malformed");
  });

  it.each(DOCUMENTS)("refuses a payload that is or has %s (T2)", async (_, change) => {
    const payload = change(JSON.stringify(claimsOf("scitokens-2")));
    const raw = signSegments(GOOD_HEADER, Buffer.from(payload).toString("base64url"));
    expect(await verdict(enforcer, raw)).toBe("malformed");
  });

  it.each(["iss", "exp", "scope", "aud"])("refuses %s twice, and never takes one of the two (T2)", async (name) => {
    const value = JSON.stringify(claimsOf("scitokens-2")[name]);
    const escaped = `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}`;
    for (const spelling of [name, escaped]) {
      const raw = signSegments(GOOD_HEADER, encode(payloadText(`"${spelling}":${value}`)));
      expect(await verdict(enforcer, raw)).toBe("malformed");
    }
  });

  it.each([
    ["blanks and line feeds around it", ` \r\n\t${JSON.stringify(claimsOf("scitokens-2"))}\n`],
    ["one name at two levels", payloadText('"x":{"iss":1,"x":{"x":2}}')],
    ["one name in two objects of a list", payloadText('"x":[{"a":1},{"a":1}]')],
    ["braces, colons and commas in strings", payloadText('"x":"{[:,]}:{\\"a\\":1}","y:":"::"')],
    ["a quote that is escaped, and a backslash that is", payloadText('"x":"\\\\","y":"\\"","z":"\\\\\\""')],
    ["characters of every length in UTF-8", payloadText('"x":"aé€😀"')],
    ["an escaped pair of surrogates", payloadText('"x":"\\ud83d\\ude00"')],
    ["40 opening brackets in a string", payloadText(`"x":"${"[{".repeat(20)}"`)],
    [
      "claims named as an object's own parts",
      payloadText('"__proto__":{"scope":"write:/"},"constructor":1,"toString":2,"hasOwnProperty":3'),
    ],
  ])("takes a payload with %s (T2)", async (_, payload) => {
    expect(await verdict(enforcer, signSegments(GOOD_HEADER, encode(payload)))).toBe("good");
  });

  it.each([
    ["lists", "[", "]"],
    ["objects", '{"x":', "}"],
  ])("takes 32 levels of %s, and not 33 (T2)", async (_, open, close) => {
    const levels = (n: number): string => `"x":${open.repeat(n - 1)}${close === "}" ? 1 : ""}${close.repeat(n - 1)}`;
    const ofPayload = (n: number): string => signSegments(GOOD_HEADER, encode(payloadText(levels(n))));
    const ofHeader = (n: number): string => {
      const text = JSON.stringify(headerOf("scitokens-2"));
      return signSegments(encode(`${text.slice(0, -1)},${levels(n)}}`), GOOD_PAYLOAD);
    };
    expect(await verdict(enforcer, ofPayload(32))).toBe("good");
    expect(await verdict(enforcer, ofPayload(33))).toBe("malformed");
    expect(await verdict(enforcer, ofHeader(32))).toBe("good");
    expect(await verdict(enforcer, ofHeader(33))).toBe("malformed");
  });

  it("says of brackets without end that they are nested too deep, before a parser sees them (T2)", async () => {
    const raw = signSegments(GOOD_HEADER, encode("[".repeat(11_000)));
    expect(await verdict(enforcer, raw)).toBe("malformed");
  });
});

describe("extensions of the header", () => {
  it.each([[["exp"]], [["b64"]], [[]], [null], ["exp"], [{}], [false]])("refuses crit: %j (T4)", async (crit) => {
    expect(await verdict(enforcer, tokenOf("scitokens-2", {}, { crit, exp: 1 }))).toBe("header");
  });

  it("refuses crit even where it names what the core would honour (T4)", async () => {
    expect(await verdict(enforcer, tokenOf("scitokens-2", {}, { crit: ["b64"], b64: true }))).toBe("header");
  });

  it.each([false, 0, null, "true", "", []])("refuses b64: %j (T4)", async (b64) => {
    expect(await verdict(enforcer, tokenOf("scitokens-2", {}, { b64 }))).toBe("header");
  });

  it("takes b64: true, which is the default written down (T4)", async () => {
    expect(await verdict(enforcer, tokenOf("scitokens-2", {}, { b64: true }))).toBe("good");
  });

  it("takes members of the header that nobody knows (T4)", async () => {
    expect(await verdict(enforcer, tokenOf("scitokens-2", {}, { cty: "x", zip: "DEF", critical: ["exp"] }))).toBe(
      "good",
    );
  });
});

describe("a token's kind", () => {
  it.each([
    undefined,
    "JWT",
    "jwt",
    "Jwt",
    "at+jwt",
    "AT+JWT",
    "application/at+jwt",
    "Application/AT+JWT",
    "application/jwt",
  ])("takes typ: %s (T6)", async (typ) => {
    expect(await verdict(enforcer, tokenOf("scitokens-2", {}, { typ }))).toBe("good");
  });

  it.each([
    "logout+jwt",
    "dpop+jwt",
    "statuslist+jwt",
    "secevent+jwt",
    "token-introspection+jwt",
    "kb+jwt",
    "JWE",
    "jwe",
    "JOSE",
    "jose+json",
    "jwe+jwt",
  ])("refuses typ: %s, in any letter case and with application/ (T6)", async (typ) => {
    for (const spelling of [typ, typ.toUpperCase(), `application/${typ}`, `APPLICATION/${typ.toUpperCase()}`]) {
      expect(await verdict(enforcer, tokenOf("scitokens-2", {}, { typ: spelling }))).toBe("header");
    }
  });

  it.each([null, 1, "", ["JWT"], {}])("refuses a typ that is no media type: %j (T6)", async (typ) => {
    expect(await verdict(enforcer, tokenOf("scitokens-2", {}, { typ }))).toBe("header");
  });

  it.each(["scitokens-1", "scitokens-2", "wlcg"] as const)(
    "takes an unknown typ in a %s token (T6)",
    async (profile) => {
      for (const typ of ["token", "SciToken", "urn:x", "__proto__"]) {
        expect(await verdict(enforcer, tokenOf(profile, {}, { typ }))).toBe("good");
      }
    },
  );

  it("refuses an unknown typ in a plain OAuth token (T6)", async () => {
    const plain = enforcerWith({ profiles: ["oauth"] });
    expect(await verdict(plain, tokenOf("oauth"))).toBe("good");
    expect(await verdict(plain, tokenOf("oauth", {}, { typ: "at+jwt" }))).toBe("good");
    expect(await verdict(plain, tokenOf("oauth", {}, { typ: "token" }))).toBe("profile");
  });

  const everyProfile = enforcerWith({ profiles: EVERY_PROFILE });

  it.each(EVERY_PROFILE)(
    "refuses an ID token, refresh token or logout token that looks like %s (T6)",
    async (profile) => {
      const allowing = profile === "scitokens-1" ? enforcer : everyProfile;
      for (const typ of ["ID", "Refresh", "Offline", "Logout", "id", "REFRESH"]) {
        expect(await verdict(allowing, tokenOf(profile, { typ }))).toBe("token_type");
      }
      for (const at_hash of [CANARY, null, ""]) {
        expect(await verdict(allowing, tokenOf(profile, { at_hash }))).toBe("token_type");
      }
    },
  );

  it.each(["scitokens-2", "wlcg", "at-jwt"] as const)(
    "takes nonce, and typ: Bearer, in a %s token (T6)",
    async (profile) => {
      expect(await verdict(enforcer, tokenOf(profile, { nonce: CANARY }))).toBe("good");
      expect(await verdict(enforcer, tokenOf(profile, { typ: "Bearer" }))).toBe("good");
    },
  );

  it("tells the operator which token to send (T6)", async () => {
    const error = await enforcer.verify(tokenOf("scitokens-2", { at_hash: CANARY })).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidTokenError);
    expect(error).toMatchObject({ hint: expect.stringContaining("access_token") as unknown });
  });
});

describe("tokens bound to a key", () => {
  const everyProfile = enforcerWith({ profiles: EVERY_PROFILE });

  it.each(EVERY_PROFILE)("refuses cnf in a %s token (T7)", async (profile) => {
    const allowing = profile === "scitokens-1" ? enforcer : everyProfile;
    for (const cnf of [{ jkt: CANARY }, { "x5t#S256": CANARY }, {}, null, false, CANARY]) {
      expect(await verdict(allowing, tokenOf(profile, { cnf }))).toBe("sender_constrained");
    }
    expect(await verdict(allowing, tokenOf(profile))).toBe("good");
  });

  it("refuses cnf though a validator is registered for it: a validator sees no binding (T7)", async () => {
    const validating = enforcerWith({ validators: { cnf: () => true } });
    expect(await verdict(validating, tokenOf("scitokens-1", { cnf: { jkt: CANARY } }))).toBe("sender_constrained");
  });
});
