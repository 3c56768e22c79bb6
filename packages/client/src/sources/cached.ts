// One token for many requests: kept, renewed before it ends, fetched once for all who ask at the same time.
import type { AccessToken } from "../base/access-token.js";
import { systemClock } from "../base/clock.js";
import { DeadlineError, within } from "../base/deadline.js";
import { TokenError } from "../base/errors.js";
import { checkFunction } from "../base/option-checks.js";
import { checkOptionNames } from "../base/option-names.js";
import { shareWork } from "../base/shared-work.js";
import { readRequest, requestKey } from "../base/token-request.js";
import type { ReadRequest } from "../base/token-request.js";
import type { TokenRequest, TokenSource } from "../base/token-source.js";
import { createSlots } from "./slots.js";
import type { Slot } from "./slots.js";

/** What a cache did on its own. Without a token's text. */
export type CacheEvent =
  | { readonly type: "token_renewed"; readonly source: string; readonly expiresAt: number | undefined }
  | { readonly type: "renewal_failed"; readonly error: unknown; readonly retryAfter: number };

export interface CachedOptions {
  /** Different requests that are remembered; the one longest unused goes first. Default 1000. */
  readonly maxEntries?: number | undefined;
  /** Told of each token got and of each failure, those in the background included. What it throws is ignored. */
  readonly onEvent?: ((event: CacheEvent) => void) | undefined;
  /** Seconds since the epoch. Default: the system's clock. */
  readonly clock?: (() => number) | undefined;
  /** From 0 to 1, for the jitter. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/**
 * Keeps the tokens of a source, one for each audience, resource, scope and issuer asked for. At half of a token's life
 * (some per cent sooner or later, so that a fleet does not ask at once) the next request starts its renewal, and gets the
 * old one, as do all others while it lives for their `timeLeft`. `fresh: true` gets a new one. A token of unknown life is
 * kept for a minute. Failures are thrown and not kept; for a second after one the source is not asked the same again, and a
 * renewal that fails waits longer each time, up to a minute. A renewal in the background has 60 s; nothing keeps a program
 * from ending.
 * @throws {TypeError} for a wrong option. Its `token()` throws what the source throws
 * @example const source = cached(clientCredentials({ issuer, clientId, clientSecret }));
 */
export function cached(source: TokenSource, options: CachedOptions = {}): TokenSource {
  if (typeof (source as TokenSource | undefined)?.token !== "function") {
    throw new TypeError("cached: expected a source: what environmentTokens(), tokenFile() and the like return");
  }
  checkOptionNames("cached", options, ["maxEntries", "onEvent", "clock", "random"]);
  for (const name of ["onEvent", "clock", "random"] as const) checkFunction("cached", name, options[name]);
  const { maxEntries = 1000, onEvent, clock = systemClock, random = Math.random } = options;
  if (!(Number.isInteger(maxEntries) && maxEntries > 0)) throw new TypeError("cached: maxEntries: expected 1 or more");
  const slots = createSlots({ maxEntries, random });
  const share = shareWork<AccessToken>();

  const tell = (event: CacheEvent): void => {
    try {
      onEvent?.(event);
    } catch {
      // a listener's fault is nobody's reason to go without a token
    }
  };

  /** Started earlier, but done later: then what came in between is the newer one, and stays. */
  const fetchToken = async (slot: Slot, attempt: Attempt, signal: AbortSignal): Promise<AccessToken> => {
    const { request, kind, seconds } = attempt;
    const turn = slot.begin();
    try {
      const limits = { seconds, signal, keepsProcess: false };
      const token = await within(limits, (ended) => source.token({ ...request, signal: ended }));
      slot.succeed(turn, token, clock());
      tell({ type: "token_renewed", source: token.source, expiresAt: token.expiresAt });
      return token;
    } catch (thrown) {
      if (signal.aborted) throw thrown; // nobody wanted it any more
      const error = thrown instanceof DeadlineError ? tooLate(thrown) : thrown;
      tell({ type: "renewal_failed", error, retryAfter: slot.fail(kind, error, clock()) });
      throw error;
    }
  };

  const renew = (slot: Slot, attempt: Attempt, signal?: AbortSignal): Promise<AccessToken> => {
    return share(JSON.stringify([slot.key, attempt.kind]), (ended) => fetchToken(slot, attempt, ended), signal);
  };

  return {
    async token(request = {}) {
      const asked = readRequest(request);
      asked.signal?.throwIfAborted();
      const slot = slots.find(JSON.stringify([requestKey(asked), asked.issuer]));
      const now = clock();
      const kind = kindOf(asked);
      const kept = asked.fresh ? undefined : slot.serve(asked, now);
      if (kept === undefined) {
        slot.refuseIfFailedJustNow(kind, now);
        return renew(slot, { request, kind }, asked.signal);
      }
      if (slot.isDue(kind, now)) {
        renew(slot, { request, kind, seconds: BACKGROUND }).catch(() => {}); // told by an event; the old one serves
      }
      return kept;
    },
  };
}

const BACKGROUND = 60; // seconds

/** One question to the source. */
interface Attempt {
  readonly request: TokenRequest;
  readonly kind: string;
  /** What it may take; undefined: as long as its callers wait. */
  readonly seconds?: number | undefined;
}

/** What may fail where another succeeds. Which token was refused is no part of it: those who were refused want another. */
function kindOf({ timeLeft, fresh, refused }: ReadRequest): string {
  return JSON.stringify([timeLeft, fresh, refused !== undefined]);
}

function tooLate({ message }: DeadlineError): TokenError {
  return new TokenError("unreachable", `a renewal in the background: ${message}`, { source: "cached" });
}
