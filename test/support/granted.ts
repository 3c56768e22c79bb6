// What a good token with these scopes grants: one question, one answer. S and R rules.
import type { Enforcer, ProfileName } from "@scitokens/core";
import { enforcerWith, tokenOf } from "./static-issuer.js";

export type Request = readonly [authz: string, path?: string];
export type Verdict = readonly [scope: string, request: Request, granted: boolean];

export const enforcer: Enforcer = enforcerWith();
/** Without the equivalence of scopes (S9). */
export const literal: Enforcer = enforcerWith({ equivalence: false });

export async function grants(
  scope: string,
  [authz, path]: Request,
  profile: ProfileName = "scitokens-2",
  of = enforcer,
): Promise<boolean> {
  const token = await of.verify(tokenOf(profile, { scope }));
  return path === undefined ? of.test(token, authz) : of.test(token, authz, path);
}

export const acls = async (scope: string, profile: ProfileName = "scitokens-2") =>
  enforcer.acls(await enforcer.verify(tokenOf(profile, { scope })));
