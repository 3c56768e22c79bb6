// Tokens as a table of the docs describes them: "CMS: `storage.read:/`, expired", "group `/cms`", "no token".
import { signToken } from "../support/sign.js";
import type { TestKey } from "../support/sign.js";
import { quotedIn } from "./page.js";

/** Whose tokens a word in the docs means. */
export interface Minter {
  readonly issuer: string;
  readonly audience: string;
  readonly key: TestKey;
  /** An OAuth issuer, whose tokens say nothing of a profile. */
  readonly isPlain?: boolean;
}

type Claims = Readonly<Record<string, unknown>>;

const WLCG_NAMES = /^(?:storage|compute|host)\./;

/** @param minters by the word before a colon; the first where there is none */
export function describedToken(cell: string, minters: Readonly<Record<string, Minter>>): string | undefined {
  if (cell === "no token") return undefined;
  if (cell === "no good token") return "junk";
  const name = Object.keys(minters).find((word) => cell.startsWith(`${word}:`)) ?? Object.keys(minters)[0] ?? "";
  const { [name]: minter, [/signed by (\w+)/.exec(cell)?.[1] ?? name]: signer } = minters;
  if (minter === undefined || signer === undefined) throw new Error(`expected an issuer of the guide: ${cell}`);
  return signToken(signer.key, { ...claimsOf(cell, minter), ...changesOf(cell) });
}

function claimsOf(cell: string, { issuer, audience, isPlain = false }: Minter): Claims {
  const now = Math.floor(Date.now() / 1000);
  const common = { iss: issuer, aud: audience, sub: "alice", jti: "a1", iat: now, exp: now + 600 };
  const [scopes = "", groups] = cell.split("group");
  const [scope = ""] = quotedIn(scopes);
  if (cell.includes("host `")) return { ...common, "wlcg.ver": "1.0", scope: "host.auth", sub: scope };
  if (groups !== undefined) return { ...common, "wlcg.ver": "1.0", scope, "wlcg.groups": quotedIn(groups) };
  if (isPlain) return { ...common, scope, azp: "portal" };
  if (WLCG_NAMES.test(scope)) return { ...common, "wlcg.ver": "1.0", scope };
  return { ...common, ver: "scitoken:2.0", nbf: now, scope };
}

function changesOf(cell: string): Claims {
  const audience = /for `([^`]+)`/.exec(cell)?.[1];
  const subject = /, of (\w+)/.exec(cell)?.[1];
  return {
    ...(cell.includes("expired") && { exp: 1_700_000_000 }),
    ...(cell.includes("without exp") && { exp: undefined }),
    ...(audience !== undefined && { aud: audience }),
    ...(subject !== undefined && { sub: subject }),
  };
}
