// The provider's answers, with what only this issuer knows: its tokens, its scopes, its audiences.
import type { KoaContextWithOIDC } from "oidc-provider";
import { isRecord } from "../../options.js";
import type { UserSettings } from "../user-options.js";
import { SCOPE } from "./clients.js";
import { readGrant } from "./desk.js";
import type { Desk } from "./desk.js";
import type { Devices } from "./questions.js";

/** What an answer may need. */
export interface AnswerParts {
  readonly desk: Desk;
  readonly devices: Devices;
  /** Who allows everything at once; undefined: people are asked. */
  readonly everyone: UserSettings | undefined;
}

const POLLING = 1; // second: the issuer is on the same machine

/** Completes what an endpoint has answered. */
export async function finishAnswers(ctx: KoaContextWithOIDC, parts: AnswerParts): Promise<void> {
  const body: unknown = ctx.body;
  const { route } = ctx.oidc;
  if (ctx.status >= 300 || !isRecord(body)) return;
  if (route === "token") ctx.body = finishToken(ctx, body, parts.desk);
  if (route === "introspection") ctx.body = finishIntrospection(ctx, body);
  if (["registration", "client", "client_update"].includes(route)) ctx.body = showScope(body);
  if (route !== "device_authorization") return;
  ctx.body = { ...body, interval: POLLING };
  if (parts.everyone !== undefined) await parts.devices.answer(String(body["user_code"]), parts.everyone);
}

/** The token that was minted, in the place of the provider's own. */
function finishToken(ctx: KoaContextWithOIDC, body: Readonly<Record<string, unknown>>, desk: Desk): object {
  const minted = desk.minted(ctx.req);
  if (minted === undefined) throw new Error("no token was minted");
  const { iat, exp } = minted.claims;
  const lifetime = Number(exp) - Number(iat);
  return { ...body, access_token: minted.token, expires_in: lifetime, scope: minted.granted.scope.join(" ") };
}

/** What the token itself says; of a refresh token, what it can get. */
function finishIntrospection({ oidc }: KoaContextWithOIDC, body: Readonly<Record<string, unknown>>): object {
  const { AccessToken, ClientCredentials, RefreshToken, Grant } = oidc.entities;
  if (body["active"] !== true) return body;
  const extra = (AccessToken ?? ClientCredentials)?.extra;
  if (extra !== undefined) return { ...extra, active: true, token_type: "Bearer" };
  if (RefreshToken === undefined || Grant === undefined) return { active: false };
  return { ...body, scope: readGrant(Grant).scope.join(" ") };
}

/** `require_auth_time: false` says nothing, and oidc-agent 4 cannot store a boolean. */
function showScope(body: Readonly<Record<string, unknown>>): object {
  const { [SCOPE]: scope, require_auth_time: always, ...others } = body;
  return {
    ...others,
    ...(always === true ? { require_auth_time: always } : {}),
    ...(scope === undefined ? {} : { scope }),
  };
}
