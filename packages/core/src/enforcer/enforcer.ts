// The enforcer: verifies tokens, remembers them, and says what they allow. Rules R1, R5, V1 to V3, S5, S8.
import { takeBareNames } from "../profiles/select.js";
import { parseAsked } from "./asked.js";
import type { Decider } from "./decide.js";
import type { Enforcer } from "./enforcer-type.js";
import { explainDecision } from "./explain.js";
import { createHeldTokens } from "./held-tokens.js";
import type { EnforcerOptions } from "./option-types.js";
import { resolveOptions } from "./options.js";
import type { KeySourceFactory, Settings } from "./options.js";
import { warnOfReportOnly } from "./report-only.js";
import { createTokenTest } from "./test-token.js";

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

function closeSources(settings: Settings): void {
  for (const { keys } of settings.issuers.all) keys.close();
}

function buildEnforcer(settings: Settings, onClose?: () => void): Enforcer {
  let closed = false;
  let mode: "enforce" | "report" = "enforce";
  const tokenTest = createTokenTest(settings.equivalence);
  const issuerNames = settings.issuers.all.map(({ issuer }) => issuer);

  function checkOpen(): void {
    if (closed) throw new Error("the enforcer is closed");
  }

  const decider: Decider = {
    now: settings.clock,
    events: settings.events,
    maxTokenBytes: settings.maxTokenBytes,
    names: {
      issuers: issuerNames,
      audiences: settings.issuers.all.flatMap(({ audiencePolicy }) => audiencePolicy.audience ?? []),
    },
    takesBareNames: settings.issuers.all.some(({ profiles }) => takeBareNames(profiles)),
    verifyAt(raw, now) {
      checkOpen();
      return held.verifyAt(raw, now);
    },
    checkRevoked: (token) => held.checkRevoked(token),
    lacks: (token, asked, now) => tokenTest.lackOf(held.own(token), asked, now),
    relative: (token, asked) => tokenTest.relative(held.own(token), asked),
    locate: (token, asked, now) => tokenTest.locate(held.own(token), asked, now),
    scopesThatGrant: (token, asked) => tokenTest.scopesThatGrant(held.own(token), asked),
    language: (token) => held.own(token).profile.language,
    judgedByGroups(token) {
      const { profile } = held.own(token);
      return profile.groups !== undefined && !token.scopes.some((scope) => /^(storage|compute)\./.test(scope));
    },
    reportOnly() {
      if (mode === "enforce") warnOfReportOnly(settings.events, issuerNames);
      mode = "report";
    },
  };

  const enforcer: Enforcer = Object.freeze<Enforcer>({
    verify: async (raw) => decider.verifyAt(raw, settings.clock()),
    test(token, authz, path) {
      const own = held.own(token);
      const asked = parseAsked(authz, path, own.profile.language === "plain");
      return tokenTest.lackOf(own, { authz, path: asked.path, of: "request" }, settings.clock()) === undefined;
    },
    explain: (tokenOrRaw, authz, path) => explainDecision(decider, settings, { tokenOrRaw, authz, path }),
    acls: (token) => held.own(token).capabilities.acls,
    async ready() {
      checkOpen();
      const now = settings.clock();
      await Promise.all(settings.issuers.all.map(({ keys }) => keys.load(now)));
    },
    status() {
      const now = settings.clock();
      return settings.issuers.all.map(({ keys }) => Object.freeze({ ...keys.status(now), mode }));
    },
    close() {
      if (onClose !== undefined) return onClose();
      closed = true;
      closeSources(settings);
    },
  });
  const held = createHeldTokens(settings, enforcer);
  deciders.set(enforcer, decider);
  return enforcer;
}
