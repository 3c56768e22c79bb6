// What clients say, in the words that the provider knows. RFC 6749 2.3.1, RFC 7591 2, RFC 7009 2.1, RFC 7662 2.1, interop 8.
import type { IncomingHttpHeaders } from "node:http";
import { isRecord } from "../../options.js";
import { ENDPOINTS } from "../endpoints.js";
import { ASKED, takeAsked, writeAsked, writeRefused } from "../grants/asked.js";
import type { Asked } from "../grants/grant.js";
import type { IssuedTokens } from "../grants/issued-tokens.js";
import { SCOPE } from "../provider/clients.js";
import { GRANTED, STATIC_SCOPES } from "../provider/grants.js";
import { Refused } from "../refused.js";

/** The parts of a request that are looked at. */
export interface Parts {
  readonly method: string;
  /** Below the path of the issuer. */
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What becomes of them. */
export interface Rewritten {
  readonly query?: string;
  readonly headers?: IncomingHttpHeaders;
  readonly body?: Buffer;
  /** What the request asks for, taken out of it. */
  readonly asked?: Asked;
}

/**
 * Rewrites a request to one of the endpoints.
 * @throws {Refused} for what the request asks for in a wrong form
 */
export function rewrite(parts: Parts, issued: IssuedTokens): Rewritten {
  const { path, method, headers } = parts;
  if (path === ENDPOINTS.authorization) return { query: authorize(new URLSearchParams(parts.query)) };
  if (path === ENDPOINTS.userinfo) return { headers: showOwnToken(headers, issued) };
  if (path.startsWith(ENDPOINTS.registration) && (method === "POST" || method === "PUT")) return hideScope(parts);
  if (method !== "POST" || !/^application\/x-www-form-urlencoded/i.test(headers["content-type"] ?? "")) return {};
  const form = new URLSearchParams(parts.body.toString("utf8"));
  const plain = withoutEmptySecret(headers, form);
  if (path === ENDPOINTS.token) {
    const asked = takeAsked(form);
    return { headers: plain, body: Buffer.from(form.toString()), asked };
  }
  if (path === ENDPOINTS.device_authorization) askAhead(form);
  if (path === ENDPOINTS.revocation || path === ENDPOINTS.introspection) showProvidersName(form, issued);
  return { headers: plain, body: Buffer.from(form.toString()) };
}

/** A browser comes with it: what is wrong is told to the client, at its own address. */
function authorize(query: URLSearchParams): string {
  try {
    askAhead(query);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    for (const name of ["scope", "audience", "resource"]) query.delete(name);
    query.set("scope", GRANTED);
    query.set(ASKED, writeRefused(error));
  }
  const prompts = query.getAll("prompt").join(" ").split(" ");
  // The page asks each time anyway, and without the word the provider would drop offline_access (OpenID Core 11).
  if (!prompts.some((word) => word === "none" || word === "consent") && query.getAll("prompt").length < 2)
    query.set("prompt", [...prompts, "consent"].join(" ").trim());
  // Its page would have a script. A name that the provider does not know, so that it says so.
  if (query.get("response_mode") === "form_post") query.set("response_mode", "none");
  return query.toString();
}

/** Moves what is asked for into the one parameter that the provider keeps until a person has answered. */
function askAhead(parameters: URLSearchParams): void {
  const asked = takeAsked(parameters);
  const statics = STATIC_SCOPES.filter((name) => asked.scope === undefined || asked.scope.includes(name));
  parameters.append("scope", [...statics, GRANTED].join(" "));
  parameters.set(ASKED, writeAsked(asked));
}

/** Public clients send `client_id:` with nothing after the colon, as some do whenever they have no secret. */
function withoutEmptySecret(headers: IncomingHttpHeaders, form: URLSearchParams): IncomingHttpHeaders {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(headers.authorization ?? "") ?? [];
  const credentials = encoded === undefined ? "" : Buffer.from(encoded, "base64").toString("utf8");
  if (!/^[^:]+:$/.test(credentials)) return headers;
  const { authorization: _, ...others } = headers;
  const clientId = decodeForm(credentials.slice(0, -1));
  if (!form.getAll("client_id").includes(clientId)) form.append("client_id", clientId);
  return others;
}

function decodeForm(text: string): string {
  return new URLSearchParams(`value=${text}`).get("value") ?? "";
}

/** The provider knows its tokens by other names than the JWTs; what it never issued becomes a name that nothing has. */
function showProvidersName(form: URLSearchParams, issued: IssuedTokens): void {
  const token = form.get("token");
  if (form.getAll("token").length !== 1 || !token?.includes(".")) return;
  form.set("token", issued.find(token)?.id ?? "unknown");
}

function showOwnToken(headers: IncomingHttpHeaders, issued: IssuedTokens): IncomingHttpHeaders {
  const [, token] = /^bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  if (token === undefined) return headers;
  return { ...headers, authorization: `Bearer ${issued.find(token)?.id ?? "unknown"}` };
}

/** The provider refuses a scope with a path; and redirects of programs on somebody's machine unless told that it is one. */
function hideScope({ headers, body }: Parts): Rewritten {
  const client = parseJson(body);
  if (!isRecord(client)) return {};
  const { scope, ...others } = client;
  const native = isNative(others["redirect_uris"]) ? { application_type: "native" } : {};
  const rewritten = { ...others, ...native, ...(scope === undefined ? {} : { [SCOPE]: scope }) };
  return { headers, body: Buffer.from(JSON.stringify(rewritten)) };
}

/** Whether it comes back to a program on the same machine: by a scheme of its own, or on loopback (RFC 8252 7). */
function isNative(uris: unknown): boolean {
  const own = /^(?!https?:)|^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/;
  return Array.isArray(uris) && uris.some((uri) => typeof uri === "string" && own.test(uri));
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined; // the provider says so
  }
}
