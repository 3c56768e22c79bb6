// Answers that are HTTP, and are no key set, or only after some reading: statuses, texts, encodings. Rules I4, I9, I10.
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { bodyCase, GOOD_KEYS } from "../case.js";
import type { HostileCase } from "../case.js";

const STATUSES = [
  201, 202, 203, 204, 205, 206, 207, 226, 300, 304, 400, 401, 403, 404, 407, 408, 410, 418, 421, 425, 429, 451, 500,
  501, 502, 503, 504, 511, 599, 600, 999,
];

const LINES: Readonly<Record<number, readonly string[]>> = {
  206: ["content-range: bytes 0-9/10"],
  401: ['www-authenticate: Basic realm="x"'],
  407: ['proxy-authenticate: Basic realm="x"'],
  429: ["retry-after: 999999999"],
  503: ["retry-after: -1"],
};

const text = (what: string, body: string | Uint8Array, says = /expected JSON/): HostileCase =>
  bodyCase(what, body, { says });
const notUtf8 = /expected valid UTF-8/;
const notASet = /expected a JWK set/;
const good = { answer: "good" } as const;
const deep = (open: string, close: string, levels = 100_000): string =>
  `{"keys":[],"x":${open.repeat(levels)}0${close.repeat(levels)}}`;
const members = (count: number, name: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${JSON.stringify(name(i))}:0`).join();
const keysAnd = (more: string): string => `${GOOD_KEYS.slice(0, -1)},${more}}`;

const TEXTS: readonly HostileCase[] = [
  text("an empty body", ""),
  text("blanks", "   \r\n"),
  text("an HTML page", "<!doctype html><title>Sign in</title>"),
  text("good keys behind a BOM", `\uFEFF${GOOD_KEYS}`),
  text("good keys in UTF-16, little endian", Buffer.from(`\uFEFF${GOOD_KEYS}`, "utf16le"), notUtf8),
  text("good keys in UTF-16, big endian", Buffer.from(GOOD_KEYS, "utf16le").swap16()),
  text(
    "bytes that are no UTF-8",
    Buffer.concat([Buffer.from('{"keys":[],"x":"'), Buffer.of(0xc0, 0x80), Buffer.from('"}')]),
    notUtf8,
  ),
  text("a NUL behind good keys", `${GOOD_KEYS}\0`),
  text("good keys twice", GOOD_KEYS + GOOD_KEYS),
  text("good keys as JSONP", `callback(${GOOD_KEYS})`),
  text("good keys with a comment", `/**/${GOOD_KEYS}`),
  text("good keys with a comma at the end", GOOD_KEYS.replace("]}", "],}")),
  text("NaN", '{"keys":[],"x":NaN}'),
  text("null", "null", /expected a JSON object/),
  text("a list", `[${GOOD_KEYS}]`, /expected a JSON object/),
  text("a string with keys in it", JSON.stringify(GOOD_KEYS), /expected a JSON object/),
  text("a number of a million digits", "9".repeat(1_000_000), /expected a JSON object/),
  text("100,000 lists in one another", deep("[", "]"), /at most 32 levels/),
  text("100,000 objects in one another", deep('{"x":', "}"), /at most 32 levels/),
  text("1,000,000 opening brackets", "[".repeat(1_000_000), /at most 32 levels/),
  text("an object without keys", "{}", notASet),
  text("keys that are an object", '{"keys":{}}', notASet),
  text("keys that are null", '{"keys":null}', notASet),
  text("keys that are a text", JSON.stringify({ keys: GOOD_KEYS }), notASet),
  text("keys of its prototype", `{"__proto__":${GOOD_KEYS}}`, notASet),
  text("Keys with a capital", GOOD_KEYS.replace("keys", "Keys"), notASet),
  bodyCase(
    "a member __proto__ beside the keys",
    keysAnd('"__proto__":{"keys":[]},"constructor":{"prototype":[]}'),
    good,
  ),
  bodyCase("keys twice, the last ones good", `{"keys":[],${GOOD_KEYS.slice(1)}`, good),
  bodyCase("keys twice, the last ones none", keysAnd('"keys":[]'), { answer: "unknown_key" }),
  bodyCase("keys spelt with escapes", GOOD_KEYS.replace("keys", "\\u006beys"), good),
  bodyCase("70,000 members beside the keys", keysAnd(members(70_000, (i) => `m${i}`)), good),
  bodyCase(
    "70,000 members with numbers for names",
    keysAnd(members(70_000, (i) => String((i * 1021) % 4_294_967_291))),
    good,
  ),
  bodyCase("a member of a million characters", keysAnd(`"x":"${"y".repeat(1_000_000)}"`), good),
  bodyCase("good keys as text/html, charset utf-16", GOOD_KEYS, {
    http: { lines: ["content-type: text/html; charset=utf-16"] },
    ...good,
  }),
  bodyCase("with cookies and a realm", GOOD_KEYS, {
    http: { lines: ["set-cookie: a=b; Path=/", "set-cookie: c=d", 'www-authenticate: Basic realm="x"'] },
    ...good,
  }),
  bodyCase("Cache-Control that is absurd", GOOD_KEYS, {
    http: { lines: [`cache-control: max-age=${"9".repeat(400)}, max-age=-1, no-store${", x".repeat(999)}`] },
    ...good,
  }),
];

const encoded = (what: string, encoding: string, body: string | Uint8Array, more: Partial<HostileCase>): HostileCase =>
  bodyCase(`content-encoding ${what}`, body, { http: { lines: [`content-encoding: ${encoding}`] }, ...more });
const gzipped = gzipSync(GOOD_KEYS);

const ENCODINGS: readonly HostileCase[] = [
  encoded("gzip", "gzip", gzipped, good),
  encoded("br", "br", brotliCompressSync(GOOD_KEYS), good),
  encoded("deflate", "deflate", deflateSync(GOOD_KEYS), good),
  encoded("deflate, raw", "deflate", deflateRawSync(GOOD_KEYS), good),
  encoded("gzip, gzip", "gzip, gzip", gzipSync(gzipped), good),
  encoded("identity", "identity", GOOD_KEYS, good),
  encoded("that nobody knows", "x-unknown", gzipped, { says: notUtf8 }),
  encoded("gzip, and it is not", "gzip", GOOD_KEYS, { says: /incorrect header|terminated|Z_DATA_ERROR/ }),
  encoded("br, and it is not", "br", GOOD_KEYS, { says: /decompress|terminated|ERR_/i }),
  encoded("gzip, cut short", "gzip", gzipped.subarray(0, -30), { says: /expected JSON|unexpected end|terminated/ }),
  encoded("gzip a hundred times", Array.from({ length: 100 }, () => "gzip").join(), gzipped, {
    says: /content-encodings|terminated|incorrect/,
  }),
  bodyCase("gzip that does not say so", gzipped, { says: notUtf8 }),
];

export const ANSWERS: readonly HostileCase[] = [
  ...STATUSES.map((status) =>
    bodyCase(`status ${status} with good keys`, GOOD_KEYS, {
      http: { status, lines: LINES[status] ?? [] },
      // Node's fetch keeps a 407 to itself.
      // And asks once more after a 421, on a new connection. Fetch 4.6
      fetches: status === 421 ? 3 : 2,
      says: status === 407 ? /the fetch failed/ : new RegExp(`expected status 200, got ${status}`),
    }),
  ),
  ...TEXTS,
  ...ENCODINGS,
];
