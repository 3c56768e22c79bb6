// The corpus through a real server: the same bytes to every framework. Rules T, C, H, R2.
import { fromRequest } from "@scitokens/core/http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContractRoute, Harness, Served } from "../contract/harness.js";
import { rawRequest } from "../support/raw-request.js";
import type { RawResponse } from "../support/raw-request.js";
import { faultsOf } from "./answer-faults.js";
import { trust } from "./corpus.js";
import { FIXED, GOOD, requests } from "./requests.js";
import type { HostileRequest } from "./requests.js";

const routes: readonly ContractRoute[] = [
  { method: "all", path: FIXED, protect: { ...trust, scope: "read:/protected" } },
  { method: "all", path: "*", protect: { ...trust, scope: fromRequest() }, echoes: true },
];

type Kind = keyof typeof requests;
type Exchange = readonly [HostileRequest, RawResponse];

/** How many there are of each, less what is set aside: an empty corpus would find no fault. */
const [TOKENS, HEADERS, TARGETS] = [313, 31, 32];

/** A machine under load may need as long. */
const LONGEST = 60_000;

type Exchanges = Record<Kind, Exchange[]>;

/** @param more further tests, of the exchanges as they are when those run */
export function describeCorpus(harness: Harness, more?: (exchanges: () => Exchanges) => void): void {
  describe(`${harness.name}, under the hostile corpus`, () => {
    let served: Served;
    const exchanges: Exchanges = { token: [], header: [], target: [] };

    beforeAll(async () => {
      served = await harness.serve(routes);
      for (const kind of ["token", "header", "target"] as const) {
        for (const one of requests[kind]) exchanges[kind].push([one, await rawRequest(served.port, one)]);
      }
    }, LONGEST);
    afterAll(() => served.close());

    const faultsOfAll = (kind: Kind): readonly string[] =>
      exchanges[kind].flatMap(([request, answer]) =>
        faultsOf(request, answer).map((fault) => `${request.id}: ${fault}`),
      );

    it("has been asked everything", () => {
      const asked = Object.values(exchanges).map(({ length }) => length);
      expect(asked).toEqual([TOKENS, HEADERS, TARGETS]);
    });

    it(`answers ${TOKENS} tokens as it must (T1, T2, T3, T4, T5, C1, C2, C3, C5, P2, S2, S3, S4)`, () => {
      expect(faultsOfAll("token")).toEqual([]);
    });

    it(`answers ${HEADERS} headers as it must (H1, H2, H3)`, () => {
      expect(faultsOfAll("header")).toEqual([]);
    });

    it(`answers ${TARGETS} targets as it must, and serves what it judged (R2, R3, S4)`, () => {
      expect(faultsOfAll("target")).toEqual([]);
    });

    it("says one thing of all tokens that it answers with one status (H4, H5)", () => {
      const refusals = exchanges.token
        .filter(([{ target }, { headers }]) => target === FIXED && headers["www-authenticate"] !== undefined)
        .map(([, answer]) => withoutId(answer));
      expect([...new Set(refusals)].map((text) => text.slice(0, 3)).toSorted()).toEqual(["400", "401", "403"]);
    });

    it("goes on answering", async () => {
      expect((await rawRequest(served.port, GOOD)).status).toBe(200);
    });

    more?.(() => exchanges);
  });
}

function withoutId({ status, headers, body }: RawResponse): string {
  const text = body.replace(/"requestId":"[^"]*"/, "");
  return `${status} ${headers["www-authenticate"]} ${text}`;
}
