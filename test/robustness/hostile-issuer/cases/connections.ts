// What can go wrong before there is an answer: silence, drips, resets, ends, and bytes that are not quite HTTP. Rules I4, I6.
import { bodyCase, GOOD_KEYS, keysCase, metadataCase } from "../case.js";
import type { HostileCase } from "../case.js";
import { answer, chunk, head } from "../http.js";
import { FOREVER } from "../steps.js";
import type { Step } from "../steps.js";

const HEAD = head(200, [`content-length: ${GOOD_KEYS.length}`]);
const HALF = HEAD + GOOD_KEYS.slice(0, 40);
const CHUNKED = head(200, ["transfer-encoding: chunked"]);
const ONE_CHUNK = CHUNKED + chunk(Buffer.from(GOOD_KEYS)).toString();

const silent = { says: /no answer in time/, waits: true } as const;

const SILENCES: readonly (readonly [string, readonly Step[]])[] = [
  ["accepts the connection and says nothing", ["hang"]],
  ["stops within the status line", [{ send: "HTTP/1.1 2" }, "hang"]],
  ["stops within the headers", [{ send: HEAD.slice(0, 40) }, "hang"]],
  ["stops after the headers", [{ send: HEAD }, "hang"]],
  ["stops within the body", [{ send: HALF }, "hang"]],
  ["never sends the last chunk", [{ send: ONE_CHUNK }, "hang"]],
  ["drips the headers, a byte in 200 ms", [{ drip: HEAD.repeat(9), everyMs: 200 }]],
  ["drips the body, a byte in 200 ms", [{ send: HEAD }, { drip: GOOD_KEYS, everyMs: 200 }]],
  ["drips a body without an end, a byte in 20 ms", [{ send: head(200) }, { drip: " ".repeat(9999), everyMs: 20 }]],
];

const CUTS: readonly (readonly [string, readonly Step[], RegExp])[] = [
  ["resets the connection at once", ["reset"], /ECONNRESET|other side closed/],
  ["resets it within the headers", [{ send: HEAD.slice(0, 40) }, { waitMs: 20 }, "reset"], /ECONNRESET|other side/],
  ["resets it after the headers", [{ send: HEAD }, { waitMs: 20 }, "reset"], /ECONNRESET|terminated|other side/],
  ["resets it within the body", [{ send: HALF }, { waitMs: 20 }, "reset"], /ECONNRESET|terminated|other side/],
  ["ends the connection at once", [], /other side closed/],
  ["ends it within the headers", [{ send: HEAD.slice(0, 40) }], /other side closed/],
  ["ends it after the headers", [{ send: HEAD }], /other side closed|terminated/],
  ["ends it within the body", [{ send: HALF }], /other side closed|terminated/],
  ["ends it before the last chunk", [{ send: ONE_CHUNK }], /other side closed|terminated/],
  [
    "ends it within a body that ends with the connection",
    answer(GOOD_KEYS.slice(0, 40), { framing: "close" }),
    /expected JSON/,
  ],
];

const good = { answer: "good" } as const;
const odd = (what: string, text: string, says: RegExp): HostileCase => keysCase(what, [{ send: text }], { says });

export const CONNECTIONS: readonly HostileCase[] = [
  ...SILENCES.map(([what, steps]) => keysCase(what, steps, silent)),
  // The one deadline is for both places: the second is not asked when it has passed at the first.
  ...SILENCES.map(([what, steps]) => metadataCase(what, steps, { ...silent, fetches: 1 })),
  ...CUTS.map(([what, steps, says]) => keysCase(what, steps, { says })),
  ...CUTS.map(([what, steps, says]) => metadataCase(what, steps, { says })),

  bodyCase("Content-Length is one too large, and the connection ends", GOOD_KEYS, {
    http: { framing: GOOD_KEYS.length + 1 },
    says: /CONTENT_LENGTH_MISMATCH/,
  }),
  bodyCase("Content-Length is one too small", GOOD_KEYS, {
    http: { framing: GOOD_KEYS.length - 1 },
    says: /expected JSON/,
  }),
  bodyCase("Content-Length is 0 before a body", GOOD_KEYS, { http: { framing: 0 }, says: /expected JSON/ }),
  odd(
    "Content-Length is negative",
    head(200, ["content-length: -1"]) + GOOD_KEYS,
    /HPE_|HTTP\/1.1 protocol|CONTENT_LENGTH_MISMATCH/,
  ),
  odd(
    "Content-Length is no number",
    head(200, ["content-length: 9x"]) + GOOD_KEYS,
    /HPE_|HTTP\/1.1 protocol|CONTENT_LENGTH_MISMATCH/,
  ),
  odd(
    "two Content-Lengths",
    head(200, ["content-length: 9", "content-length: 10"]) + GOOD_KEYS,
    /HPE_|HTTP\/1.1 protocol|CONTENT_LENGTH_MISMATCH/,
  ),
  odd(
    "Content-Length beside Transfer-Encoding",
    head(200, ["content-length: 9", "transfer-encoding: chunked"]) + GOOD_KEYS,
    /HPE_|HTTP\/1.1 protocol|CONTENT_LENGTH_MISMATCH/,
  ),
  odd("a chunk whose size is no number", `${CHUNKED}xyz\r\n${GOOD_KEYS}`, /HPE_|chunk/),
  odd("bytes that are no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", /HPE_|HTTP/),
  odd("HTTP/2 to who asked for HTTP/1.1", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", /HPE_|HTTP/),
  odd("a header line without a colon", head(200, ["nonsense"]) + GOOD_KEYS, /HPE_|header/i),
  odd("a NUL in a header", head(200, ["x: a\0b"]) + GOOD_KEYS, /HPE_|header/i),
  odd("101, and another protocol", head(101, ["connection: upgrade", "upgrade: x"]), /upgrade/),
  odd("100 Continue, which nobody asked for", head(100) + HEAD + GOOD_KEYS, /bad response/),

  bodyCase("HTTP/1.0, the body ends with the connection", GOOD_KEYS, {
    http: { version: "1.0", framing: "close" },
    ...good,
  }),
  bodyCase("chunked", GOOD_KEYS, { http: { framing: "chunked" }, ...good }),
  keysCase("a few 103s first", [{ send: head(103, ["link: </a>"]).repeat(5) }, ...answer(GOOD_KEYS)], good),
  keysCase("comes after 200 ms", [{ waitMs: 200 }, ...answer(GOOD_KEYS)], good),
  keysCase("with a second answer behind the first", [{ send: HEAD + GOOD_KEYS + HEAD + GOOD_KEYS }], good),

  bodyCase("2000 short header lines", GOOD_KEYS, { http: { lines: headerLines(2000, 1) }, ...good }),
  bodyCase("2000 header lines of 100 characters", GOOD_KEYS, {
    http: { lines: headerLines(2000, 100) },
    says: /OVERFLOW/,
  }),
  keysCase(
    "headers without an end",
    [{ send: "HTTP/1.1 200 OK\r\n" }, { flood: `x: ${"y".repeat(999)}\r\n`, times: FOREVER }],
    {
      says: /OVERFLOW/,
    },
  ),
  keysCase(
    "trailers without an end",
    [{ send: `${ONE_CHUNK}0\r\n` }, { flood: `x: ${"y".repeat(999)}\r\n`, times: FOREVER }],
    {
      says: /OVERFLOW/,
    },
  ),
];

function headerLines(count: number, length: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `x-${i}: ${"y".repeat(length)}`);
}
