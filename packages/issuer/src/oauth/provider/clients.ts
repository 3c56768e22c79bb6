// Clients as the provider keeps them; the scope is beside its own, which knows no paths. RFC 7591 2.
import type { Client, ClientMetadata } from "oidc-provider";
import { OptionError } from "../../options.js";
import { CLIENT_AUTHENTICATION } from "../endpoints.js";
import type { ClientSettings } from "../client-options.js";
import { GRANT_TYPES, USUAL_SCOPE } from "../client-options.js";
import type { CapabilitySets } from "../grants/capability-sets.js";
import type { ClientRights, OAuthProfile } from "../grants/grant.js";
import { checkAudiences, checkScope, checkSets } from "../option-lists.js";

/** A client's scope under a name that the provider leaves alone. */
export const SCOPE = "scitokens_scope";
/** The kind of its tokens; a client may register it. */
export const PROFILE = "scitokens_profile";
/** The audiences it may name. */
export const AUDIENCE = "scitokens_audience";

const NEED_SECRET: readonly unknown[] = [GRANT_TYPES.client_credentials, GRANT_TYPES.token_exchange];

/** The metadata of a client of the options. */
export function toMetadata(client: ClientSettings): ClientMetadata {
  const { clientId, clientSecret, grantTypes, scope, audience, profile } = client;
  const code = grantTypes.includes("authorization_code");
  return {
    client_id: clientId,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    token_endpoint_auth_method: clientSecret === undefined ? CLIENT_AUTHENTICATION[2] : CLIENT_AUTHENTICATION[0],
    application_type: "native", // any port of a loopback address (RFC 8252 7.3)
    grant_types: [...grantTypes],
    response_types: code ? ["code"] : [],
    redirect_uris: code ? [...client.redirectUris] : [],
    [SCOPE]: scope.join(" "),
    [PROFILE]: profile,
    ...(audience === undefined ? {} : { [AUDIENCE]: [...audience] }),
  };
}

/** What a client may have. */
export function rightsOf(client: Client, profile: OAuthProfile): ClientRights {
  const { [SCOPE]: scope, [PROFILE]: chosen, [AUDIENCE]: audience } = client.metadata();
  return {
    clientId: client.clientId,
    scope: scope === undefined ? USUAL_SCOPE : checkScope(scope, "scope"),
    audience: audience === undefined ? undefined : checkAudiences(audience, "audience"),
    profile: chosen === "scitokens-2" || chosen === "wlcg" ? chosen : profile,
  };
}

/**
 * Looks at a member of a client that registers.
 * @throws {OptionError} in words for `error_description`
 */
export function checkMember(
  name: string,
  value: unknown,
  { metadata, sets }: { readonly metadata: ClientMetadata; readonly sets: CapabilitySets },
): void {
  if (name === SCOPE) refuseWithoutSecret(metadata);
  if (value === undefined) return;
  if (name === SCOPE) checkSets(checkScope(value, "scope"), "scope", sets);
  if (name === AUDIENCE) checkAudiences(value, AUDIENCE);
  if (name === PROFILE && value !== "scitokens-2" && value !== "wlcg")
    throw new OptionError(`${PROFILE} must be scitokens-2 or wlcg`);
}

/** Without a secret anybody could be the client. */
function refuseWithoutSecret({ token_endpoint_auth_method: method, grant_types: grants }: ClientMetadata): void {
  const stray = Array.isArray(grants) ? grants.find((grant: unknown) => NEED_SECRET.includes(grant)) : undefined;
  if (method === "none" && stray !== undefined) throw new OptionError(`the grant type ${String(stray)} needs a secret`);
}
