// The decisions behind the provider's endpoints: what a request may have, and the token that says so.
import type { IncomingMessage } from "node:http";
import type { AuthorizationDetail, Client, Grant, KoaContextWithOIDC } from "oidc-provider";
import { systemClock } from "../../clock.js";
import type { Asked, Granted } from "../grants/grant.js";
import { createIssuedTokens } from "../grants/issued-tokens.js";
import type { IssuedTokens } from "../grants/issued-tokens.js";
import { claimsOf, mintGrant } from "../grants/mint-grant.js";
import type { MintingParty, TokenSubject } from "../grants/mint-grant.js";
import { admit, admitAgain, grantBy, narrow, withoutPerson } from "../grants/policy.js";
import type { OAuthSettings } from "../options.js";
import { refuseLarge } from "../grants/size.js";
import { Refused } from "../refused.js";
import type { MintedToken } from "../../tokens/create-token.js";
import { rightsOf } from "./clients.js";

/** What is to be minted. */
export interface Decision {
  readonly granted: Granted;
  readonly subject: TokenSubject;
}

/** What the hooks of the provider ask. */
export interface Desk {
  /** What a request asks for; the front door puts it here. */
  readonly asked: WeakMap<IncomingMessage, Asked>;
  readonly issued: IssuedTokens;
  /** What a client may have of what it asks for. */
  readonly admit: (client: Client, asked: Asked) => Granted;
  /** Decides for a request at the token endpoint; throws Refused. */
  readonly decide: (ctx: KoaContextWithOIDC) => Decision;
  /** Sets aside what was decided elsewhere, for `mint`. */
  readonly prepare: (request: IncomingMessage, decision: Decision) => void;
  /** Mints for the request; `id` is the provider's own name of the token. */
  readonly mint: (ctx: KoaContextWithOIDC, id: string) => Promise<MintedToken>;
  /** What was minted for the request. */
  readonly minted: (request: IncomingMessage) => (MintedToken & { readonly granted: Granted }) | undefined;
}

/** Makes the desk; it outlives the provider. */
export function createDesk(party: MintingParty, settings: OAuthSettings): Desk {
  const asked = new WeakMap<IncomingMessage, Asked>();
  const prepared = new WeakMap<IncomingMessage, Decision>();
  const minted = new WeakMap<IncomingMessage, MintedToken & { readonly granted: Granted }>();
  const issued = createIssuedTokens(systemClock);

  const admitClient = (client: Client, asking: Asked): Granted => {
    const granted = admit(rightsOf(client, settings.profile), asking, settings.capabilitySets);
    refuseLarge(granted);
    return granted;
  };
  const fit = (decision: Decision): Decision => {
    refuseLarge(claimsOf(party, decision.granted, decision.subject));
    return decision;
  };

  const decide = ({ req, oidc }: KoaContextWithOIDC): Decision => {
    const asking = asked.get(req) ?? { scope: undefined, audience: [] };
    const client = oidc.client;
    if (client === undefined) throw new Refused("invalid_request", "no client");
    const lifetime = settings.lifetimes.accessToken;
    if (oidc.params?.["grant_type"] === "client_credentials") {
      const subject = { sub: client.clientId, clientId: client.clientId, groups: [], lifetime };
      return fit({ granted: withoutPerson(admitClient(client, asking)), subject });
    }
    const { Grant: grant } = oidc.entities;
    const user = settings.users.find(({ sub }) => sub === grant?.accountId);
    if (grant === undefined || user === undefined) throw new Refused("invalid_grant", "nobody stands behind the grant");
    const subject = { sub: user.sub, clientId: client.clientId, groups: user.groups, lifetime };
    const narrowed = grantBy(user, narrow(readGrant(grant), asking, settings.capabilitySets));
    const granted = admitAgain(rightsOf(client, settings.profile), narrowed, settings.capabilitySets);
    return fit({ granted, subject });
  };

  return {
    asked,
    issued,
    admit: admitClient,
    decide,
    prepare: (request, decision) => void prepared.set(request, fit(decision)),
    mint: async (ctx, id) => {
      const { granted, subject } = prepared.get(ctx.req) ?? decide(ctx);
      const token = { ...(await mintGrant(party, granted, subject)), granted };
      minted.set(ctx.req, token);
      const { jti, exp } = token.claims;
      issued.remember(token.token, { id, jti: String(jti), expires: Number(exp) });
      return token;
    },
    minted: (request) => minted.get(request),
  };
}

const DETAIL = "scitokens";

/** What is granted, in the form in which the provider's grants keep it (RFC 9396 2). */
export function writeGrant({ scope, audience, profile }: Granted): AuthorizationDetail {
  return { type: DETAIL, scope: [...scope], audience: [...audience], profile };
}

/** The other way round. */
export function readGrant(grant: Grant): Granted {
  const detail = grant.rar?.find(({ type }) => type === DETAIL);
  const { scope, audience, profile }: Readonly<Record<string, unknown>> = detail ?? {};
  if (!isTexts(scope) || !isTexts(audience) || (profile !== "wlcg" && profile !== "scitokens-2"))
    throw new Refused("invalid_grant", "the grant is not of this issuer");
  return { scope, audience, profile };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}
