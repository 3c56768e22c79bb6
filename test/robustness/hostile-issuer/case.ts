// One hostile behaviour as data: what the issuer does, and what becomes of a request with a token of its.
import type { TokenReason } from "@scitokens/core";
import type { TestKey } from "../../support/sign.js";
import type { Hostility, Place } from "./issuer.js";
import { answer } from "./http.js";
import type { AnswerOptions } from "./http.js";
import { key } from "./issuer.js";
import type { Bytes, Step } from "./steps.js";

export interface HostileCase extends Hostility {
  /** In words, for the title and the table. */
  readonly what: string;
  /** The configuration says where the keys are: no metadata is asked for. */
  readonly jwksUri?: true;
  /** Of the token: `good`, or the reason of the refusal; undefined: the keys cannot be had. */
  readonly answer?: "good" | TokenReason;
  /** What the event `keys_failed` has to say. */
  readonly says?: RegExp;
  /** Requests that the issuer gets; two by default: for metadata and keys, or for metadata in both places. */
  readonly fetches?: number;
  /** Requests that the other server gets; none by default. */
  readonly elsewhere?: number;
  /** Ends at the deadline, and not before. */
  readonly waits?: true;
  /** A connection outlives the request: Node goes on connecting for 10 s, though nobody waits for it any more. */
  readonly lingers?: true;
  /** Keeps both sides busy for as long as they are connected: not for others to share a process with. */
  readonly flood?: true;
  /** Like another one, and costly: only in hostile-issuer.long.ts. */
  readonly long?: true;
  /** Worth a process of its own even in `npm test`: its memory is the question, or the runtime's own trust in TLS. */
  readonly apart?: true;
  /** An https issuer, and whether its authority is trusted. */
  readonly tls?: "trusted" | "untrusted";
  /** Makes the token, where a good one of `k1` does not do. */
  readonly token?: (issuer: string) => string;
}

export const UNAVAILABLE = "issuer_unavailable";

export const GOOD_KEYS: string = JSON.stringify({ keys: [key.jwk] });

/** A case of the key set, with these steps in its place. */
export const keysCase = (
  what: string,
  steps: readonly Step[] | ((place: Place) => readonly Step[]),
  more: Partial<HostileCase> = {},
): HostileCase => ({ what: `keys: ${what}`, keys: typeof steps === "function" ? steps : () => steps, ...more });

/** A case of the metadata, with these steps in its place. */
export const metadataCase = (
  what: string,
  steps: readonly Step[] | ((place: Place) => readonly Step[]),
  more: Partial<HostileCase> = {},
): HostileCase => ({
  what: `metadata: ${what}`,
  metadata: typeof steps === "function" ? steps : () => steps,
  ...more,
});

/** A case of the key set, well-formed HTTP with this body. */
export const bodyCase = (
  what: string,
  body: Bytes,
  more: Partial<HostileCase> & { readonly http?: AnswerOptions } = {},
): HostileCase => keysCase(what, answer(body, more.http), more);

/** A case of a key set with these entries: an answer, and none of them may be wrongly used. */
export const entriesCase = (what: string, entries: readonly unknown[], more: Partial<HostileCase> = {}): HostileCase =>
  bodyCase(`a set of ${what}`, JSON.stringify({ keys: entries }), { answer: "unknown_key", ...more });

export const signer = (alg: TestKey["alg"], kid: string, pair: Pick<TestKey, "privateKey" | "publicKey">): TestKey => ({
  alg,
  kid,
  ...pair,
  jwk: { ...pair.publicKey.export({ format: "jwk" }), kid },
});
