// WLCG Bearer Token Discovery: the first token of four places, or the first fault.
import type { AccessToken } from "../base/access-token.js";
import { readSurroundings } from "./options.js";
import type { DiscoveryOptions } from "./options.js";
import { discoverySteps } from "./steps.js";

/**
 * Looks for a token as WLCG Bearer Token Discovery says: `BEARER_TOKEN`, the file `BEARER_TOKEN_FILE`,
 * `$XDG_RUNTIME_DIR/bt_u$ID`, `/tmp/bt_u$ID`. Undefined when there is none. An empty place or a missing file is passed
 * over, and so is a `bt_u$ID` that belongs to another user; whatever else is no token ends the search. Verifies nothing.
 * @throws {TokenError} `unusable`: something is there that is no token · `unreachable`: a file cannot be read
 * @throws {TypeError} for a wrong option
 * @example const token = await discoverToken({ onWarning: console.warn });
 */
export async function discoverToken(options?: DiscoveryOptions): Promise<AccessToken | undefined> {
  for (const step of discoverySteps(readSurroundings("discoverToken", options))) {
    const look = await step.look();
    if (look.found === "token") return look.token;
    if (look.found === "fault") throw look.error;
  }
  return undefined;
}
