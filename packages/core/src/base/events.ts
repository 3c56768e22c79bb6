// What the library reports to the operator: decisions and the fate of keys. Rules H6, I1, I10, I13.
import { builtin, process } from "./builtin.js";
import type { ErrorCode, Reason } from "./errors.js";
import { listenTo } from "./thrown.js";

/** Who a token says it is, for the log: cut short, control characters replaced. `verified`: the signature was good. */
export interface TokenSummary {
  readonly verified: boolean;
  readonly issuer?: string | undefined;
  readonly subject?: string | undefined;
  readonly id?: string | undefined;
  readonly keyId?: string | undefined;
}

/** What a request asked for, for the log: no query, cut short, control characters replaced. */
export interface RequestSummary {
  readonly method: string;
  /** The target's, decoded where it could be. */
  readonly path: string;
  /** What `fromRequest()` takes the method for: `read`, `list`, `stat`, `write`, `mkdir`, `modify`, `rename`, `copy` (R3). */
  readonly operation?: string | undefined;
  /** Of a rename or copy: the end that is not the target. */
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  /** The URL of the end that is on another server, without its query. */
  readonly remote?: string | undefined;
}

/** What allowed a request: scopes of the token, or what the server allows a group or a host. */
export interface GrantedBy {
  /** Of the token, written anew: for each thing that was required the first that covers it. */
  readonly scopes: readonly string[];
  readonly group?: string | undefined;
  readonly host?: string | undefined;
}

/** A request was let through, with what allowed it. */
export interface AllowedEvent {
  readonly type: "allowed";
  readonly requestId: string | undefined;
  readonly request: RequestSummary;
  /** Undefined where it is optional, and none was sent (H8). */
  readonly token: TokenSummary | undefined;
  readonly required: string | undefined;
  readonly grantedBy: GrantedBy;
}

/** A request was refused: `reason` is the check that failed, `message` says it in words. */
export interface RefusedEvent {
  readonly type: "refused";
  /** False where the route only reports: the request was let through (H9). */
  readonly enforced: boolean;
  readonly requestId: string;
  readonly request: RequestSummary;
  readonly code: ErrorCode;
  readonly reason: Reason;
  readonly message: string;
  readonly hint: string | undefined;
  readonly token: TokenSummary | undefined;
  readonly required: string | undefined;
  readonly held: readonly string[] | undefined;
}

/** An issuer's keys were fetched; `removed` lists the ids of keys that are gone since last time (I8). */
export interface KeysFetchedEvent {
  readonly type: "keys_fetched";
  readonly issuer: string;
  readonly keys: number;
  readonly removed: readonly string[];
}

/** An issuer's keys could not be fetched; it is asked again after `retryAfter` seconds (I6). */
export interface KeysFailedEvent {
  readonly type: "keys_failed";
  readonly issuer: string;
  readonly message: string;
  readonly retryAfter: number;
}

/** An issuer's keys were taken from where they are kept outside the process; `removed` as in `keys_fetched` (I13, I8). */
export interface KeysRecalledEvent {
  readonly type: "keys_recalled";
  readonly issuer: string;
  readonly keys: number;
  readonly removed: readonly string[];
  /** When they were fetched, by whichever process; seconds since the epoch. */
  readonly fetchedAt: number;
}

/**
 * A store of keys could not be read or written, or its `content` was no key set of this issuer. Requests go on without it.
 * Told once until it works again (I13).
 */
export interface KeyStoreFailedEvent {
  readonly type: "key_store_failed";
  readonly issuer: string;
  readonly fault: "reading" | "content" | "writing";
  readonly message: string;
}

/** An issuer's key set holds private key members: whoever read it can sign tokens. Reported once a set (I10). */
export interface PrivateKeyPublishedEvent {
  readonly type: "private_key_published";
  readonly issuer: string;
  readonly keyIds: readonly string[];
}

/** A WLCG token lacks a claim that its issuer owes (P3). */
export interface ClaimOwedEvent {
  readonly type: "claim_owed";
  readonly issuer: string;
  readonly claims: readonly string[];
}

/** Routes of this server only report what they would refuse: nothing is protected there (H9). */
export interface ReportOnlyEvent {
  readonly type: "report_only";
  readonly issuers: readonly string[];
}

export type SciTokenEvent =
  | AllowedEvent
  | RefusedEvent
  | KeysFetchedEvent
  | KeysFailedEvent
  | KeysRecalledEvent
  | KeyStoreFailedEvent
  | PrivateKeyPublishedEvent
  | ClaimOwedEvent
  | ReportOnlyEvent;

/** Hands an event to whoever listens. A listener's own error never changes a decision. */
export interface EventSink {
  /** Whether anybody listens: what is costly to say is only said then. */
  readonly active: boolean;
  emit(event: SciTokenEvent): void;
  readonly listener: ((event: SciTokenEvent) => void) | undefined;
}

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

/** The name of the `node:diagnostics_channel` that every event is published on, where the runtime has one. */
export const EVENT_CHANNEL = "scitokens";

const channel = builtin<{ channel(name: string): Channel }>("node:diagnostics_channel")?.channel(EVENT_CHANNEL);

export function createEventSink(onEvent?: (event: SciTokenEvent) => void): EventSink {
  let warned = false;
  const warn = (error: unknown): void => {
    if (warned) return;
    warned = true;
    process?.emitWarning?.(`onEvent threw ${nameOf(error)}; decisions stand`, { type: "SciTokensWarning" });
  };
  return {
    listener: onEvent,
    get active() {
      return onEvent !== undefined || channel?.hasSubscribers === true;
    },
    emit(event) {
      if (channel?.hasSubscribers === true) channel.publish(event);
      try {
        // A listener may be async: then it returns a promise, whatever its type says.
        listenTo(onEvent?.(event), warn);
      } catch (error) {
        warn(error);
      }
    },
  };
}

/** An error's name may be anything, whatever its type says. */
function nameOf(error: unknown): string {
  try {
    return error instanceof Error ? (forLog(error.name) ?? "an error") : typeof error;
  } catch {
    return "an error";
  }
}

const MAX_SHOWN = 256;

/**
 * Text of an unverified token made fit for a log line: bounded, and no character that moves a terminal's cursor.
 * @param most characters
 */
export function forLog(value: unknown, most: number = MAX_SHOWN): string | undefined {
  if (typeof value !== "string") return undefined;
  const short = value.length > most ? `${value.slice(0, most)}…` : value;
  return short.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (c) => `\\u${c.codePointAt(0)?.toString(16).padStart(4, "0")}`,
  );
}
