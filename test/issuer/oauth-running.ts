// An OAuth issuer for one test, and the clients, browsers and services that come to it over real HTTP.
import { createEnforcer } from "@scitokens/core";
import type { SciToken } from "@scitokens/core";
import { startOAuthIssuer } from "@scitokens/issuer/oauth";
import type { OAuthIssuer, OAuthIssuerOptions } from "@scitokens/issuer/oauth";
import { allowInsecureRequests, ClientSecretBasic, discovery, None } from "openid-client";
import type { Configuration } from "openid-client";
import { onTestFinished } from "vitest";

export const AUDIENCE = "https://data.example";

/** Starts an issuer that is closed when the test ends; everyone is allowed everything, unless the options say otherwise. */
export async function startOAuth(options: OAuthIssuerOptions = {}): Promise<OAuthIssuer> {
  const issuer = await startOAuthIssuer({ approve: "everyone", ...options });
  onTestFinished(() => issuer.close());
  return issuer;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Form = Readonly<Record<string, string | readonly string[]>>;

/** Posts a form, with Basic credentials where there are some. */
export async function post(url: string, form: Form, credentials?: string): Promise<Reply> {
  const body = new URLSearchParams();
  for (const [name, values] of Object.entries(form)) for (const value of [values].flat()) body.append(name, value);
  const headers: Record<string, string> =
    credentials === undefined ? {} : { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` };
  return read(await fetch(url, { method: "POST", body, headers }));
}

/** An answer and its JSON; an empty body is an empty object. */
export async function read(response: Response): Promise<Reply> {
  const text = await response.text();
  const body: Readonly<Record<string, unknown>> = text === "" ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, body };
}

export const SERVICE = "demo-service:demo-secret";
const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

/** A token by client credentials of the default client. */
export const byClient = (issuer: OAuthIssuer, form: Form = {}): Promise<Reply> =>
  post(`${issuer.issuer}/token`, { grant_type: "client_credentials", ...form }, SERVICE);

/** The answer of the device endpoint. */
export const askForDevice = (issuer: OAuthIssuer, form: Form): Promise<Reply> =>
  post(`${issuer.issuer}/device_authorization`, { client_id: "demo", ...form });

/** The answer of the token endpoint to a device code. */
export const pollDevice = (issuer: OAuthIssuer, device: Reply, form: Form = {}): Promise<Reply> =>
  post(`${issuer.issuer}/token`, {
    client_id: "demo",
    grant_type: DEVICE_CODE,
    device_code: String(device.body["device_code"]),
    ...form,
  });

/** Tokens by a device code that everyone is allowed. */
export async function byDevice(issuer: OAuthIssuer, form: Form, poll: Form = {}): Promise<Reply> {
  return pollDevice(issuer, await askForDevice(issuer, form), poll);
}

/** Uses a refresh token of the public client. */
export const refresh = (issuer: OAuthIssuer, from: Reply, form: Form = {}): Promise<Reply> =>
  post(`${issuer.issuer}/token`, {
    client_id: "demo",
    grant_type: "refresh_token",
    refresh_token: String(from.body["refresh_token"]),
    ...form,
  });

export const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
export const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

/** Brings a token to be exchanged, as the default client unless there are other credentials. */
export const exchange = (
  issuer: OAuthIssuer,
  token: string,
  form: Form = {},
  credentials = SERVICE,
): Promise<Reply> => {
  const subject = { grant_type: EXCHANGE, subject_token: token, subject_token_type: ACCESS_TOKEN };
  return post(`${issuer.issuer}/token`, { ...subject, ...form }, credentials);
};

/** Registers a client. */
export const register = async (issuer: OAuthIssuer, metadata: object): Promise<Reply> =>
  read(
    await fetch(`${issuer.issuer}/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(metadata),
    }),
  );

/** The access token of an answer, as a service with the core's enforcer sees it. */
export async function verified(issuer: OAuthIssuer, reply: Reply, audience = AUDIENCE): Promise<SciToken> {
  const enforcer = createEnforcer({ issuer: { issuer: issuer.issuer, allowInsecureIssuer: true }, audience });
  onTestFinished(() => enforcer.close());
  return enforcer.verify(String(reply.body["access_token"]));
}

/** openid-client, which reads the metadata itself. */
export function clientOf(issuer: OAuthIssuer, clientId: string, secret?: string): Promise<Configuration> {
  const authentication = secret === undefined ? None() : ClientSecretBasic(secret);
  return discovery(new URL(issuer.issuer), clientId, undefined, authentication, { execute: [allowInsecureRequests] });
}

/** A browser as far as these pages need one: it keeps cookies and follows redirects within the issuer. */
export function createBrowser(origin: string): {
  readonly get: (url: string) => Promise<Response>;
  readonly submit: (url: string, form: Form) => Promise<Response>;
} {
  const cookies = new Map<string, string>();
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { ...init, headers: { cookie, origin }, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";", 1);
      const [name = "", ...value] = pair.split("=");
      if (value.join("=") === "") cookies.delete(name);
      else cookies.set(name, value.join("="));
    }
    const location = response.headers.get("location");
    const next = location === null ? undefined : new URL(location, url).href;
    return next?.startsWith(`${origin}/`) ? send(next, { method: "GET" }) : response;
  };
  return {
    get: (url) => send(url, { method: "GET" }),
    submit: (url, form) => {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries(form)) body.append(name, String(value));
      return send(url, { method: "POST", body });
    },
  };
}
