// What the WEB floor asks of an enforcer beyond its public face: decisions at one moment. Rules C4, R5, S7, S8.
import type { EventSink } from "../base/events.js";
import type { Asked, ScopeLanguage } from "../scopes/equivalence.js";
import type { SciToken } from "./sci-token.js";

/** A requirement that a rule makes: the capability itself, or a path of it. */
export interface AskedAt extends Asked {
  /** Whether the path is the request's, of the whole server, or already relative to the issuer's base path (S8). */
  readonly of: "request" | "issuer";
}

/** Why what was asked is out of reach, whatever the token says. */
export type OutOfReach = "expired" | "base_path";

/** Why a token does not grant what was asked; the first that holds. */
export type Lack = OutOfReach | "capability";

/** Who is trusted, and what this server is called. */
export interface EnforcerNames {
  readonly issuers: readonly string[];
  readonly audiences: readonly string[];
}

export interface Decider {
  now(): number;
  readonly events: EventSink;
  readonly maxTokenBytes: number;
  readonly names: EnforcerNames;
  /** Whether a name of S2 without a path may be asked for at all: some issuer's tokens can answer it. */
  readonly takesBareNames: boolean;
  /** A promise only where there is something to wait for; throws at once what is known at once. */
  verifyAt(raw: string, now: number): SciToken | Promise<SciToken>;
  /** @throws {InvalidTokenError} reason `revoked` */
  checkRevoked(token: SciToken): Promise<void>;
  /** Undefined when the token grants it. */
  lacks(token: SciToken, asked: AskedAt, now: number): Lack | undefined;
  /** What is asked, as the token's issuer names it: for who answers in the token's place. */
  locate(token: SciToken, asked: AskedAt, now: number): Asked | OutOfReach;
  /** The first scope of the token that grants it; where only several together do, those. For the record (H6). */
  scopesThatGrant(token: SciToken, asked: AskedAt): readonly string[];
  /** The path as the token's issuer names it; undefined outside of its area. */
  relative(token: SciToken, asked: AskedAt): AskedAt["path"];
  /** Whose names the token speaks (S5). */
  language(token: SciToken): ScopeLanguage;
  /** Whether a token is judged by its groups: a WLCG token without a WLCG capability (S7). */
  judgedByGroups(token: SciToken): boolean;
  /** A route only reports what it would refuse: said aloud at once, and in `status()` from now on. */
  reportOnly(): void;
}
