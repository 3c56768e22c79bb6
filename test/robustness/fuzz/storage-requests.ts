// Requests for a place, and for another one near it: every method, in every spelling, with every header that counts. Rules R2, R3.
import * as fc from "fast-check";
import { AUDIENCE } from "../../support/static-issuer.js";
import type { ModelRequest } from "./storage-model.js";
import { pathOf } from "./storage-places.js";
import type { Place } from "./storage-places.js";
import { hostileTarget, spellingOf } from "./storage-spellings.js";

export interface Places {
  readonly target: Place;
  readonly other: Place;
  readonly area: string;
}

export const AUDIENCES: readonly string[] = [AUDIENCE, "ce.example.org:9619"];
export const HOST = "storage.example.org:8443";
/** Hosts of URLs that are this server's: by its Host, or by its audience. */
export const OURS: readonly string[] = [HOST, "data.example.org", "data.example.org:443", "ce.example.org:9619"];
const FOREIGN =
  "other.example.org data.example.org:444 storage.example.org ce.example.org data.example.org.example.org".split(" ");

/** Those that need more luck more often. */
export const METHODS: readonly string[] =
  "GET HEAD OPTIONS PUT PUT POST MKCOL MKCOL DELETE PATCH PROPPATCH PROPFIND PROPFIND MOVE MOVE COPY COPY COPY".split(
    " ",
  );
const UNKNOWN = "get LOCK UNLOCK REPORT SEARCH TRACE ACL PURGE QUERY Put".split(" ");
const DEPTHS = [
  [],
  [],
  [],
  ["0"],
  ["0"],
  ["1"],
  ["infinity"],
  ["0", "0"],
  ["0", "1"],
  ["1", "1"],
  ["00"],
  [""],
] as const;

/** Where the other end of a MOVE or COPY is said to be: mostly here. */
function endOf(path: string): fc.Arbitrary<readonly string[]> {
  const odd = [
    [path, `${path}/x`],
    [`/${path}`],
    [`https://u@${HOST}${path}`],
    [`ftp://${HOST}${path}`],
    [path.slice(1)],
    [""],
    [`https://${HOST}${path}#f`],
  ];
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant([path]) },
    { weight: 6, arbitrary: fc.constantFrom(...OURS, HOST.toUpperCase()).map((host) => [`https://${host}${path}`]) },
    { weight: 5, arbitrary: fc.constantFrom(...FOREIGN).map((host) => [`https://${host}${path}`]) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
    { weight: 1, arbitrary: fc.constant([path, path]) },
  );
}

const mostly = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 14, arbitrary: text }, { weight: 1, arbitrary: text.chain(hostileTarget) });

/** Where exceptions below a directory count. */
export const DEEP: readonly string[] = ["DELETE", "PROPFIND", "PROPFIND", "MOVE", "COPY", "MKCOL"];

export function requestTo({ target, other, area }: Places, methods = METHODS): fc.Arbitrary<ModelRequest> {
  const spelt = (at: Place): fc.Arbitrary<string> =>
    mostly(fc.constantFrom("", "", "", "/").chain((end) => spellingOf(pathOf(area, at, end))));
  return fc
    .record({
      method: fc.oneof(
        { weight: 40, arbitrary: fc.constantFrom(...methods) },
        { weight: 1, arbitrary: fc.constantFrom(...UNKNOWN) },
      ),
      path: spelt(target),
      query: fc.constantFrom("", "", "", "?x=/../y", "?"),
      depth: fc.constantFrom<readonly string[]>(...DEPTHS),
      end: spelt(other).chain(endOf),
      pulls: fc.boolean(),
      slip: fc.constantFrom("neither", "both", ...Array.from({ length: 48 }, () => "")),
    })
    .map(({ method, path, query, depth, end, pulls, slip }) => {
      const isSource = pulls && method !== "MOVE";
      return {
        method,
        target: path + query,
        host: HOST,
        depth: method === "PROPFIND" ? depth : [],
        destination: slip === "both" || (slip === "" && !isSource) ? end : [],
        source: slip === "both" || (slip === "" && isSource) ? end : [],
      };
    });
}
