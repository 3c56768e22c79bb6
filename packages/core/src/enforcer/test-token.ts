// What a verified token grants, asked at one moment: its expiry, its issuer's area, its scopes. Rules R5, S5, S8, H6.
import { relativeToBase } from "../scopes/base-path.js";
import { grants, whatGrants } from "../scopes/equivalence.js";
import type { Asked, Reading } from "../scopes/equivalence.js";
import type { AskedAt, Lack, OutOfReach } from "./decide.js";
import type { HeldToken } from "./held-token.js";

export interface TokenTest {
  /** What is asked, as the token's issuer names it. */
  locate(held: HeldToken, asked: AskedAt, now: number): Asked | OutOfReach;
  relative(held: HeldToken, asked: AskedAt): AskedAt["path"];
  lackOf(held: HeldToken, asked: AskedAt, now: number): Lack | undefined;
  scopesThatGrant(held: HeldToken, asked: AskedAt): readonly string[];
}

/** @param equivalence whether one right under two names is one (S5) */
export function createTokenTest(equivalence: boolean): TokenTest {
  const readingOf = ({ profile }: HeldToken): Reading => ({ language: profile.language, equivalence });

  function relative({ issuer }: HeldToken, { path, of }: AskedAt): AskedAt["path"] {
    return path === undefined || of === "issuer" ? path : relativeToBase(path, issuer.basePaths);
  }

  function locate(held: HeldToken, asked: AskedAt, now: number): Asked | OutOfReach {
    if (now >= held.token.expiresAt) return "expired";
    const path = relative(held, asked);
    if (path === asked.path) return asked;
    if (path === undefined) return "base_path";
    return { authz: asked.authz, path, leading: asked.leading, tree: asked.tree };
  }

  return {
    locate,
    relative,
    lackOf(held, asked, now) {
      const located = locate(held, asked, now);
      if (typeof located === "string") return located;
      return grants(held.capabilities, readingOf(held), located) ? undefined : "capability";
    },
    scopesThatGrant(held, asked) {
      const located = { ...asked, path: relative(held, asked) };
      return whatGrants(held.capabilities, readingOf(held), located);
    },
  };
}
