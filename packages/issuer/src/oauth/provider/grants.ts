// What a person has allowed, as the provider keeps it: its own few scopes, and beside them ours with paths.
import type { default as Provider } from "oidc-provider";
import type { Granted } from "../grants/grant.js";
import { writeGrant } from "./desk.js";

/** The only scopes that the provider itself sees. */
export const STATIC_SCOPES: readonly string[] = ["openid", "profile", "offline_access"];

/** The scope that stands, inside the provider, for all of ours. */
export const GRANTED = "granted";

/** What of a grant the provider sees. */
export function staticScope({ scope }: Granted): readonly string[] {
  return [...STATIC_SCOPES.filter((name) => scope.includes(name)), GRANTED];
}

/** Saves a grant, and says its id. */
export function saveGrant(
  provider: Provider,
  {
    granted,
    clientId,
    accountId,
  }: { readonly granted: Granted; readonly clientId: string; readonly accountId: string },
): Promise<string> {
  const grant = new provider.Grant({ clientId, accountId, rar: [writeGrant(granted)] });
  grant.addOIDCScope([...staticScope(granted)]);
  const missing = STATIC_SCOPES.filter((name) => !granted.scope.includes(name));
  if (missing.length > 0) grant.rejectOIDCScope(missing);
  return grant.save();
}
