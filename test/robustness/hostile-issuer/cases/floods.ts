// More than anybody wants to read: large bodies, bombs, and floods of what is no body at all. Rule I4.
import { brotliCompressSync, constants, deflateRawSync, gzipSync } from "node:zlib";
import { bodyCase, GOOD_KEYS, keysCase } from "../case.js";
import type { HostileCase } from "../case.js";
import { chunk, head } from "../http.js";
import { FOREVER } from "../steps.js";
import type { Step } from "../steps.js";

const MIB = 1_048_576;
const BLANK = Buffer.alloc(MIB, " ");
const CHUNKED = head(200, ["transfer-encoding: chunked"]);
/** So small that the megabytes are the frame's, and not the body's. */
const ONE_BYTE_CHUNKS = "1\r\n \r\n".repeat(10_000);

const flood = (start: string, piece: string | Uint8Array, times = FOREVER): readonly Step[] => [
  { send: start },
  { flood: piece, times },
];

/** What a decompressor makes hundreds of megabytes of. */
const bomb = (encoding: string, bytes: Uint8Array): readonly Step[] => [
  { send: head(200, [`content-encoding: ${encoding}`, `content-length: ${bytes.length}`]) },
  { send: bytes },
];
const gzipOf = (mebibytes: number): Buffer => {
  const member = gzipSync(Buffer.alloc(8 * MIB, " "), { level: 1 });
  return Buffer.concat(Array.from({ length: mebibytes / 8 }, () => member));
};
const brotliOf = (mebibytes: number): Buffer =>
  brotliCompressSync(Buffer.alloc(mebibytes * MIB, " "), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
/** Blocks that refer to nothing before them can stand one behind the other. RFC 1951 */
const deflateOf = (mebibytes: number): Buffer => {
  const block = deflateRawSync(Buffer.alloc(8 * MIB, " "), { level: 1, finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat(Array.from({ length: mebibytes / 8 }, () => block));
};

const tooLarge = { says: /expected at most 1048576 bytes/ } as const;
const late = { says: /no answer in time/, waits: true, flood: true } as const;
const apart = { apart: true } as const;
const bombed = { ...tooLarge, long: true } as const;
const later = { ...late, long: true } as const;

export const FLOODS: readonly HostileCase[] = [
  keysCase("100 MB, announced", flood(head(200, [`content-length: ${100 * MIB}`]), BLANK, 100), tooLarge),
  keysCase("100 MB in chunks", flood(CHUNKED, chunk(BLANK), 100), { ...tooLarge, ...apart }),
  keysCase("a body without an end", flood(head(200), BLANK), tooLarge),
  // Two million chunks may take longer than the deadline on a machine that is busy.
  keysCase("2 MB in chunks of one byte", flood(CHUNKED, ONE_BYTE_CHUNKS, 200), {
    says: /expected at most 1048576 bytes|no answer in time/,
    ...apart,
  }),
  bodyCase("1 MiB and one byte, announced", GOOD_KEYS.padEnd(MIB + 1), tooLarge),
  bodyCase("1 MiB to the byte", GOOD_KEYS.padEnd(MIB), { answer: "good" }),
  keysCase("a gzip bomb that becomes 512 MB", bomb("gzip", gzipOf(512)), { ...tooLarge, ...apart }),
  keysCase("a brotli bomb that becomes 64 MB", bomb("br", brotliOf(64)), { ...tooLarge, ...apart }),
  keysCase("a deflate bomb that becomes 512 MB", bomb("deflate", deflateOf(512)), bombed),
  keysCase("a bomb in a bomb that becomes 512 MB", bomb("gzip, gzip", gzipSync(gzipOf(512))), bombed),
  keysCase("gzip members of nothing, without an end", flood(head(200, ["content-encoding: gzip"]), emptyMembers()), {
    ...late,
    ...apart,
  }),
  keysCase("a chunk extension without an end", flood(`${CHUNKED}1;`, "x".repeat(65_536)), later),
  keysCase("a status line without an end", flood("HTTP/1.1 200 ", "x".repeat(65_536)), later),
  keysCase("empty lines without an end", flood("", "\r\n".repeat(32_768)), later),
  keysCase("103s without an end", flood("", head(103, ["link: </a>"]).repeat(1000)), late),
  keysCase("a 500 with a body without an end", flood(head(500), BLANK), { says: /got 500/ }),
  keysCase("a redirect with a body without an end", flood(head(302, ["location: /elsewhere"]), BLANK), {
    says: /redirect/,
  }),
];

function emptyMembers(): Buffer {
  const member = gzipSync("");
  return Buffer.concat(Array.from({ length: 3000 }, () => member));
}
