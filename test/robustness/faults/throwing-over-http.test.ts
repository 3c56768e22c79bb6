// Functions of the application that throw whatever they like, in a server of each framework: its own 500, and no other request is
// concerned. Rules H3, H6, I9.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ContractOptions, ContractRoute, Served } from "../../contract/harness.js";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import { rawRequest } from "../../support/raw-request.js";
import { AUDIENCE, ISSUER, key, NOW, tokenOf } from "../../support/static-issuer.js";
import { THROWN } from "../../support/thrown-things.js";
import { wrong } from "../../support/wrong.js";
import { HARNESSES } from "./servers.js";

nothingIsLeftAlone();
beforeEach(() => void vi.spyOn(process, "emitWarning").mockReturnValue()); // of onEvent
const bearer = `Authorization: Bearer ${tokenOf("scitokens-2")}`;
const trust: ContractOptions = {
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
  audience: AUDIENCE,
  clock: () => NOW,
};

/** What breaks, and what comes of it. */
const BROKEN: Readonly<Record<string, readonly [(broken: () => never) => Partial<ContractOptions>, status: number]>> = {
  isRevoked: [(broken) => ({ isRevoked: broken }), 500],
  scope: [(broken) => ({ scope: broken }), 500],
  validators: [(broken) => ({ validators: { sub: broken } }), 500],
  claims: [(broken) => ({ claims: { "~standard": { version: 1, vendor: "test", validate: broken } } }), 500],
  onEvent: [(broken) => ({ onEvent: broken }), 200],
  fetch: [(broken) => ({ issuer: ISSUER, keys: { fetch: wrong(broken) } }), 503],
};

const things = Object.entries(THROWN);
const pathOf = (name: string, i: number): string => `/${name}-${i}`;

const routes: readonly ContractRoute[] = [
  { method: "get", path: "/good", protect: { ...trust, scope: "read:/data" } },
  ...Object.entries(BROKEN).flatMap(([name, [options]]) =>
    things.map(([, thrown], i): ContractRoute => {
      const broken = (): never => {
        throw thrown;
      };
      return { method: "get", path: pathOf(name, i), protect: { ...trust, ...options(broken) } };
    }),
  ),
];

describe.each(HARNESSES)("$name", (harness) => {
  let served: Served;
  beforeAll(async () => {
    served = await harness.serve(routes);
  });
  afterAll(() => served.close());

  it.each(Object.entries(BROKEN))("answers as it should whatever %s throws (H3)", async (name, [, expected]) => {
    const answers = things.map(async ([what], i) => {
      const [answer, good] = await Promise.all([
        rawRequest(served.port, { target: pathOf(name, i), lines: [bearer] }),
        rawRequest(served.port, { target: "/good", lines: [bearer] }),
      ]);
      const reached = answer.body.includes("reached");
      return [
        what,
        { status: answer.status, reached, challenge: answer.headers["www-authenticate"], good: good.status },
      ];
    });
    const right = ([what]: (typeof things)[number]): unknown => {
      // A path that has no meaning is the request's own fault, where a scope function says so (R6).
      const status = name === "scope" && what === "that another path has no meaning" ? 400 : expected;
      return [what, { status, reached: status === 200, challenge: undefined, good: 200 }];
    };
    expect(await Promise.all(answers)).toEqual(things.map(right));
  });
});
