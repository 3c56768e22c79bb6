// A decision as data, and how it is asked of the public API. The vectors' own words are in their "about".
import { createEnforcer } from "@scitokens/core";
import type { Enforcer, EnforcerOptions, ProfileName, SciToken } from "@scitokens/core";
import { encode, signToken, signWithPublicKey, testKey } from "../support/sign.js";

export interface Vector {
  readonly id: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly enforcer: {
    readonly issuer: string | readonly string[];
    readonly audience: EnforcerOptions["audience"];
    readonly clock?: { readonly $now: number };
    readonly extra_claims_accepted?: readonly string[];
  };
  readonly request?: { readonly authz: string; readonly path: string };
  readonly options?: { readonly clockTolerance?: number };
  readonly profile: string;
  readonly expect: unknown;
  readonly deny_kind?: string;
  readonly http?: number;
  readonly why: string;
}

const NOW = 1_790_000_000;

const PROFILES: Readonly<Record<string, readonly ProfileName[]>> = {
  SCITOKENS_1_0: ["scitokens-1"],
  SCITOKENS_2_0: ["scitokens-2"],
  WLCG_1_0: ["wlcg"],
  AT_JWT: ["at-jwt"],
};

const key = testKey("RS256", "rsa-1");
const elliptic = testKey("ES256", "ec-1");
const stranger = testKey("RS256", "rsa-1");

/** The enforcer that a vector describes. Throws for what is an error of configuration. */
export function enforcerOf({ enforcer, profile, options }: Vector): Enforcer {
  const { extra_claims_accepted: extra = [] } = enforcer;
  const jwks = { keys: [key.jwk, elliptic.jwk] };
  const issuers = [enforcer.issuer].flat().map((issuer) => ({ issuer, jwks }));
  return createEnforcer({
    issuer: enforcer.issuer === "" ? "" : issuers,
    audience: enforcer.audience,
    clockTolerance: options?.clockTolerance ?? 0,
    clock: () => NOW + (enforcer.clock?.$now ?? 0),
    validators: Object.fromEntries(extra.map((claim) => [claim, () => true])),
    ...(profile === "COMPAT" ? {} : { profiles: PROFILES[profile] ?? [], equivalence: false }),
  });
}

export function tokenOf({ claims, header }: Vector): string {
  const { _sign: how, ...overrides } = header ?? {};
  const jose = withoutNulls({ alg: key.alg, kid: key.kid, typ: "JWT", ...overrides });
  const payload = atNow(claims);
  if (how === "other") return signToken(stranger, payload, jose);
  if (how === "ES256") return signToken(elliptic, payload, { ...jose, kid: elliptic.kid });
  if (jose["alg"] === "none") return `${encode(jose)}.${encode(payload)}.`;
  if (jose["alg"] === "HS256") return signWithPublicKey(key, payload, jose);
  return signToken(key, payload, jose);
}

/** The decision in the vectors' words: allow, or the code and status of the refusal. What is thrown otherwise is an error. */
export async function decide(
  vector: Vector,
): Promise<{ readonly verdict: "allow" | "deny"; readonly code?: string; readonly status?: number }> {
  const enforcer = enforcerOf(vector);
  const token = await verify(enforcer, tokenOf(vector));
  if (!("issuer" in token)) return { verdict: "deny", code: token.code, status: token.status };
  const { authz, path } = vector.request ?? { authz: "", path: "" };
  if (enforcer.test(token, authz, path)) return { verdict: "allow" };
  return { verdict: "deny", code: "insufficient_scope", status: 403 };
}

export async function verify(
  enforcer: Enforcer,
  raw: string,
): Promise<SciToken | { readonly code: string; readonly status: number }> {
  try {
    return await enforcer.verify(raw);
  } catch (error) {
    if (error instanceof Error && "code" in error && "status" in error) {
      return { code: String(error.code), status: Number(error.status) };
    }
    throw error;
  }
}

function withoutNulls(header: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(header).filter(([, value]) => value !== null));
}

/** `{"$now": n}` is now + n seconds. Written by name, so that a claim called `__proto__` stays a claim. */
function atNow(claims: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(claims, (_, value: unknown) => {
    const isTime = typeof value === "object" && value !== null && "$now" in value;
    return isTime ? NOW + Number(value.$now) : value;
  });
}
