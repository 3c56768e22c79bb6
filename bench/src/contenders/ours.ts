// This library, as a server uses it: keys given, one enforcer.
import { createEnforcer } from "@scitokens/core";
import type { Enforcer, EnforcerOptions, SciToken } from "@scitokens/core";
import { asynchronous } from "../contender.js";
import type { Calls, Contender } from "../contender.js";
import type { Lane, Rounds } from "../rounds.js";
import type { Scene } from "../tokens.js";

const NAME = "@scitokens/core";

/**
 * As by default, but for a cache that remembers a thousand tokens: of two thousand in turn none is still known when it
 * comes again, and each is put in the place of another.
 */
export function ours(scene: Scene): Contender {
  return asynchronous(NAME, callsOf(enforcerFor(scene, { tokenCache: 1000 })));
}

/** As by default: a token seen before is found again. */
export function oursRemembering(scene: Scene): Contender {
  return asynchronous(`${NAME}, verify`, callsOf(enforcerFor(scene)));
}

/** Every token verified anew, and forgotten. */
export function oursForgetting(scene: Scene, options: Partial<EnforcerOptions> = {}): Contender {
  return asynchronous(`${NAME}, no token cache`, callsOf(enforcerFor(scene, { ...options, tokenCache: false })));
}

/** As a route does it: verified, then asked what it allows. */
export function oursWithTest(
  scene: Scene,
  path: string = "/store/x",
  options: Partial<EnforcerOptions> = {},
): Contender {
  const enforcer = enforcerFor(scene, options);
  return asynchronous(`${NAME}, verify and test`, callsOf(enforcer), (token) => {
    if (!enforcer.test(token, "read", path)) throw new Error(`expected the token to cover ${path}`);
  });
}

/** The question alone, of tokens verified beforehand. */
export async function oursTestAlone(
  scene: Scene,
  path: string,
  options: Partial<EnforcerOptions>,
  { batch }: Rounds,
): Promise<Lane> {
  const enforcer = enforcerFor(scene, options);
  const tokens = await Promise.all(scene.good.map((raw) => enforcer.verify(raw)));
  const chosen = Array.from({ length: batch }, (_, i) => tokens[i % tokens.length]).filter(
    (token) => token !== undefined,
  );
  return {
    name: "test",
    prepare: () => () => {
      for (const token of chosen)
        if (!enforcer.test(token, "read", path)) throw new Error(`expected ${path} to be covered`);
    },
  };
}

function callsOf(enforcer: Enforcer): Calls<Promise<SciToken>, SciToken> {
  return { verify: (raw) => enforcer.verify(raw), jti: (token) => token.id };
}

export function enforcerFor(scene: Scene, options: Partial<EnforcerOptions> = {}): Enforcer {
  const { issuer, audience, publicJwk } = scene;
  return createEnforcer({ issuer: { issuer, jwks: { keys: [{ ...publicJwk }] } }, audience, ...options });
}
