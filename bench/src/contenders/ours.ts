// This library, as a server uses it: keys given, one enforcer.
import { createEnforcer } from "@scitokens/core";
import type { Enforcer } from "@scitokens/core";
import { asynchronous } from "../contender.js";
import type { Contender } from "../contender.js";
import type { Scene } from "../tokens.js";

const NAME = "@scitokens/core";

/** Every token verified anew. */
export function ours(scene: Scene): Contender {
  const enforcer = enforcerFor(scene, false);
  return asynchronous(NAME, async (token) => (await enforcer.verify(token)).id);
}

/** Tokens remembered, as by default. */
export function oursCached(scene: Scene): Contender {
  const enforcer = enforcerFor(scene, 10_000);
  return asynchronous(`${NAME}, verify`, async (token) => (await enforcer.verify(token)).id);
}

/** As a route does it: verified, then asked what it allows. */
export function oursCachedWithTest(scene: Scene): Contender {
  const enforcer = enforcerFor(scene, 10_000);
  return asynchronous(`${NAME}, verify and test`, async (raw) => {
    const token = await enforcer.verify(raw);
    if (!enforcer.test(token, "read", "/store/x")) throw new Error("expected read:/store to cover /store/x");
    return token.id;
  });
}

function enforcerFor({ issuer, audience, publicJwk }: Scene, tokenCache: number | false): Enforcer {
  return createEnforcer({ issuer: { issuer, jwks: { keys: [{ ...publicJwk }] } }, audience, tokenCache });
}
