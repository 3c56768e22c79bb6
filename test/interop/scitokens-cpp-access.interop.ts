// The same verdicts as Debian's scitokens-test-access, over a range of scopes, paths and profiles. Interop 12 and 13.
import { createEnforcer } from "@scitokens/core";
import { createSigningKey, createToken } from "@scitokens/issuer";
import { beforeAll, describe, expect, it } from "vitest";
import { ACCESS, idsOf, MEASURED } from "./judged-otherwise.js";
import { ROWS } from "./rows.js";
import type { Row } from "./rows.js";
import { scitokensCpp } from "./scitokens-cpp.js";
import { need, versionOf } from "./software.js";
import { openWorkshop } from "./workshop.js";

const ISSUER = "https://issuer.example/vo";
const AUDIENCE = "https://data.example";

const needed = need("scitokens-cpp", "sqlite3");

interface Judged extends Row {
  readonly ours: boolean;
  readonly theirs: boolean;
}

describe.skipIf(needed.isMissing)(`scitokens-test-access (${needed.words})`, () => {
  const workshop = openWorkshop();
  const listed = new Set(ACCESS.flatMap(({ rows }) => idsOf(rows)));
  let judged: readonly Judged[] = [];

  beforeAll(async () => {
    judged = await judgeAll();
  });

  it(`says of ${ROWS.length - listed.size} questions what our enforcer says (S1, S2, S4, S5)`, () => {
    const differing = judged.filter(({ id, ours, theirs }) => ours !== theirs && !listed.has(id));
    expect(differing.map(({ id, scope, authz, path, ours }) => [id, scope, authz, path, ours])).toEqual([]);
  });

  it("is asked enough that is granted, and enough that is not", () => {
    const agreed = judged.filter(({ id, ours, theirs }) => !listed.has(id) && ours === theirs);
    expect(agreed.filter(({ ours }) => ours).length).toBeGreaterThan(100);
    expect(agreed.filter(({ ours }) => !ours).length).toBeGreaterThan(500);
  });

  const isMeasured = versionOf("scitokens-cpp")?.startsWith(MEASURED["scitokens-cpp"]) === true;
  it.skipIf(!isMeasured).each(ACCESS)(`${MEASURED["scitokens-cpp"]} judges otherwise: $about ($rule)`, ({ rows }) => {
    const ids = idsOf(rows);
    expect(judged.filter(({ id, ours, theirs }) => ids.includes(id) && ours === theirs)).toEqual([]);
    expect(ids.filter((id) => !judged.some((row) => row.id === id))).toEqual([]);
  });

  async function judgeAll(): Promise<readonly Judged[]> {
    const key = await createSigningKey({ alg: "ES256" });
    const jwks = { keys: [key.publicJwk] };
    const enforcer = createEnforcer({ issuer: { issuer: ISSUER, jwks }, audience: AUDIENCE });
    const theirs = await scitokensCpp(workshop, { issuer: ISSUER, audience: AUDIENCE, keys: jwks.keys });
    const rows = await Promise.all(
      ROWS.map(async (row) => {
        const { profile, scope } = row;
        return {
          row,
          token: await createToken({ sub: "ada", aud: AUDIENCE, scope }, { key, issuer: ISSUER, profile }),
        };
      }),
    );
    const granted = await theirs.grants(rows.map(({ row, token }) => ({ token, authz: row.authz, path: row.path })));
    return Promise.all(
      rows.map(async ({ row, token }, i) => {
        const { allowed } = await enforcer.explain(token, row.authz, row.path);
        return { ...row, ours: allowed, theirs: granted[i] ?? false };
      }),
    );
  }
});
