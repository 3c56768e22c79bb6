// Whatever token the surroundings hold, as a source.
import type { TokenSource } from "../base/token-source.js";
import { findToken } from "../discovery/find-token.js";
import { readSurroundings } from "../discovery/options.js";
import type { DiscoveryOptions } from "../discovery/options.js";

/**
 * The tokens that `findToken` finds, looked for anew each time: a token that somebody renews in its file is seen.
 * @throws {TypeError} for a wrong option
 * @example await environmentTokens().token({ audience: "https://data.example" })
 */
export function environmentTokens(options?: DiscoveryOptions): TokenSource {
  readSurroundings("environmentTokens", options); // a wrong option shows at start
  return { token: (request) => findToken(request, options) };
}
