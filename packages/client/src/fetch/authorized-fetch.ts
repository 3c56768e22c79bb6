// fetch, with a token for whom it is meant, and for nobody else. RFC 6750 2.1 and 5.3, Fetch standard.
import type { TokenSource } from "../base/token-source.js";
import { describeRefusal } from "./explain-challenge.js";
import { firstHop, follows, nextHop } from "./hop.js";
import type { Hop } from "./hop.js";
import { letGo } from "./let-go.js";
import { readSettings } from "./options.js";
import type { AuthorizedFetchOptions, Settings } from "./options.js";
import { createSender } from "./send-hop.js";

const MAX_REDIRECTS = 20;

/**
 * Makes a `fetch` that sends a token of the source with each request, as `Authorization: Bearer ...`: over https only, or
 * to this machine, and never to another origin, whatever redirects say. An answer 401 that says `invalid_token` gets one
 * other token and one more try, where the body can be sent again; every other answer is given back as it is.
 * @throws {TypeError} for a wrong option. The fetch itself throws a TokenError when the source has no token, and a
 *   TypeError for a URL that a token is not sent to, for a request that has its own Authorization header, and as fetch does
 * @example
 * const fetch = authorizedFetch(environmentTokens(), { scope: "storage.read:/" });
 * const response = await fetch("https://data.example/store/run7", { headers: { Range: "bytes=0-99" } });
 * if (!response.ok) console.error(explainChallenge(response)?.sentence);
 */
export function authorizedFetch(source: TokenSource, options: AuthorizedFetchOptions = {}): typeof fetch {
  if (typeof (source as TokenSource | undefined)?.token !== "function") {
    throw new TypeError("authorizedFetch: expected a source: what environmentTokens(), cached() and the like return");
  }
  const settings = readSettings(options);
  return async (input, init) => travel(firstHop(input, init), source, settings);
}

async function travel(first: Hop, source: TokenSource, settings: Settings): Promise<Response> {
  const sender = createSender(source, settings);
  let hop = first;
  for (let redirects = 0; ; redirects++) {
    const response = await sender.send(hop);
    const next = follows(hop) ? await after(response, hop) : undefined;
    if (next === undefined) return tell(response, hop, settings);
    if (redirects === MAX_REDIRECTS) throw new TypeError(`authorized fetch: more than ${MAX_REDIRECTS} redirects`);
    hop = next;
  }
}

/** The next request; the answer before it is let go of, so that its connection can be used. */
async function after(response: Response, hop: Hop): Promise<Hop | undefined> {
  let next: Hop | undefined;
  try {
    next = nextHop(hop, response);
  } catch (error) {
    await letGo(response);
    throw error;
  }
  if (next !== undefined) await letGo(response);
  return next;
}

function tell(response: Response, hop: Hop, { onRefused }: Settings): Response {
  if (onRefused === undefined || (response.status !== 401 && response.status !== 403)) return response;
  const refusal = describeRefusal(response, { tokenSent: hop.trusted });
  if (refusal !== undefined) onRefused(refusal);
  return response;
}
