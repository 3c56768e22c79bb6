// The WLCG community's own compliance tests of tokens in storage, replayed against the example on every framework. Rules R3, S4,
// S7, S8, C5, H2.
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Storage } from "../../examples/storage/src/storage.js";
import { freePort } from "../support/free-port.js";
import { ISSUER, key, NOW } from "../support/static-issuer.js";
import { isExpected, Run, SUITE } from "./compliance-suite.js";
import type { Case, Step } from "./compliance-suite.js";
import { MOUNTS } from "./mounts.js";
import type { Unstarted } from "./mounts.js";

const AREA = "/wlcg";
const groups = [
  { group: "/wlcg", allow: ["read:/", "write:/"], except: ["write:/protected"] },
  { group: "/wlcg/test", allow: ["read:/protected", "write:/protected"] },
];

const active = SUITE.cases.filter(({ disabled }) => disabled !== true);
/** The suite says 403 where another of its cases, for the same token and request, says 200, as the profile does (2.2.1). */
const contradictory = active.flatMap(({ assertions }) => assertions).filter((step) => step.profileExpectedStatus);

it("has 29 cases, one assertion of which contradicts the profile", () => {
  expect([active.length, SUITE.source.active, contradictory.length]).toEqual([29, 29, 1]);
});

describe.each(Object.entries(MOUNTS))("the compliance tests, on %s", (_, mount) => {
  const folder = mkdtempSync(join(tmpdir(), "scitokens-compliance-"));
  let storage: Storage;
  let mounted: Unstarted;
  let run: Run;

  beforeAll(async () => {
    const port = await freePort();
    const issuer = { issuer: ISSUER, basePath: AREA, jwks: { keys: [key.jwk] } };
    const trust = { issuer, audience: `http://127.0.0.1:${port}`, clock: () => NOW };
    storage = await Storage.open(folder, ["wlcg"]);
    mkdirSync(join(folder, "files/wlcg/protected"));
    mounted = await mount({ trust, groups, storage });
    await once(mounted.server.listen(port, "127.0.0.1"), "listening");
    run = new Run((mounted.server.address() as AddressInfo).port, AREA);
  });
  afterAll(async () => {
    mounted.server.closeAllConnections();
    await mounted.close();
    await storage.close();
    rmSync(folder, { recursive: true });
  });

  it("is set up as the suite does it", async () => {
    expect((await judge(run, SUITE.suiteSetup)).filter(({ isRight }) => !isRight)).toEqual([]);
  });

  it.each(active.map((one): [string, string, Case] => [one.id, one.name, one]))(
    "%s: %s (R3, S7)",
    async (...[, , one]) => {
      const { precondition, assertions, teardown = [] } = one;
      const judged = await judge(run, [...precondition, ...assertions, ...teardown]);
      expect(judged.filter(({ isRight }) => !isRight)).toEqual([]);
    },
  );
});

interface Judged {
  readonly request: string;
  readonly expected: string;
  readonly status: string;
  readonly isRight: boolean;
}

async function judge(run: Run, steps: readonly Step[]): Promise<readonly Judged[]> {
  const answered = await run.replay(steps, randomUUID());
  return answered.map(({ status, body, step }) => {
    const { http, expectedStatus, profileExpectedStatus, expectedBodyContains = "" } = step;
    const expected = profileExpectedStatus ?? expectedStatus;
    const isRight = isExpected(status, expected) && body.includes(expectedBodyContains);
    return { request: `${http.method} ${http.path}`, expected: JSON.stringify(expected), status: `${status}`, isRight };
  });
}
