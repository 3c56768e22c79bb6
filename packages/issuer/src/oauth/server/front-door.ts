// Which room a request is for: documents, POST /issue, the pages for people, or the provider. RFC 8414 3.1, interop 3.
import type { IncomingMessage, ServerResponse } from "node:http";
import { documentHeaders, documentUrls } from "../../issuers/documents.js";
import type { KeyRing } from "../../keys/key-ring.js";
import { problem, Refusal, send } from "../../server/answer.js";
import { checkMethod } from "../../server/check-method.js";
import { issue } from "../../server/issue.js";
import { checkHostHeader, checkSameOrigin } from "../../server/loopback.js";
import { readBody } from "../../server/read-body.js";
import { ENDPOINTS, oauthMetadata } from "../endpoints.js";
import type { OAuthSettings } from "../options.js";
import { consentPage } from "../pages/consent-page.js";
import { devicePage } from "../pages/device-page.js";
import type { Desk } from "../provider/desk.js";
import type { OAuthProvider } from "../provider/provider.js";
import { Refused } from "../refused.js";
import { forward } from "./forward.js";
import { rewrite } from "./rewrite.js";

/** What the door leads to. */
export interface House {
  readonly issuer: string;
  readonly keys: KeyRing;
  /** Seconds the documents may be kept. */
  readonly maxAge: number;
  readonly settings: OAuthSettings;
  readonly desk: Desk;
  /** The one with the keys of now. */
  readonly provider: () => OAuthProvider;
}

const OF_THE_PROVIDER: readonly string[] = [
  ENDPOINTS.authorization,
  ENDPOINTS.token,
  ENDPOINTS.device_authorization,
  ENDPOINTS.registration,
  ENDPOINTS.revocation,
  ENDPOINTS.introspection,
  ENDPOINTS.userinfo,
];

/** Below these stands an id: of a resumed authorization, of a client's own record. */
const WITH_ID: readonly string[] = [ENDPOINTS.authorization, ENDPOINTS.registration];

/** Answers one request. */
export async function admitRequest(request: IncomingMessage, response: ServerResponse, house: House): Promise<void> {
  try {
    checkHostHeader(request.headers);
    // A page may send a browser here (that is what authorization requests are), but not make it ask for anything.
    const scheme = house.issuer.startsWith("https:") ? "https" : "http";
    if (request.method !== "GET" && request.method !== "HEAD") checkSameOrigin(request.headers, scheme);
    await find(request, response, house);
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    if (error instanceof Refused) return send(response, oauthError(error));
    send(response, problem(error instanceof Refusal ? error : new Refusal(500, "the issuer failed")));
  }
}

async function find(request: IncomingMessage, response: ServerResponse, house: House): Promise<void> {
  const [target = ""] = (request.url ?? "").split("?", 1);
  const { origin, pathname } = new URL(house.issuer);
  const document = documentOf(`${origin}${target}`, house);
  if (document !== undefined) {
    checkMethod(request, ["GET", "HEAD"]);
    return send(response, { status: 200, headers: documentHeaders(house.maxAge), body: document });
  }
  const base = pathname === "/" ? "" : pathname;
  const path = target.startsWith(`${base}/`) ? target.slice(base.length) : undefined;
  if (path === "/issue") {
    checkMethod(request, ["POST"]);
    return send(response, await issue(request, { issuer: house.issuer, keys: house.keys, now: undefined }));
  }
  const { settings } = house;
  const { devices, consents } = house.provider();
  if (path === ENDPOINTS.device) return devicePage(request, response, { devices, settings });
  if (path?.startsWith(`${ENDPOINTS.consent}/`)) return consentPage(request, response, { consents, settings });
  if (path === undefined || !isOfTheProvider(path)) throw new Refusal(404, "nothing is served here");
  return toProvider(request, response, { house, base, path });
}

/** Exactly: the provider would also answer to other letter case and a slash at the end, where nothing is rewritten. */
function isOfTheProvider(path: string): boolean {
  const slash = path.lastIndexOf("/");
  const withId = slash < path.length - 1 && WITH_ID.includes(path.slice(0, slash));
  return withId || OF_THE_PROVIDER.includes(path);
}

async function toProvider(
  request: IncomingMessage,
  response: ServerResponse,
  { house, base, path }: { readonly house: House; readonly base: string; readonly path: string },
): Promise<void> {
  const query = (request.url ?? "").split("?").slice(1).join("?");
  const headers = forProvider(request.headers);
  const parts = { method: request.method ?? "", path, query, headers, body: await readBody(request) };
  const rewritten = { ...parts, ...rewrite(parts, house.desk.issued) };
  const url = rewritten.query === "" ? path : `${path}?${rewritten.query}`;
  const message = forward(request, { ...rewritten, url, path: base });
  if (rewritten.asked !== undefined) house.desk.asked.set(message, rewritten.asked);
  await house.provider().handle(message, response);
}

/**
 * Without `Origin`, which has been judged here and would be judged again as another site's; and without a session:
 * whoever was here before says again who they are, for to end a session the provider needs a page with scripts.
 */
function forProvider(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  const { origin: _, cookie, ...others } = headers;
  const kept = cookie?.split("; ").filter((pair) => !/^_session(?:\.sig)?=/.test(pair)) ?? [];
  return kept.length > 0 ? { ...others, cookie: kept.join("; ") } : others;
}

function documentOf(url: string, { issuer, keys }: House): object | undefined {
  const urls = documentUrls(issuer);
  if (url === urls.jwks) return keys.jwks();
  if (url === urls.openidConfiguration || url === urls.oauthAuthorizationServer) return oauthMetadata(issuer, keys);
  return undefined;
}

function oauthError({ code, message }: Refused): Parameters<typeof send>[1] {
  return {
    status: 400,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: { error: code, error_description: message },
  };
}
