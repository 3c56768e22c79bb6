// Claims of every type and time, signed: a token that holds to all the rules, or a refusal that has a name. C, P, T rules.
import { decodeUnverified } from "@scitokens/core";
import type { EnforcerOptions } from "@scitokens/core";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { encode } from "../../support/sign.js";
import {
  AUDIENCE,
  claimsOf,
  enforcerWith,
  EVERY_PROFILE,
  headerOf,
  ISSUER,
  NOW,
  reasonOf,
  signSegments,
} from "../../support/static-issuer.js";
import { profileOf, scopesOf } from "./claims-model.js";
import { changed, CLAIM_CHANGES, HEADER_CHANGES, jsonOf, oddToken, profileLists } from "./odd-claims.js";
import { holds } from "./runs.js";

const server = fc.record({
  audience: fc.constantFrom<EnforcerOptions["audience"]>(
    AUDIENCE,
    AUDIENCE,
    AUDIENCE,
    [AUDIENCE, "https://second.example.org"],
    null,
  ),
  clockTolerance: fc.constantFrom(60, 60, 0, 0.5, 600),
  maxTokenLifetime: fc.constantFrom(undefined, undefined, 600, 599, 1),
  acceptAnyAudience: fc.boolean(),
  allowMissingAudience: fc.boolean(),
  profiles: profileLists,
});

const DEFAULT_PROFILES = ["scitokens-1", "scitokens-2", "wlcg", "at-jwt"] as const;

it("takes or refuses as the model does each good token with one member changed (C1, C2, C3, C5, C6, C8, P1, P2, P3, P4, T3, T4, T6, T7)", async () => {
  const names = { issuer: ISSUER, audience: [AUDIENCE], clockTolerance: 60, maxTokenLifetime: undefined };
  const enforcer = enforcerWith({ profiles: EVERY_PROFILE, tokenCache: false });
  const wrong: unknown[] = [];
  for (const profile of EVERY_PROFILE) {
    const all = [
      ...CLAIM_CHANGES.map((one) => ({ one, header: headerOf(profile), claims: changed(claimsOf(profile), [one]) })),
      ...HEADER_CHANGES.map((one) => ({ one, header: changed(headerOf(profile), [one]), claims: claimsOf(profile) })),
    ];
    for (const { one, ...odd } of all) {
      const raw = signSegments(encode(jsonOf(odd.header)), encode(jsonOf(odd.claims)));
      const { header, claims } = decodeUnverified(raw);
      const options = { now: NOW, acceptAnyAudience: true, allowMissingAudience: false, profiles: EVERY_PROFILE };
      const expected = profileOf(header, claims, { ...names, ...options });
      const given = await enforcer.verify(raw).then(
        (token) => token.profile,
        () => undefined,
      );
      if (given !== expected) wrong.push({ profile, one, given, expected });
    }
  }
  expect(wrong).toEqual([]);
});

it("takes the tokens that the model takes, says of them what they say, and refuses the others (C1, C2, C3, C5, C6, C7, C8, P1, P2, P3, P4, P5, T3, T4, T6, T7)", async () => {
  const seen = new Map<string, number>();
  await holds(
    fc.asyncProperty(oddToken, server, async (odd, { maxTokenLifetime, profiles, audience, ...options }) => {
      const raw = signSegments(encode(jsonOf(odd.header)), encode(jsonOf(odd.claims)));
      const enforcer = enforcerWith({
        ...options,
        audience,
        ...(maxTokenLifetime === undefined ? {} : { maxTokenLifetime }),
        ...(profiles === undefined ? {} : { profiles }),
        tokenCache: false,
      });
      // As the issuer wrote them: 1e400 is a number, if no good one.
      const { header, claims } = decodeUnverified(raw);
      const expected = profileOf(header, claims, {
        ...options,
        now: NOW,
        issuer: ISSUER,
        audience: audience === null ? null : [audience].flat(),
        maxTokenLifetime,
        profiles: profiles ?? DEFAULT_PROFILES,
      });
      const token = await enforcer.verify(raw).catch((error: unknown) => reasonOf(error, raw));
      const verdict = typeof token === "string" ? token : token.profile;
      seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
      expect({ verdict, taken: typeof token !== "string" }).toEqual({ verdict, taken: expected !== undefined });
      if (typeof token === "string") return;
      expect(token.profile).toBe(expected);
      expect(token).toMatchObject({ issuer: ISSUER, expiresAt: claims["exp"], header, claims });
      expect([token.subject, token.id, token.issuedAt, token.notBefore]).toEqual(
        ["sub", "jti", "iat", "nbf"].map((name) => claims[name]),
      );
      expect(token.scopes).toEqual(scopesOf(claims, token.profile));
      expect(token.groups).toEqual(token.profile === "wlcg" ? (claims["wlcg.groups"] ?? []) : []);
      expect(token.audience).toEqual([claims["aud"] ?? []].flat());
    }),
    3,
  );
  for (const verdict of [
    "scitokens-1",
    "scitokens-2",
    "wlcg",
    "at-jwt",
    "oauth",
    "expired",
    "audience",
    "invalid_claim",
  ]) {
    expect(seen.get(verdict)).toBeGreaterThan(0);
  }
});
