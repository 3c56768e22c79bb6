// The enforcer: verifies tokens, remembers them, and says what they allow. Rules R1, R5, V1 to V3, S5, S8.
import { takeBareNames } from "../profiles/select.js";
import { relativeToBase } from "../scopes/base-path.js";
import { grants } from "../scopes/equivalence.js";
import { parseAsked } from "./asked.js";
import type { AskedAt, Decider, Lack } from "./decide.js";
import type { Enforcer } from "./enforcer-type.js";
import { explainDecision } from "./explain.js";
import type { HeldToken } from "./held-token.js";
import { createHeldTokens } from "./held-tokens.js";
import type { EnforcerOptions } from "./option-types.js";
import { resolveOptions } from "./options.js";
import type { KeySourceFactory, Settings } from "./options.js";
import type { SciToken } from "./sci-token.js";

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

  function checkOpen(): void {
    if (closed) throw new Error("the enforcer is closed");
  }

  function relative(token: SciToken, { path, of }: AskedAt): AskedAt["path"] {
    if (path === undefined || of === "issuer") return path;
    return relativeToBase(path, held.own(token).issuer.basePaths);
  }

  function lacks(token: SciToken, asked: AskedAt, now: number): Lack | undefined {
    return lackOf(held.own(token), asked, now);
  }

  function lackOf({ token, issuer, profile, capabilities }: HeldToken, asked: AskedAt, now: number): Lack | undefined {
    if (now >= token.expiresAt) return "expired";
    let { path } = asked;
    if (path !== undefined && asked.of === "request") {
      path = relativeToBase(path, issuer.basePaths);
      if (path === undefined) return "base_path";
    }
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
    verifyAt(raw, now) {
      checkOpen();
      return held.verifyAt(raw, now);
    },
    checkRevoked: (token) => held.checkRevoked(token),
    lacks,
    relative,
    language: (token) => held.own(token).profile.language,
    judgedByGroups(token) {
      const { profile } = held.own(token);
      return profile.groups !== undefined && !token.scopes.some((scope) => /^(storage|compute)\./.test(scope));
    },
  };

  const enforcer: Enforcer = Object.freeze<Enforcer>({
    verify: async (raw) => decider.verifyAt(raw, settings.clock()),
    test(token, authz, path) {
      const own = held.own(token);
      const asked = parseAsked(authz, path, own.profile.language === "plain");
      return lackOf(own, { authz, path: asked.path, of: "request" }, settings.clock()) === undefined;
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
      return settings.issuers.all.map(({ keys }) => keys.status(now));
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
