// Answers as web-standard Responses. Fetch 5.5, rules H3, H5.
import type { Answer, Refusal } from "../http/index.js";

/** An answer as a Response; without its body where the method, or the answer, has none. */
export function createResponse({ status, headers, body }: Answer, method: string): Response {
  return new Response(method === "HEAD" || body === "" ? null : body, { status, headers });
}

/**
 * What an application wrote to a refusal, with the challenge. A status that says that all is well, as a Response has where
 * none is given, is the refusal's: no refused request looks like a good one.
 */
export function withRefusal(written: Response, refusal: Refusal): Response {
  const headers = new Headers(written.headers);
  for (const [name, value] of Object.entries(refusal.headers)) headers.set(name, value);
  // Asked this way round, so that what is no Response, and has no status, is no success either.
  const status = written.status >= 300 ? written.status : refusal.status;
  return new Response(written.body, { status, headers });
}
