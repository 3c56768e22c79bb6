// What tokens and servers' rules grant near the places that a request names. Rules S2, S3, S7, S10.
import { createProtection } from "@scitokens/core/http";
import * as fc from "fast-check";
import { enforcerWith, ISSUER } from "../../support/static-issuer.js";
import type { GroupRule, HostRule, ModelRule } from "./storage-holder-model.js";
import { near, scopePath, slash } from "./storage-places.js";
import type { Place } from "./storage-places.js";

const STRONG = ["storage.read", "storage.create", "storage.modify", "read", "write", "storage.stage"];
const WEAK = ["storage.poll", "create", "modify", "condor", "queue", "compute.create"];
const OTHER = ["queue", "compute.read", "openid", "wlcg:1.0", "aud:https://x", "host.auth"];
const SPOILT = ["read", "storage.read:a", "write:/%2e%2e", "storage.modify:", "storage.create:/a%2Fb", ":/a"];

function capability(names: readonly string[], places: readonly Place[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...places).chain(near), slash)
    .map(([authz, at, end]) => `${authz}:${scopePath(at, end)}`);
}

/** Scope values: most of them capabilities for files, near these places. */
export function valuesNear(places: readonly Place[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 24, arbitrary: capability(STRONG, places) },
    { weight: 2, arbitrary: capability(WEAK, places) },
    { weight: 3, arbitrary: fc.constantFrom(...OTHER) },
    { weight: 1, arbitrary: fc.constantFrom("", ...SPOILT) },
  );
}

/** What issuers give out for a job. */
const JOBS = [
  ["storage.read"],
  ["storage.create"],
  ["storage.create"],
  ["storage.read", "storage.create"],
  ["storage.read", "storage.create"],
  ["storage.create", "storage.read"],
  ["storage.create", "read"],
  ["storage.modify"],
  ["storage.read", "storage.modify"],
  ["storage.modify", "storage.read"],
  ["read", "write"],
  ["storage.create", "storage.stage"],
] as const;

/** Rights on one directory that has both of these places in it. */
export function jobOn(one: Place, other: Place): fc.Arbitrary<readonly string[]> {
  const differs = one.findIndex((name, i) => other[i] !== name);
  const common = differs < 0 ? one : one.slice(0, differs);
  return fc
    .tuple(fc.constantFrom(...JOBS), fc.nat(common.length), slash)
    .map(([job, depth, end]) => job.map((authz) => `${authz}:${scopePath(common.slice(0, depth), end)}`));
}

/** Mostly no capability of the WLCG profile: then groups and hosts have a say. */
export const noCapability: fc.Arbitrary<readonly string[]> = fc.subarray(
  ["host.auth", "host.auth", "host.auth", "queue", "wlcg.groups", "read:/", "compute.read"],
  { minLength: 1, maxLength: 3 },
);

export const GROUPS = ["/wlcg", "/wlcg/test", "/wlcg2"] as const;
export const HOST_NAME = "host:xfer.example.org";

function rulesNear(places: readonly Place[]): fc.Arbitrary<ModelRule> {
  // To except create, and not modify, is an error at start.
  const excepted = ["read", "write", "write", "storage.read", "storage.modify", "storage.stage"];
  const below = places.map((at) => [...at, "a"]);
  const given = fc.array(capability([...excepted, "storage.create"], [...places, ...below]), {
    minLength: 1,
    maxLength: 3,
  });
  const rule = fc.record(
    {
      allow: fc.oneof({ weight: 2, arbitrary: fc.constant(["read:/", "write:/"]) }, { weight: 1, arbitrary: given }),
      except: fc.uniqueArray(capability(excepted, [...places, ...below, ...below]), { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ["allow"] },
  );
  return rule.map(withoutIdle);
}

/** An exception that takes nothing from what is allowed is an error at start; the others stay. */
function withoutIdle({ allow, except = [] }: ModelRule): ModelRule {
  const effective = except.filter((one) => isTaken({ allow, except: [one] }));
  return effective.length === 0 ? { allow } : { allow, except: effective };
}

function isTaken(rule: ModelRule): boolean {
  try {
    createProtection({ enforcer, scope: "queue", groups: [{ group: "/wlcg", ...rule }] });
    return true;
  } catch (error) {
    if (error instanceof TypeError && error.message.includes("takes nothing")) return false;
    throw error;
  }
}

const enforcer = enforcerWith();

export function groupRule(places: readonly Place[]): fc.Arbitrary<GroupRule> {
  const group = fc.constantFrom("/wlcg", "/wlcg", "/wlcg/test");
  return fc.oneof(
    { weight: 1, arbitrary: group },
    { weight: 4, arbitrary: fc.tuple(group, rulesNear(places)).map(([name, rule]) => ({ group: name, ...rule })) },
  );
}

export function hostRule(places: readonly Place[]): fc.Arbitrary<HostRule> {
  return fc
    .tuple(fc.constantFrom(HOST_NAME, HOST_NAME, "host:other.example.org"), rulesNear(places))
    .map(([subject, rule]) => ({ issuer: ISSUER, subject, ...rule }));
}
