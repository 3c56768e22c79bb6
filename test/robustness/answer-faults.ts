// What an answer does wrong, whatever it was asked. RFC 6750 3, rules H3 and H4.
import type { RawResponse } from "../support/raw-request.js";
import type { HostileRequest } from "./requests.js";

/** RFC 6750's characters in quotes, and nothing between the attributes but a comma. */
const CHALLENGE = /^Bearer [a-z_]+="[ !#-[\]-~]*"(?:, [a-z_]+="[ !#-[\]-~]*")*$/;

/** What is shorter may stand in any answer by chance. */
const TELLING = 5;

/** @returns a few words for each fault */
export function faultsOf(request: HostileRequest, answer: RawResponse): readonly string[] {
  const { status } = answer;
  const wrong = request.accept.includes(String(status)) ? [] : [`${status}, not ${request.accept.join(" or ")}`];
  if (status === 200) return [...wrong, ...faultsOfResource(request, answer)];
  return [...wrong, ...faultsOfChallenge(request, answer), ...echoes(request, answer)];
}

function faultsOfResource({ area }: HostileRequest, { body }: RawResponse): readonly string[] {
  if (area === undefined) return [];
  const { serves } = JSON.parse(body) as { readonly serves: string };
  return serves === area || serves.startsWith(`${area}/`) ? [] : [`serves ${serves}`];
}

function faultsOfChallenge({ required }: HostileRequest, { status, headers }: RawResponse): readonly string[] {
  const challenge = headers["www-authenticate"];
  if (challenge === undefined) return status === 401 || status === 403 ? [`${status} without a challenge`] : [];
  if (!CHALLENGE.test(challenge)) return [`an illegal challenge: ${challenge}`];
  const scope = /scope="([^"]*)"/.exec(challenge)?.[1];
  if (status === 403 && required !== undefined && scope !== required) return [`a scope of its own: ${scope}`];
  return [];
}

function echoes({ credentials }: HostileRequest, { headers, body }: RawResponse): readonly string[] {
  const told = [...Object.values(headers), body].join("\n").replace(/scope="[^"]*"/, "");
  const echoed = credentials.flatMap(telling).filter((text) => told.includes(text));
  return echoed.map((text) => `the answer holds ${text}`);
}

/** A token's segments, and each text in them: nothing of it may be told. */
function telling(credentials: string): readonly string[] {
  const segments = credentials.split(".");
  const texts = segments.flatMap((segment) => textsIn(Buffer.from(segment, "base64url").toString("utf8")));
  return [credentials, ...segments, ...texts].filter((text) => text.length >= TELLING);
}

/** The strings of a JSON text that are no member's name. */
function textsIn(json: string): readonly string[] {
  const strings = [...json.matchAll(/"((?:[^"\\]|\\.)*)"( *:)?/g)];
  return strings.flatMap(([, text = "", colon]) => (colon === undefined ? [text] : []));
}
