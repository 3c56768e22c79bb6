// A good token that does not cover what is asked: how near it comes. Rules S4, S5, S6, S7; it only chooses words.
import { isSameRight, meantRight, STORAGE_RIGHTS } from "./rights.js";
import type { Asked } from "./rights.js";

/** What keeps the token from covering the request; `scope` is the one of its scopes that comes nearest. */
export type NearMiss =
  | {
      readonly kind: "segment" | "slash" | "letter_case" | "bare" | "elsewhere" | "path_wanted";
      readonly scope: string;
    }
  | { readonly kind: "other_right" | "other_name" | "misspelt"; readonly right: string }
  | { readonly kind: "encoded"; readonly path: string }
  | { readonly kind: "groups" | "no_scope" | "nothing" };

export interface GoodToken {
  readonly scopes: readonly string[];
  readonly groups: readonly string[];
  /** Whether it covers this. */
  readonly covers: (authz: string, path: string) => boolean;
}

export function findNearMiss({ scopes, groups, covers }: GoodToken, { authz, path }: Asked): NearMiss {
  if (groups.length > 0 && !scopes.some((scope) => /^(?:storage|compute)\./.test(scope))) return { kind: "groups" };
  if (scopes.length === 0) return { kind: "no_scope" };
  const meant = meantRight(
    authz,
    scopes.map(split).map((scope) => scope.authz),
  );
  if (meant !== undefined) return { kind: "misspelt", right: meant };
  const own = scopes.map(split).filter((scope) => scope.authz === authz || isSameRight(scope.authz, authz));
  if (path === undefined)
    return own[0] === undefined ? { kind: "nothing" } : { kind: "path_wanted", scope: own[0].text };

  const decoded = decodeAll(path);
  if (decoded !== path && covers(authz, decoded)) return { kind: "encoded", path: decoded };
  const rights = STORAGE_RIGHTS.filter((name) => name !== authz && covers(name, path));
  const sameRight = rights.find((name) => isSameRight(name, authz));
  if (sameRight !== undefined) return { kind: "other_name", right: sameRight };
  for (const [kind, holds] of SIGNS) {
    const scope = own.find((one) => holds(one.path, path));
    if (scope !== undefined) return { kind, scope: scope.text };
  }
  const right = rights.find((name) => scopes.some((scope) => scope.startsWith(`${name}:`))) ?? rights[0];
  return right === undefined ? { kind: "nothing" } : { kind: "other_right", right };
}

type SignKind = "bare" | "slash" | "segment" | "letter_case" | "elsewhere";

/** The first that holds of a scope's path and of the path that is asked for. */
const SIGNS: readonly (readonly [SignKind, (held: string, asked: string) => boolean])[] = [
  ["bare", (held) => held === ""],
  ["slash", (held, asked) => held.endsWith("/") && held === `${asked}/`],
  ["segment", (held, asked) => asked.startsWith(held)],
  ["letter_case", (held, asked) => isBelow(held.toLowerCase(), asked.toLowerCase())],
  ["elsewhere", () => true],
];

function split(text: string): { readonly text: string; readonly authz: string; readonly path: string } {
  const colon = text.indexOf(":");
  if (colon === -1) return { text, authz: text, path: "" };
  return { text, authz: text.slice(0, colon), path: decodeAll(text.slice(colon + 1)) };
}

function isBelow(directory: string, path: string): boolean {
  return path === directory || path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}

function decodeAll(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
