// The fetch of a test issuer: answers from memory, counts, fails as told. Fetch standard 5.6.
import type { KeyRing } from "../keys/key-ring.js";
import { documentAt, documentHeaders, documentUrls } from "./documents.js";
import { garbage, parseFailMode, refusedConnection, serverError, silence, WRONG_ISSUER } from "./failures.js";
import type { FailMode } from "./failures.js";

/** A fetch and what controls it. */
export interface TestFetch {
  readonly fetch: typeof globalThis.fetch;
  readonly requests: readonly string[];
  readonly fail: (mode?: FailMode | null) => void;
}

const MAX_AGE = 3600; // seconds

/** Makes the fetch for one issuer. */
export function createTestFetch(issuer: string, keys: KeyRing): TestFetch {
  const requests: string[] = [];
  const own: readonly string[] = Object.values(documentUrls(issuer));
  let mode: FailMode | undefined;

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = readRequest(input, init);
    request.signal?.throwIfAborted();
    requests.push(request.url.href);
    const address = `${request.url.origin}${request.url.pathname}`;
    if (mode === "down" || !own.includes(address)) throw refusedConnection(request.url);
    if (mode === "slow") return silence(request.signal);
    if (mode === "500") return serverError();
    if (mode === "garbage") return garbage();
    return answer(request.method, documentAt(address, issuer, keys), mode);
  };
  const fail = (next?: FailMode | null): void => {
    mode = parseFailMode(next);
  };
  return { fetch, requests, fail };
}

interface ReadRequest {
  readonly url: URL;
  readonly method: string;
  readonly signal: AbortSignal | undefined;
}

function readRequest(...[input, init]: Parameters<typeof globalThis.fetch>): ReadRequest {
  const request = input instanceof Request ? input : undefined;
  const url = new URL(input instanceof Request ? input.url : input);
  url.hash = "";
  const method = (init?.method ?? request?.method ?? "GET").toUpperCase();
  return { url, method, signal: init?.signal ?? request?.signal };
}

function answer(method: string, found: object | undefined, mode: FailMode | undefined): Response {
  if (method !== "GET" && method !== "HEAD")
    return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
  const wrong = mode === "wrong issuer" && found !== undefined && "issuer" in found;
  const body = JSON.stringify(wrong ? { ...found, issuer: WRONG_ISSUER } : found);
  return new Response(method === "HEAD" ? null : body, { headers: documentHeaders(MAX_AGE) });
}
