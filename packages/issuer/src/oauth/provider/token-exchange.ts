// The token endpoint's way from one token to another. RFC 8693 2.
import type { KoaContextWithOIDC, default as Provider } from "oidc-provider";
import { systemClock } from "../../clock.js";
import { GRANT_TYPES } from "../client-options.js";
import { narrowToken } from "../grants/exchange.js";
import type { IssuedTokens } from "../grants/issued-tokens.js";
import type { MintingParty } from "../grants/mint-grant.js";
import { readSubjectToken } from "../grants/subject-token.js";
import type { SubjectToken } from "../grants/subject-token.js";
import type { OAuthSettings } from "../options.js";
import { Refused } from "../refused.js";
import { rightsOf } from "./clients.js";
import type { Desk } from "./desk.js";
import type { Library } from "./load.js";
import { translate } from "./translate.js";

const PARAMETERS = ["subject_token", "subject_token_type", "requested_token_type", "actor_token", "actor_token_type"];
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const TYPES: readonly unknown[] = [ACCESS_TOKEN, "urn:ietf:params:oauth:token-type:jwt"];

/** Who exchanges. */
export interface ExchangeParty extends MintingParty {
  readonly settings: OAuthSettings;
  readonly errors: Library["errors"];
}

/** Adds the grant type to a provider. */
export function addTokenExchange(provider: Provider, party: ExchangeParty, desk: Desk): void {
  const handle = (ctx: KoaContextWithOIDC): Promise<void> => translate(party.errors, () => exchange(ctx, party, desk));
  provider.registerGrantType(GRANT_TYPES.token_exchange, handle, PARAMETERS);
}

async function exchange(ctx: KoaContextWithOIDC, { settings, issuer, keys }: ExchangeParty, desk: Desk): Promise<void> {
  const { client, provider, params = {} } = ctx.oidc;
  if (client === undefined) throw new Refused("invalid_request", "no client");
  const token = checkParameters(params);
  const subject = await readSubjectToken(token, issuer, keys);
  refuseRevoked(subject, desk.issued);
  refuseStranger(subject, client.clientId);
  const asking = desk.asked.get(ctx.req) ?? { scope: undefined, audience: [] };
  const rights = rightsOf(client, settings.profile);
  // What a client said of itself when it registered leads to no service that the token was not for.
  const isKnown = settings.clients.some(({ clientId }) => clientId === client.clientId);
  const trusted = { ...rights, audience: isKnown ? rights.audience : undefined };
  const granted = narrowToken(subject, asking, trusted, settings.capabilitySets);

  const left = Math.floor(subject.claims.exp - systemClock());
  const lifetime = Math.min(settings.lifetimes.accessToken, left);
  if (lifetime < 1) throw new Refused("invalid_request", "the subject_token has expired");
  const { sub, act } = subject.claims;
  // Who acts is added in front of who acted before (RFC 8693 4.1).
  const actor = { sub: client.clientId, ...(act === undefined ? {} : { act }) };
  desk.prepare(ctx.req, {
    granted,
    subject: { sub, clientId: client.clientId, groups: subject.groups, lifetime, actor },
  });

  const saved = new provider.ClientCredentials({ client, expiresIn: lifetime });
  ctx.oidc.entity("ClientCredentials", saved);
  await saved.save();
  ctx.body = { issued_token_type: ACCESS_TOKEN, token_type: "Bearer" };
}

function checkParameters(params: Readonly<Record<string, unknown>>): string {
  const { subject_token: token, subject_token_type: type, requested_token_type: requested } = params;
  if (params["actor_token"] !== undefined)
    throw new Refused("invalid_request", "actor_token is not taken: the client itself is the actor");
  if (typeof token !== "string") throw new Refused("invalid_request", "subject_token is missing");
  if (!TYPES.includes(type)) throw new Refused("invalid_request", `subject_token_type must be ${ACCESS_TOKEN}`);
  if (requested !== undefined && !TYPES.includes(requested))
    throw new Refused("invalid_request", `requested_token_type must be ${ACCESS_TOKEN}`);
  return token;
}

/** Rather all than one that was revoked: where the list is full, nothing is exchanged for a while. */
export function refuseRevoked({ claims }: Pick<SubjectToken, "claims">, issued: Pick<IssuedTokens, "isRevoked">): void {
  const revoked = issued.isRevoked(claims.jti);
  if (revoked === true) throw new Refused("invalid_request", "the subject_token has been revoked");
  if (revoked === "unsure")
    throw new Refused("invalid_request", "more tokens are revoked than the issuer can remember: try later");
}

/** `may_act` names the only one who may act for the subject (RFC 8693 4.4). */
function refuseStranger({ claims }: SubjectToken, clientId: string): void {
  const may = claims["may_act"];
  if (may === undefined) return;
  if (typeof may === "object" && may !== null && "sub" in may && may.sub === clientId) return;
  throw new Refused("invalid_request", "the subject_token names another party that may act");
}
