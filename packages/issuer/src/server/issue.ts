// POST /issue: any token for whoever asks, as development needs it. Answer as in RFC 6749 5.1.
import type { IncomingMessage } from "node:http";
import { systemClock } from "../clock.js";
import { issueToken } from "../issuers/issue-token.js";
import type { IssuingParty } from "../issuers/issue-token.js";
import { parseAlgorithm } from "../keys/algorithms.js";
import { checkNames, isRecord, OptionError } from "../options.js";
import type { MintedToken } from "../tokens/create-token.js";
import { parseProfile } from "../tokens/profiles.js";
import type { Answer } from "./answer.js";
import { Refusal } from "./answer.js";
import { checkSameOrigin } from "./loopback.js";
import { readJson } from "./read-json.js";

/** Answers `{ claims?, profile?, lifetime?, alg? }` with a token. */
export async function issue(request: IncomingMessage, party: IssuingParty): Promise<Answer> {
  checkSameOrigin(request.headers, party.issuer.startsWith("https:") ? "https" : "http");
  const body = await readJson(request);
  try {
    return tokenAnswer(await mint(body, party));
  } catch (error) {
    if (error instanceof OptionError) throw new Refusal(400, error.message);
    throw error;
  }
}

function mint(body: unknown, party: IssuingParty): Promise<MintedToken> {
  if (!isRecord(body)) throw new OptionError("the body must be a JSON object with claims, profile, lifetime, alg");
  checkNames(body, ["claims", "profile", "lifetime", "alg"], "member");
  const { claims = {}, profile, lifetime = 600, alg } = body;
  if (!isRecord(claims)) throw new OptionError("the member 'claims' must be an object");
  if (typeof lifetime !== "number") throw new OptionError("the member 'lifetime' must be a number of seconds");
  return issueToken(party, claims, {
    profile: parseProfile(profile),
    lifetime,
    alg: alg === undefined ? undefined : parseAlgorithm(alg),
  });
}

function tokenAnswer({ token, claims: { exp, scope } }: MintedToken): Answer {
  const answer: Record<string, unknown> = { access_token: token, token_type: "Bearer" };
  if (typeof exp === "number") answer["expires_in"] = Math.max(0, Math.round(exp - systemClock()));
  if (typeof scope === "string") answer["scope"] = scope;
  return {
    status: 200,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: answer,
  };
}
