// Scope claims and questions, out of few names and few paths, so that they often meet.
import * as fc from "fast-check";
import { lettersOf } from "./letters.js";
import type { Question } from "./scope-model.js";
import { anyPath, encodingOf, goodPath } from "./paths.js";

/** Every name that the rules speak of, and some that look like them. */
export const NAMES: readonly string[] = [
  "read",
  "write",
  "condor",
  "create",
  "modify",
  "queue",
  "queues",
  "storage.read",
  "storage.modify",
  "storage.create",
  "storage.stage",
  "storage.poll",
  "storage.",
  "compute.read",
  "compute.create",
  "compute.modify",
  "compute.cancel",
  "Read",
  "__proto__",
  "constructor",
  "readé",
  "compute.x",
];
const BARE = [
  "queue",
  "compute.read",
  "compute.create",
  "compute.modify",
  "compute.cancel",
  "create",
  "wlcg:1.0",
  "aud:https://x",
  "queue:",
  "a:b:/c",
];
const BAD = [
  "read",
  "read:",
  "read:a",
  "write:%2F",
  ":",
  ":/a",
  "queue\t",
  "queue:/..",
  "a\u0085b",
  "storage.read",
  "condor:READ",
  "x:\0",
  "read:/%",
  "queue:/\ud800",
];

export const name: fc.Arbitrary<string> = fc.constantFrom(...NAMES);
const place = fc.oneof(
  { weight: 6, arbitrary: goodPath },
  { weight: 1, arbitrary: fc.constantFrom("/READ", "/WRITE", "/READ/x", "/WRITE/", "/READS", "/") },
);

/** A good value: a capability on a path, in some encoding, or one without a path. */
export const goodValue: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(name, place.chain(encodingOf))
      .map(([authz, path]) => `${authz}:${path.replaceAll(" ", "%20")}`),
  },
  { weight: 2, arbitrary: fc.constantFrom(...BARE) },
);

const anyValue = fc.oneof(
  { weight: 10, arbitrary: goodValue },
  { weight: 1, arbitrary: fc.constantFrom(...BAD) },
  { weight: 1, arbitrary: fc.tuple(name, anyPath).map(([authz, path]) => `${authz}:${path}`) },
  { weight: 1, arbitrary: lettersOf("read:/%2e. \t\\é", 8) },
);

export const goodScope: fc.Arbitrary<string> = fc.array(goodValue, { maxLength: 5 }).map((values) => values.join(" "));

/** Values, and any number of blanks between and around them. */
export const anyScope: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.constantFrom("", " ", "  "), anyValue), { maxLength: 4 })
  .map((values) => values.map(([blanks, value]) => `${blanks}${value}`).join(" "));

export const question: fc.Arbitrary<Question> = fc.record({
  authz: fc.oneof(
    { weight: 12, arbitrary: name },
    { weight: 2, arbitrary: fc.constantFrom(...BARE) },
    { weight: 1, arbitrary: fc.constantFrom("", "read:/a", "read:x", "a:b", ":/a") },
  ),
  path: fc.oneof(
    { weight: 8, arbitrary: place },
    { weight: 1, arbitrary: anyPath },
    { weight: 3, arbitrary: fc.constantFrom(undefined, "") },
  ),
});

/** Every name, on every path that a token speaks of: what chance alone would seldom ask together. */
export function relatedQuestions(paths: readonly string[]): readonly Question[] {
  const places = [...new Set([...paths, ...paths.map((path) => `${path}/x`), "/READ", "/WRITE/x"]), undefined];
  return NAMES.flatMap((authz) => places.map((path) => ({ authz, path })));
}
