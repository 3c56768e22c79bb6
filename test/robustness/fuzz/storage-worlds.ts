// A request for a file, a token that often concerns it, and a server where something is there or not.
import * as fc from "fast-check";
import { ISSUER } from "../../support/static-issuer.js";
import { GROUPS, groupRule, HOST_NAME, hostRule, jobOn, noCapability, valuesNear } from "./storage-grants.js";
import type { GroupRule, HostRule, ModelToken } from "./storage-holder-model.js";
import type { Kind, ModelRequest } from "./storage-model.js";
import { near, pathOf, place } from "./storage-places.js";
import { DEEP, METHODS, requestTo } from "./storage-requests.js";
import type { Places } from "./storage-requests.js";

const LANGUAGES = { "scitokens-2": "scitokens", wlcg: "wlcg", "at-jwt": "plain" } as const;

export interface World {
  readonly profile: keyof typeof LANGUAGES;
  readonly token: ModelToken;
  readonly request: ModelRequest;
  readonly equivalence: boolean;
  readonly areas: readonly string[];
  /** What is there, by its path without a slash at the end. */
  readonly there: Readonly<Record<string, Kind>>;
  /** The options that are given. */
  readonly asks: { readonly exists: boolean; readonly kind: boolean; readonly thirdPartyCopy: boolean };
  readonly groups?: readonly GroupRule[];
  readonly hosts?: readonly HostRule[];
}

interface Site extends Places {
  readonly areas: readonly string[];
}

/** Two places, mostly in an area of the issuer. */
const site: fc.Arbitrary<Site> = fc.constantFrom([], [], ["/vo"], ["/vo", "/w/é"], ["/a"]).chain((areas) =>
  place.chain((target) =>
    fc.record({
      areas: fc.constant(areas),
      target: fc.constant(target),
      other: near(target),
      area: fc.oneof(
        { weight: 12, arbitrary: areas.length === 0 ? fc.constant("") : fc.constantFrom(...areas) },
        { weight: 1, arbitrary: fc.constantFrom("", "/vo2", "/w") },
      ),
    }),
  ),
);

const mostly = fc.constantFrom(true, true, false);

/** Something is there, or nothing, at the two ends. */
function thereAt({ target, other, area }: Places): fc.Arbitrary<Readonly<Record<string, Kind>>> {
  const kind = fc.constantFrom<Kind>("file", "directory", undefined, undefined);
  return fc
    .tuple(kind, kind)
    .map(([one, another]) => ({ [pathOf(area, other)]: another, [pathOf(area, target)]: one }));
}

type Rules = Pick<World, "groups" | "hosts">;

/** Of a WLCG token that has no capability, groups and hosts decide; of any other, where there are rules for them, they must not. */
function worldAt({ areas, ...places }: Site, hasRules: boolean): fc.Arbitrary<World> {
  const ends = [places.target, places.target, places.other];
  const groups = fc.array(groupRule(ends), { minLength: 1, maxLength: 2 });
  const hosts = fc.array(hostRule(ends), { minLength: 1, maxLength: 2 });
  const rules = fc.oneof(
    fc.record<Rules>({ groups }),
    fc.record<Rules>({ hosts }),
    fc.record<Rules>({ groups, hosts }),
  );
  const profiles = ["wlcg", "wlcg", "scitokens-2", "at-jwt"] as const;
  return fc
    .record({
      profile: fc.constantFrom<World["profile"]>(...profiles, ...(hasRules ? Array<"wlcg">(8).fill("wlcg") : [])),
      scopes: fc.oneof(
        { weight: 4, arbitrary: fc.array(valuesNear(ends), { minLength: 1, maxLength: 3 }) },
        { weight: 4, arbitrary: jobOn(places.target, places.other) },
        { weight: hasRules ? 12 : 1, arbitrary: noCapability },
      ),
      token: fc.record({
        issuer: fc.constant(ISSUER),
        subject: fc.constantFrom(HOST_NAME, HOST_NAME, "host:xfer.example.org.example.org"),
        groups: fc.subarray([...GROUPS], { minLength: 1 }),
      }),
      request: requestTo(places, hasRules ? [...METHODS, ...DEEP, ...DEEP] : METHODS),
      equivalence: fc.boolean(),
      there: thereAt(places),
      asks: fc.record({ exists: mostly, kind: mostly, thirdPartyCopy: fc.boolean() }),
      rules: hasRules ? rules : fc.constant({}),
    })
    .map(({ scopes, token, rules: given, ...rest }) => ({
      ...rest,
      ...given,
      areas,
      token: { ...token, language: LANGUAGES[rest.profile], scope: scopes.join(" ") },
    }));
}

export const world: fc.Arbitrary<World> = fc
  .tuple(site, fc.constantFrom(true, true, false, false, false))
  .chain(([at, hasRules]) => worldAt(at, hasRules));
