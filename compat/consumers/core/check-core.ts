// @scitokens/core on any runtime: verifies, tests, and refuses another key's signature.
import { createEnforcer, InvalidTokenError } from "@scitokens/core";
import type { SciToken } from "@scitokens/core";
import { expect } from "./minted.js";
import type { Minted } from "./minted.js";
import { sameType } from "./same-type.js";

export async function check({ audience, issuer, good, rsa, forged }: Minted): Promise<void> {
  const enforcer = createEnforcer({ audience, issuer });
  const token = await enforcer.verify(good);
  const { expiresAt } = token;
  sameType<typeof expiresAt, number>(true);
  sameType<typeof token, SciToken>(true);
  expect("subject", token.subject, "alice");
  expect("subject, RS256", (await enforcer.verify(rsa)).subject, "alice");
  expect("a capability held", enforcer.test(token, "read", "/data/x"), true);
  expect("a capability not held", enforcer.test(token, "write", "/data"), false);
  const refused = await enforcer.verify(forged).then(
    () => "verified",
    (error: unknown) => error instanceof InvalidTokenError && error.reason,
  );
  expect("a forged token", refused, "signature");
}
