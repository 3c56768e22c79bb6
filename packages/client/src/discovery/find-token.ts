// The token that fits, out of all places, or a sentence for each place that has none.
import type { AccessToken } from "../base/access-token.js";
import { TokenError } from "../base/errors.js";
import type { TokenRequest } from "../base/token-source.js";
import { NOT_TAKEN } from "../claims/token-fits.js";
import { lookForToken } from "./look-for-token.js";
import type { DiscoveryOptions } from "./options.js";

/**
 * Finds a token that fits the request by its claims, which are not verified: in `SCITOKEN`, the file `SCITOKEN_FILE`,
 * HTCondor's `$_CONDOR_CREDS/*.use`, and by WLCG Bearer Token Discovery. The first that fits is taken (see `tokenFits`).
 * @throws {TokenError} `not_found`: the message lists each place and why its token is not the one · `unusable`: one is the token
 *   that is `refused`
 * @throws {TypeError} for a wrong option or request
 * @example const token = await findToken({ audience: "https://data.example", scope: "read:/store", timeLeft: 60 });
 */
export async function findToken(request?: TokenRequest, options?: DiscoveryOptions): Promise<AccessToken> {
  const { token, places } = await lookForToken(request, options);
  if (token !== undefined) return token;
  const each = places.map(({ place, why }) => `${place}: ${why}`).join("; ");
  const code = places.some(({ why }) => why === NOT_TAKEN) ? "unusable" : "not_found";
  throw new TokenError(code, `no token was found that fits: ${each}`, { source: "the environment" });
}
