// What a good token with these scopes grants: one question, one answer. S and R rules.
import type { Enforcer, ProfileName } from "@scitokens/core";
import { enforcerWith, tokenOf } from "./static-issuer.js";

export type Request = readonly [authz: string, path?: string];
export type Verdict = readonly [scope: string, request: Request, granted: boolean];

export const enforcer: Enforcer = enforcerWith();
/** Without the equivalence of scopes (S9). */
export const literal: Enforcer = enforcerWith({ equivalence: false });

/** Enough scopes of other names for an index to be made of them all (ADR 0018). */
const OTHERS = Array.from({ length: 20 }, (_, i) => `other.${i}:/a`).join(" ");

/** What a token with this scope grants: the same alone and among many, or it throws. */
export async function grants(
  scope: string,
  [authz, path]: Request,
  profile: ProfileName = "scitokens-2",
  of = enforcer,
): Promise<boolean> {
  const ask = async (held: string): Promise<boolean> => {
    const token = await of.verify(tokenOf(profile, { scope: held }));
    return path === undefined ? of.test(token, authz) : of.test(token, authz, path);
  };
  const alone = await ask(scope);
  const amongMany = await ask(`${scope} ${OTHERS}`);
  if (alone !== amongMany) throw new Error(`'${scope}' grants ${authz}: ${alone}, but among many scopes: ${amongMany}`);
  return alone;
}

export const acls = async (scope: string, profile: ProfileName = "scitokens-2") =>
  enforcer.acls(await enforcer.verify(tokenOf(profile, { scope })));
