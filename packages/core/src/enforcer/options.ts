// Options checked, completed and frozen, once, where the enforcer is made. A wrong one stops the program here.
import { ALGORITHMS, DEFAULT_ALGORITHMS } from "../base/algorithms.js";
import { systemClock } from "../base/clock.js";
import type { Clock } from "../base/clock.js";
import { createEventSink } from "../base/events.js";
import type { EventSink } from "../base/events.js";
import { checkOptionNames } from "../base/option-names.js";
import { asProgramFault } from "../base/program-fault.js";
import { listenTo } from "../base/thrown.js";
import { checkClaimsSchema } from "../claims/schema.js";
import type { ClaimsSchema } from "../claims/schema.js";
import type { TimeLimits } from "../claims/times.js";
import type { ClaimValidator } from "../claims/validator.js";
import { createKeyCache } from "../issuers/key-cache.js";
import type { KeyCacheOptions } from "../issuers/key-cache.js";
import type { KeySource } from "../issuers/key-source.js";
import { createTrustedIssuers } from "../issuers/trusted-issuers.js";
import type { TrustedIssuers } from "../issuers/trusted-issuers.js";
import { MAX_TOKEN_BYTES } from "../jwt/decode.js";
import { DEFAULT_PROFILES, PROFILES } from "../profiles/select.js";
import { booleanOr, functionOr, namesOr, numberOr, storesOr } from "./check-option.js";
import { resolveAudience, resolveIssuer } from "./issuer-options.js";
import type { Issuer } from "./issuer-options.js";
import type { EnforcerOptions, KeyOptions } from "./option-types.js";

export interface Settings {
  readonly issuers: TrustedIssuers<Issuer>;
  readonly timeLimits: TimeLimits;
  readonly maxTokenBytes: number;
  readonly equivalence: boolean;
  readonly tokenCache: number;
  readonly validators: ReadonlyMap<string, ClaimValidator>;
  readonly claims: ClaimsSchema | undefined;
  readonly isRevoked: EnforcerOptions["isRevoked"];
  readonly clock: Clock;
  readonly events: EventSink;
}

/** Makes the source of an issuer's fetched keys, or finds one to share (I15). */
export type KeySourceFactory = (options: KeyCacheOptions) => KeySource;

/** The options of an enforcer, for those who take them together with options of their own. */
export const ENFORCER_OPTION_NAMES: readonly string[] = [
  "issuer",
  "audience",
  "clockTolerance",
  "maxTokenLifetime",
  "maxTokenBytes",
  "acceptAnyAudience",
  "allowMissingAudience",
  "equivalence",
  "algorithms",
  "profiles",
  "keys",
  "tokenCache",
  "validators",
  "claims",
  "isRevoked",
  "clock",
  "onEvent",
];

const KEY_OPTION_NAMES = ["refreshAfter", "usableFor", "timeout", "cooldown", "maxBytes", "fetch", "store"];

