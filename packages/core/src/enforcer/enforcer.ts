// The enforcer: verifies tokens, remembers them, and says what they allow. Rules R1, R5, V1 to V3, S5, S8.
import { InvalidTokenError } from "../base/errors.js";
import { callApplication } from "../base/program-fault.js";
import { checkTimes } from "../claims/times.js";
import { createSignatureVerifier } from "../jwt/verify-signature.js";
import { takeBareNames } from "../profiles/select.js";
import { relativeToBase } from "../scopes/base-path.js";
import { grants } from "../scopes/equivalence.js";
import { parseAsked } from "./asked.js";
import type { AskedAt, Decider, Lack } from "./decide.js";
import { explainDecision } from "./explain.js";
import type { Enforcer } from "./enforcer-type.js";
import type { EnforcerOptions } from "./option-types.js";
import { resolveOptions } from "./options.js";
import type { KeySourceFactory, Settings } from "./options.js";
import { issueToken, stateOf } from "./sci-token.js";
import type { SciToken } from "./sci-token.js";
import { createSingleFlight } from "./single-flight.js";
import { createTokenCache } from "./token-cache.js";
import { verifyToken } from "./verify-token.js";
import type { VerifiedToken } from "./verify-token.js";

interface CachedToken {
  readonly raw: string;
  readonly token: SciToken;
  readonly verified: VerifiedToken;
}

const deciders = new WeakMap<Enforcer<unknown>, Decider>();

/** @throws {TypeError} when it was not made by `createEnforcer` */
export function deciderOf(enforcer: Enforcer<unknown>): Decider {
  const decider = deciders.get(enforcer);
  if (decider === undefined) throw new TypeError("enforcer: expected what createEnforcer() returned");
  return decider;
}

/**
 * Makes an enforcer: who is trusted, and who this server is.
 * @throws {TypeError} for a wrong option, which it names
 * @example
 * const enforcer = createEnforcer({ issuer: "https://issuer.example.org", audience: "https://data.example.org" });
 * const token = await enforcer.verify(raw);
 * enforcer.test(token, "read", "/store/file");
 */
export function createEnforcer<C = {}>(options: EnforcerOptions<C>): Enforcer<C> {
  return buildEnforcer(resolveOptions(options)) as Enforcer<C>; // by its schema, which checks what it types
}

/**
 * An enforcer that several routes have, with key sources that others may have too (I15). Closing it is the wish of one of
 * them: `onClose` is told, and the others go on.
 */
export function createSharingEnforcer(
  options: EnforcerOptions,
  keySource: KeySourceFactory,
  onClose: () => void,
): Enforcer {
  return buildEnforcer(resolveOptions(options, keySource), onClose);
}

/** Only `false` passes: a hook that forgets to answer is a fault of the program, and lets nobody in. */
async function checkRevoked(token: SciToken, isRevoked: NonNullable<EnforcerOptions["isRevoked"]>): Promise<void> {
  const revoked: unknown = await callApplication(() => isRevoked(token));
  if (revoked === true) throw new InvalidTokenError("revoked", "the token has been revoked");
  if (revoked !== false) throw new TypeError("isRevoked: expected true or false");
}

function closeSources(settings: Settings): void {
  for (const { keys } of settings.issuers.all) keys.close();
}

