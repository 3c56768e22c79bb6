// One file that somebody keeps a token in, as a source.
import { checkFunction, checkText, checkUid } from "../base/option-checks.js";
import { checkOptionNames } from "../base/option-names.js";
import { systemClock } from "../base/clock.js";
import { TokenError } from "../base/errors.js";
import type { TokenSource } from "../base/token-source.js";
import { tokenFits } from "../claims/token-fits.js";
import { filePlace } from "../discovery/place.js";

export interface TokenFileOptions {
  /** Told in a sentence what is worth a look: a file that others may read, or that another owns. */
  readonly onWarning?: ((sentence: string) => void) | undefined;
  /** Who should own it. Default: the effective user's id. */
  readonly uid?: number | undefined;
  /** Seconds since the epoch. Default: the system's clock. */
  readonly clock?: (() => number) | undefined;
}

/**
 * The token in a file, read anew each time. The file holds a token alone, or what HTCondor writes:
 * `{"access_token": ..., "expires_in": ...}`.
 * @throws {TypeError} for a wrong option. Its `token()` throws a TokenError: `not_found` for a missing or an empty file,
 *   `unusable` for what is no token or does not fit the request, `unreachable` for a file that cannot be read
 * @example await tokenFile("/run/secrets/token").token()
 */
export function tokenFile(path: string, options: TokenFileOptions = {}): TokenSource {
  checkText("tokenFile", "path", path);
  checkOptionNames("tokenFile", options, ["onWarning", "uid", "clock"]);
  const { onWarning, uid = process.geteuid?.(), clock = systemClock } = options;
  checkFunction("tokenFile", "onWarning", onWarning);
  checkFunction("tokenFile", "clock", clock);
  checkUid("tokenFile", uid);
  const place = filePlace(path, { uid, ownOnly: false, onWarning, json: true });
  return {
    async token(request = {}) {
      request.signal?.throwIfAborted();
      const look = await place.look();
      if (look.found === "fault") throw look.error;
      const source = place.name;
      if (look.found === "nothing") throw new TokenError("not_found", `${source}: ${look.why}`, { source });
      const why = tokenFits(look.token, request, clock());
      if (why !== undefined) throw new TokenError("unusable", `${source}: ${why}`, { source });
      return look.token;
    },
  };
}