/** @throws {TypeError} that names the option */
export function resolveOptions(
  options: EnforcerOptions<unknown>,
  keySource: KeySourceFactory = createKeyCache,
): Settings {
  checkOptionNames("options", options, ENFORCER_OPTION_NAMES);
  if (options.audience === undefined) {
    throw new TypeError("audience: expected this server's name; null says that it has none");
  }
  const clock = functionOr("clock", options.clock) ?? systemClock;
  const events = createEventSink(functionOr("onEvent", options.onEvent));
  const keys = resolveKeyOptions(options.keys === undefined ? {} : options.keys);
  const defaults = {
    audience: resolveAudience(options.audience),
    acceptAnyAudience: booleanOr("acceptAnyAudience", options.acceptAnyAudience, true),
    allowMissingAudience: booleanOr("allowMissingAudience", options.allowMissingAudience, false),
    algorithms: namesOr("algorithms", options.algorithms, DEFAULT_ALGORITHMS, ALGORITHMS),
    profiles: namesOr("profiles", options.profiles, DEFAULT_PROFILES, PROFILES),
  };
  return Object.freeze({
    issuers: createTrustedIssuers(
      issuerList(options.issuer).map((issuer) =>
        resolveIssuer(issuer, defaults, (location) =>
          keySource({ ...location, ...keys, clock, random: Math.random, events }),
        ),
      ),
    ),
    timeLimits: Object.freeze({
      clockTolerance: numberOr("clockTolerance", options.clockTolerance, 60, [0, 600]),
      maxTokenLifetime: numberOr("maxTokenLifetime", options.maxTokenLifetime, undefined, [1, Number.MAX_VALUE]),
    }),
    maxTokenBytes: numberOr("maxTokenBytes", options.maxTokenBytes, MAX_TOKEN_BYTES, [256, 1_048_576]),
    equivalence: booleanOr("equivalence", options.equivalence, true),
    tokenCache: options.tokenCache === false ? 0 : numberOr("tokenCache", options.tokenCache, 10_000, [1, 10_000_000]),
    validators: resolveValidators(options.validators === undefined ? {} : options.validators),
    claims: checkClaimsSchema(options.claims),
    isRevoked: functionOr("isRevoked", options.isRevoked),
    clock: checkedClock(clock),
    events,
  });
}

/** A clock that says nothing would make every token fresh: what it says is an error of the program. */
function checkedClock(clock: Clock): Clock {
  if (clock === systemClock) return clock;
  return () => {
    const now = readOnce(clock);
    if (Number.isFinite(now)) return now;
    listenTo(now);
    throw new TypeError("clock: expected seconds since the epoch, a number");
  };
}

function readOnce(clock: Clock): number {
  try {
    return clock();
  } catch (thrown) {
    throw asProgramFault(thrown);
  }
}

function issuerList(
  issuer: EnforcerOptions["issuer"],
): readonly Exclude<EnforcerOptions["issuer"], readonly unknown[]>[] {
  if (issuer === undefined || issuer === null || issuer === "") {
    throw new TypeError("issuer: expected the issuer to trust, as https://issuer.example.org");
  }
  const issuers = Array.isArray(issuer) ? [...issuer] : [issuer]; // a hole is undefined, and refused as such
  if (issuers.length === 0) throw new TypeError("issuer: expected at least one issuer to trust");
  return issuers;
}

type ResolvedKeyOptions = Pick<
  KeyCacheOptions,
  "refreshAfter" | "usableFor" | "timeout" | "cooldown" | "maxBytes" | "fetch" | "stores"
>;

function resolveKeyOptions(keys: KeyOptions): ResolvedKeyOptions {
  checkOptionNames("keys", keys, KEY_OPTION_NAMES);
  return {
    refreshAfter: numberOr("keys.refreshAfter", keys.refreshAfter, undefined, [60, 86_400]),
    usableFor: numberOr("keys.usableFor", keys.usableFor, 172_800, [86_400, 345_600]),
    timeout: numberOr("keys.timeout", keys.timeout, 5, [0.001, 60]),
    cooldown: numberOr("keys.cooldown", keys.cooldown, 30, [1, 3600]),
    maxBytes: numberOr("keys.maxBytes", keys.maxBytes, 1_048_576, [1024, 16_777_216]),
    fetch: functionOr("keys.fetch", keys.fetch),
    stores: storesOr("keys.store", keys.store),
  };
}

function resolveValidators(validators: Readonly<Record<string, ClaimValidator>>): ReadonlyMap<string, ClaimValidator> {
  // What a Map, a list or an instance of Validator holds would go unseen, and with it the checks.
  const prototype: unknown = Object.getPrototypeOf(validators ?? Object);
  if (typeof validators !== "object" || (prototype !== Object.prototype && prototype !== null)) {
    throw new TypeError("validators: expected an object of functions, by claim (no Map, list or Validator)");
  }
  for (const [claim, validator] of Object.entries(validators)) {
    if (typeof validator !== "function") throw new TypeError(`validators.${claim}: expected a function`);
  }
  return new Map(Object.entries(validators));
}
