// A server's refusal in a sentence for a person: what its challenge says. RFC 6750 3, RFC 9728 5.1.
import { printable } from "../base/printable.js";
import { parseChallenges } from "./challenges.js";
import type { Challenge } from "./challenges.js";
import { tokensSentFor } from "./sent-tokens.js";

/** Why a server refused a request, as far as it says. All texts are fit to be printed. */
export interface Refusal {
  readonly status: number;
  /** Begins with the server's name. */
  readonly sentence: string;
  /** `invalid_token`, `insufficient_scope`, `invalid_request` or what else the server calls it. */
  readonly error: string | undefined;
  readonly description: string | undefined;
  /** The scope that would do. */
  readonly scope: string | undefined;
  readonly realm: string | undefined;
  /** Where the server says which issuers it trusts (RFC 9728). */
  readonly resourceMetadata: string | undefined;
}

/**
 * Explains a refusal from its challenge; undefined for an answer that is none (other than 400, 401 and 403). The body is
 * left unread. A token that the server says back is left out, where the answer came by `authorizedFetch`.
 * @example if (!response.ok) console.error(explainChallenge(response)?.sentence);
 */
export function explainChallenge(response: Response): Refusal | undefined {
  return describeRefusal(response, { tokenSent: true });
}

/** As `explainChallenge`, for a request of which it is known whether it had a token. */
export function describeRefusal(response: Response, facts: { readonly tokenSent: boolean }): Refusal | undefined {
  const { status } = response;
  if (status !== 401 && status !== 403 && status !== 400) return undefined;
  const bearer = bearerChallenge(response);
  if (status === 400 && bearer === undefined) return undefined; // the token has nothing to do with it
  const secrets = tokensSentFor(response);
  const read = (name: string): string | undefined => {
    const text = bearer?.parameters.get(name);
    return text === undefined ? undefined : printable(text, secrets);
  };
  const said = { error: read("error"), description: read("error_description"), scope: read("scope") };
  const why = facts.tokenSent ? whatItSays(status, said) : LEFT_BEHIND;
  return {
    status,
    sentence: `${serverOf(response)} ${why}`,
    ...said,
    realm: read("realm"),
    resourceMetadata: read("resource_metadata"),
  };
}

/** Whether the server says that it is the token that it does not take. */
export function isTokenRefused(response: Response): boolean {
  return response.status === 401 && bearerChallenge(response)?.parameters.get("error") === "invalid_token";
}

const LEFT_BEHIND = "refuses: it was reached by a redirect from another origin, and is not sent the token";

interface Said {
  readonly error: string | undefined;
  readonly description: string | undefined;
  readonly scope: string | undefined;
}

function whatItSays(status: number, { error, description, scope }: Said): string {
  const detail = description === undefined || description === "" ? "" : `: ${description}`;
  const needed = scope === undefined || scope === "" ? "" : `; needed is ${scope}`;
  switch (error) {
    case "invalid_token":
      return `does not take this token${detail}${needed}`;
    case "insufficient_scope":
      return `takes this token, but not for this request${detail}${needed}`;
    case "invalid_request":
      return `cannot read the request's credentials${detail}`;
    case undefined:
      break;
    default:
      return `refuses (${error})${detail}${needed}`;
  }
  if (status === 403)
    return `refuses this request${needed} (403): the token may be too narrow, for another audience, or expired`;
  return `saw no token that it takes (${status})${needed}`;
}

/** Of several Bearer challenges the one that says most. */
function bearerChallenge(response: Response): Challenge | undefined {
  const all = parseChallenges(response.headers.get("www-authenticate") ?? "");
  const bearer = all.filter(({ scheme }) => scheme === "bearer");
  return bearer.find(({ parameters }) => parameters.has("error")) ?? bearer[0];
}

function serverOf({ url }: Response): string {
  return URL.canParse(url) ? printable(new URL(url).origin) : "the server";
}
