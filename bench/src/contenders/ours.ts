// This library, as a server uses it: keys given, one enforcer.
import { createEnforcer } from "@scitokens/core";
import type { Enforcer, SciToken } from "@scitokens/core";
import { asynchronous } from "../contender.js";
import type { Calls, Contender } from "../contender.js";
import type { Scene } from "../tokens.js";

const NAME = "@scitokens/core";

/** Every token verified anew. */
export function ours(scene: Scene): Contender {
  return asynchronous(NAME, callsOf(enforcerFor(scene, false)));
}

/** Tokens remembered, as by default. */
export function oursCached(scene: Scene): Contender {
  return asynchronous(`${NAME}, verify`, callsOf(enforcerFor(scene, 10_000)));
}

/** As a route does it: verified, then asked what it allows. */
export function oursCachedWithTest(scene: Scene): Contender {
  const enforcer = enforcerFor(scene, 10_000);
  return asynchronous(`${NAME}, verify and test`, callsOf(enforcer), (token) => {
    if (!enforcer.test(token, "read", "/store/x")) throw new Error("expected read:/store to cover /store/x");
  });
}

function callsOf(enforcer: Enforcer): Calls<Promise<SciToken>, SciToken> {
  return { verify: (raw) => enforcer.verify(raw), jti: (token) => token.id };
}

function enforcerFor({ issuer, audience, publicJwk }: Scene, tokenCache: number | false): Enforcer {
  return createEnforcer({ issuer: { issuer, jwks: { keys: [{ ...publicJwk }] } }, audience, tokenCache });
}
