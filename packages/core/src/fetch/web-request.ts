// What a decision is made on, from a web-standard Request. Fetch 5.1 and 6.2, RFC 9110 11.6.2, rules H2, R2.
import type { RequestFacts } from "../http/index.js";

/**
 * The facts of a Request. Whoever made it has resolved dot segments and joined equal headers already: what is judged is
 * what its handlers see.
 * @param seen what scope functions are given
 */
export function webFacts<Req>(request: Request, seen: Req): RequestFacts<Req> {
  return {
    method: request.method,
    target: targetOf(request.url),
    authorization: authorizationLines(request.headers),
    header: (name) => headerLines(request, name),
    request: seen,
    judged: request, // functions may be given what several requests share
  };
}

/** `Headers` has joined equal lines by commas: no value that we read holds one. `Host` may be in the URL alone. */
function headerLines({ headers, url }: Request, name: string): readonly string[] {
  const value = headers.get(name) ?? (name === "host" ? hostOf(url) : undefined);
  return value === undefined ? [] : [value];
}

function hostOf(url: string): string | undefined {
  return ORIGIN.exec(url)?.[0].split("//")[1];
}

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/** All that follows the authority, as it stands: parsed once more, an escape could become something else (R2). */
function targetOf(url: string): string {
  return url.slice(ORIGIN.exec(url)?.[0].length ?? 0);
}

const BEARER = /^bearer(?: |$)/i;

/**
 * The header's lines, which `Headers` joins by commas. No token has a comma, but the parameters of other schemes are
 * joined by them too: those stay one line, unless a part of it would be a token of ours.
 */
function authorizationLines(headers: Headers): readonly string[] {
  const value = headers.get("authorization");
  if (value === null) return [];
  const parts = value.split(/, */);
  return parts.some((part) => BEARER.test(part)) ? parts : [value];
}
