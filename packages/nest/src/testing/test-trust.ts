// A key for one test in the place of the issuers' own, and tokens signed with it. All other options stay as they are.
import type { EnforcerOptions, IssuerOptions } from "@scitokens/core";
import { createSigningKey, createToken } from "@scitokens/issuer";
import type { SigningKey, TokenProfile } from "@scitokens/issuer";

type Claims = Readonly<Record<string, unknown>>;

export interface TestTrust {
  /** The same options, with issuers that have the test's key. @throws {Error} for options with an enforcer */
  trusting<Options extends object>(options: Options): Options;
  /** The Authorization value of a token with these claims; what is left out is filled in so that it is good. */
  credentials(claims: Claims, options: EnforcerOptions): Promise<string>;
}

export async function createTestTrust(): Promise<TestTrust> {
  const key = await createSigningKey();
  return {
    trusting(options) {
      if (!("issuer" in options)) {
        throw new Error("withToken: expected options with an issuer; an enforcer's own keys cannot be replaced");
      }
      const issuer = issuersOf(options as unknown as EnforcerOptions).map(
        ({ jwksUri: _uri, publicKey: _pem, ...rest }) => ({
          ...rest,
          jwks: { keys: [key.publicJwk] },
          algorithms: ["ES256"],
        }),
      );
      return { ...options, issuer };
    },
    credentials: async (claims, options) => `Bearer ${await mint(key, claims, options)}`,
  };
}

function issuersOf({ issuer }: EnforcerOptions): readonly IssuerOptions[] {
  const list = Array.isArray(issuer)
    ? (issuer as readonly (string | IssuerOptions)[])
    : [issuer as string | IssuerOptions];
  return list.map((one) => (typeof one === "string" ? { issuer: one } : one));
}

function mint(key: SigningKey, claims: Claims, options: EnforcerOptions): Promise<string> {
  const issuers = issuersOf(options);
  const issuer = issuers.find(({ issuer: name }) => claims["iss"] === name) ?? issuers[0];
  const [audience] = [issuer?.audience === undefined ? options.audience : issuer.audience].flat();
  const profile = profileOf(claims, issuer?.profiles ?? options.profiles, audience === null);
  const clientId = profile === "at-jwt" ? { client_id: "test" } : {};
  // Undefined says that a claim is left out on purpose.
  const complete = { sub: "test", scope: "", aud: audience ?? undefined, ...clientId, ...claims };
  return createToken(complete, { key, issuer: issuer?.issuer ?? "", profile, now: options.clock });
}

/** What the claims say they are; else what the issuer may write first. */
function profileOf(claims: Claims, allowed: IssuerOptions["profiles"], nameless: boolean): TokenProfile {
  if ("wlcg.ver" in claims) return "wlcg";
  const first = "ver" in claims ? "scitokens-2" : (allowed?.[0] ?? "scitokens-2");
  if (first === "oauth") return "at-jwt"; // which is a plain token too
  // SciTokens 2.0 wants an audience; where the server has no name, 1.0 does.
  return nameless && first === "scitokens-2" ? "scitokens-1" : first;
}
