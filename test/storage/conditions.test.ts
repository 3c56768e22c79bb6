// Conditions and ranges of examples/storage as tables. RFC 9110 13 and 14.
import { describe, expect, it } from "vitest";
import { unmetCondition } from "../../examples/storage/src/conditions.js";
import { parseRange } from "../../examples/storage/src/read.js";

const SOME = { kind: "file", size: 1, modified: new Date(1_000_000_000_900), etag: '"tag"' } as const;
const BEFORE = new Date(999_999_999_000).toUTCString();
const THEN = new Date(1_000_000_000_000).toUTCString();

describe("conditions", () => {
  it.each([
    ["if-match", '"tag"', undefined, undefined, 412],
    ["if-match", '"a", "tag"', undefined, undefined, 412],
    ["if-match", "*", undefined, undefined, 412],
    ["if-match", '"a"', 412, 412, 412],
    ["if-match", 'W/"tag"', 412, 412, 412],
    ["if-match", "tag", 412, 412, 412],
    ["if-none-match", '"tag"', 304, 412, undefined],
    ["if-none-match", 'W/"tag"', 304, 412, undefined],
    ["if-none-match", '"a","tag"', 304, 412, undefined],
    ["if-none-match", "*", 304, 412, undefined],
    ["if-none-match", '"a"', undefined, undefined, undefined],
    ["if-modified-since", THEN, 304, undefined, undefined],
    ["if-modified-since", BEFORE, undefined, undefined, undefined],
    ["if-modified-since", "yesterday", undefined, undefined, undefined],
    ["if-unmodified-since", THEN, undefined, undefined, undefined],
    ["if-unmodified-since", BEFORE, 412, 412, undefined],
    ["if-unmodified-since", "yesterday", undefined, undefined, undefined],
    ["if", "(<urn:x>)", 412, 412, 412],
  ])("%s: %s gives a reader %s, a writer %s, and where nothing is %s", (name, value, reader, writer, nothing) => {
    const headers = { [name]: value };
    expect([
      unmetCondition({ headers, method: "GET" }, SOME),
      unmetCondition({ headers, method: "PUT" }, SOME),
      unmetCondition({ headers, method: "PUT" }, undefined),
    ]).toEqual([reader, writer, nothing]);
  });

  it.each([
    [{ "if-match": '"tag"', "if-unmodified-since": BEFORE }, undefined],
    [{ "if-none-match": '"a"', "if-modified-since": THEN }, undefined],
    [{ "if-match": '"a"', "if-none-match": '"tag"' }, 412],
  ])("%j: a tag says more than a date, and 412 more than 304", (headers, status) => {
    expect(unmetCondition({ headers, method: "GET" }, SOME)).toBe(status);
  });
});

describe("ranges of ten bytes", () => {
  it.each([
    ["bytes=0-0", { start: 0, end: 0 }],
    ["bytes=0-", { start: 0, end: 9 }],
    ["bytes=9-", { start: 9, end: 9 }],
    ["bytes=9-9", { start: 9, end: 9 }],
    ["bytes=3-99", { start: 3, end: 9 }],
    ["bytes=-3", { start: 7, end: 9 }],
    ["bytes=-10", { start: 0, end: 9 }],
    ["bytes=-99", { start: 0, end: 9 }],
    [`bytes=0-${"9".repeat(400)}`, { start: 0, end: 9 }],
    ["bytes=10-", "unsatisfiable"],
    ["bytes=10-20", "unsatisfiable"],
    [`bytes=${"9".repeat(400)}-`, "unsatisfiable"],
    ["bytes=-0", "unsatisfiable"],
    ["bytes=5-4", undefined],
    ["bytes=-", undefined],
    ["bytes=", undefined],
    ["bytes=0-1,3-4", undefined],
    ["bytes= 0-1", undefined],
    ["bytes=-1-2", undefined],
    ["bytes=0x1-2", undefined],
    ["items=0-1", undefined],
    [undefined, undefined],
  ])("%s", (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });

  it("has no part of an empty file", () => {
    expect([parseRange("bytes=0-", 0), parseRange("bytes=-1", 0)]).toEqual(["unsatisfiable", "unsatisfiable"]);
  });
});