function buildEnforcer(settings: Settings, onClose?: () => void): Enforcer {
  const verification = { settings, signatures: createSignatureVerifier() };
  const cache = createTokenCache<CachedToken>(settings.tokenCache);
  const underWay = createSingleFlight<SciToken>();
  let closed = false;

  function checkOpen(): void {
    if (closed) throw new Error("the enforcer is closed");
  }

  async function verifyAt(raw: string, now: number): Promise<SciToken> {
    checkOpen();
    const token =
      (typeof raw === "string" ? fromCache(raw, now) : undefined) ??
      (await underWay.run(raw, () => verifyFresh(raw, now)));
    // Now, for this request: a cached verdict is older, and one that was joined was made for an earlier request.
    checkTimes(token, now, settings.timeLimits);
    if (settings.isRevoked !== undefined) await checkRevoked(token, settings.isRevoked);
    return token;
  }

  /** A verdict of before, if all that could have changed since still holds (V2). */
  function fromCache(raw: string, now: number): SciToken | undefined {
    const cached = cache.get(raw);
    if (cached === undefined) return undefined;
    const { verified, token } = cached;
    const keyIsGone = verified.issuer.keys.peek(now)?.has(verified.key) !== true;
    if (keyIsGone || now >= token.expiresAt) cache.delete(raw);
    return keyIsGone ? undefined : token;
  }

  async function verifyFresh(raw: string, now: number): Promise<SciToken> {
    const verified = await verifyToken(raw, now, verification);
    const token = issueToken(verified.content, enforcer, verified);
    cache.set({ raw, token, verified });
    reportOwed(verified);
    return token;
  }

  function reportOwed({ profile, content, issuer }: VerifiedToken): void {
    const claims = (profile.owed ?? []).filter((name) => !Object.hasOwn(content.claims, name));
    if (claims.length > 0) settings.events.emit({ type: "claim_owed", issuer: issuer.issuer, claims });
  }

  function own(token: SciToken): VerifiedToken {
    const verified = stateOf(token, enforcer) as VerifiedToken | undefined;
    if (verified === undefined) throw new TypeError("token: expected one that this enforcer verified");
    return verified;
  }

  function relative(token: SciToken, { path, of }: AskedAt): AskedAt["path"] {
    if (path === undefined || of === "issuer") return path;
    return relativeToBase(path, own(token).issuer.basePaths);
  }

  function lacks(token: SciToken, asked: AskedAt, now: number): Lack | undefined {
    const { capabilities, profile } = own(token);
    if (now >= token.expiresAt) return "expired";
    const path = relative(token, asked);
    if (asked.path !== undefined && path === undefined) return "base_path";
    const reading = { language: profile.language, equivalence: settings.equivalence };
    return grants(capabilities, reading, { authz: asked.authz, path }) ? undefined : "capability";
  }

  const decider: Decider = {
    now: settings.clock,
    events: settings.events,
    maxTokenBytes: settings.maxTokenBytes,
    names: {
      issuers: settings.issuers.all.map(({ issuer }) => issuer),
      audiences: settings.issuers.all.flatMap(({ audiencePolicy }) => audiencePolicy.audience ?? []),
    },
    takesBareNames: settings.issuers.all.some(({ profiles }) => takeBareNames(profiles)),
    verifyAt,
    checkRevoked: async (token) => settings.isRevoked && checkRevoked(token, settings.isRevoked),
    lacks,
    relative,
    language: (token) => own(token).profile.language,
    judgedByGroups(token) {
      return (
        own(token).profile.groups !== undefined && !token.scopes.some((scope) => /^(storage|compute)\./.test(scope))
      );
    },
  };

  const enforcer: Enforcer = Object.freeze<Enforcer>({
    verify: async (raw) => verifyAt(raw, settings.clock()),
    test(token, authz, path) {
      const asked = parseAsked(authz, path, own(token).profile.language === "plain");
      const askedAt: AskedAt = { authz: asked.authz, path: asked.path, of: "request" };
      return lacks(token, askedAt, settings.clock()) === undefined;
    },
    explain: (tokenOrRaw, authz, path) => explainDecision(decider, settings, { tokenOrRaw, authz, path }),
    acls: (token) => own(token).capabilities.acls,
    async ready() {
      checkOpen();
      const now = settings.clock();
      await Promise.all(settings.issuers.all.map(({ keys }) => keys.load(now)));
    },
    status() {
      const now = settings.clock();
      return settings.issuers.all.map(({ keys }) => keys.status(now));
    },
    close() {
      if (onClose !== undefined) return onClose();
      closed = true;
      closeSources(settings);
    },
  });
  deciders.set(enforcer, decider);
  return enforcer;
}
