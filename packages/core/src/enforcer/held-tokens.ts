// The tokens that an enforcer has verified: each once, kept, and looked at again with every use. Rules I8, R5, V1 to V3.
import { InvalidTokenError } from "../base/errors.js";
import { callApplication } from "../base/program-fault.js";
import { isThenable, when } from "../base/when.js";
import { checkTimes } from "../claims/times.js";
import { createKnownHeaders } from "../jwt/known-headers.js";
import { createSignatureVerifier } from "../jwt/verify-signature.js";
import { HeldToken } from "./held-token.js";
import type { EnforcerOptions } from "./option-types.js";
import type { Settings } from "./options.js";
import { stateOf } from "./sci-token.js";
import type { SciToken, TokenOwner } from "./sci-token.js";
import { createSingleFlight } from "./single-flight.js";
import { createTokenCache } from "./token-cache.js";
import { verifyToken } from "./verify-token.js";
import type { VerifiedToken } from "./verify-token.js";

export interface HeldTokens {
  /**
   * @returns a promise only where there is something to wait for
   * @throws {InvalidTokenError} at once or later
   * @throws {IssuerUnavailableError}
   */
  verifyAt(raw: string, now: number): SciToken | Promise<SciToken>;
  /** @throws {InvalidTokenError} reason `revoked` */
  checkRevoked(token: SciToken): Promise<void>;
  /** @throws {TypeError} for a token of another enforcer (R5) */
  own(token: SciToken): HeldToken;
}

export function createHeldTokens(settings: Settings, owner: TokenOwner): HeldTokens {
  const verification = { settings, signatures: createSignatureVerifier(), headers: createKnownHeaders() };
  const cache = createTokenCache<HeldToken>(settings.tokenCache);
  const underWay = createSingleFlight<SciToken>();

  /** A verdict of before, if all that could have changed since still holds (V2). */
  function fromCache(raw: string, now: number): SciToken | undefined {
    const held = typeof raw === "string" ? cache.get(raw) : undefined;
    if (held === undefined) return undefined;
    const keyIsThere = held.isSignedByOneOf(held.issuer.keys.peek(now));
    if (!keyIsThere || now >= held.token.expiresAt) cache.delete(raw);
    return keyIsThere ? held.token : undefined;
  }

  function verifyFresh(raw: string, now: number): SciToken | Promise<SciToken> {
    return when(verifyToken(raw, now, verification), (verified) => {
      const held = new HeldToken(raw, verified, owner);
      cache.set(held);
      reportOwed(verified);
      return held.token;
    });
  }

  function reportOwed({ content, issuer }: VerifiedToken): void {
    const claims = content.profile.owed?.filter((name) => !Object.hasOwn(content.claims, name)) ?? [];
    if (claims.length > 0) settings.events.emit({ type: "claim_owed", issuer: issuer.issuer, claims });
  }

  /** Now, for this request: a cached verdict is older, and one that was joined was made for an earlier request. */
  function admit(token: SciToken, now: number): SciToken | Promise<SciToken> {
    checkTimes(token, now, settings.timeLimits);
    if (settings.isRevoked === undefined) return token;
    return askIfRevoked(token, settings.isRevoked).then(() => token);
  }

  /** While it was waited for, its key may have gone: then it is verified by those that are there now (I8). */
  async function afterWaiting(found: Promise<SciToken>, raw: string, now: number): Promise<SciToken> {
    const token = await found;
    const held = own(token);
    const keyIsThere = held.isSignedByOneOf(held.issuer.keys.peek(now));
    return admit(keyIsThere ? token : await verifyFresh(raw, now), now);
  }

  function own(token: SciToken): HeldToken {
    const held = stateOf(token, owner) as HeldToken | undefined;
    if (held === undefined) throw new TypeError("token: expected one that this enforcer verified");
    return held;
  }

  return {
    own,
    verifyAt(raw, now) {
      const found = fromCache(raw, now) ?? underWay.run(raw, now, () => verifyFresh(raw, now));
      return isThenable<SciToken, Promise<SciToken>>(found) ? afterWaiting(found, raw, now) : admit(found, now);
    },
    async checkRevoked(token) {
      if (settings.isRevoked !== undefined) await askIfRevoked(token, settings.isRevoked);
    },
  };
}

/** Only `false` passes: a hook that forgets to answer is a fault of the program, and lets nobody in. */
async function askIfRevoked(token: SciToken, isRevoked: NonNullable<EnforcerOptions["isRevoked"]>): Promise<void> {
  const revoked: unknown = await callApplication(() => isRevoked(token));
  if (revoked === true) throw new InvalidTokenError("revoked", "the token has been revoked");
  if (revoked !== false) throw new TypeError("isRevoked: expected true or false");
}
