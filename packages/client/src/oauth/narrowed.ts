// Whether the token of a login may be given to whoever asks for less. Without a refresh token there is no narrower one.
import type { ReadRequest } from "../base/token-request.js";
import { tokenFits } from "../claims/token-fits.js";
import type { TokenAnswer } from "./server.js";

export interface Narrowing {
  readonly request: ReadRequest;
  /** What the person was asked for. */
  readonly login: ReadRequest;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** Why the login's own token is not what was asked for, in words; undefined: it is. */
export function whyNotNarrowed(answer: TokenAnswer, { request, login, now }: Narrowing): string | undefined {
  const granted = answer.scope?.split(" ").filter((scope) => scope !== "offline_access");
  if (!isSame(request.scope, login.scope) && !isSame(request.scope, granted ?? [])) return cannot("to this scope");
  for (const name of ["audience", "resource"] as const) {
    if (isSame(request[name], login[name])) continue;
    const why = tokenFits(answer.accessToken, { audience: request[name], timeLeft: 0 }, now);
    if (why !== undefined) return `${cannot(`to this ${name}`)}: ${why}`;
  }
  return undefined;
}

function cannot(what: string): string {
  return `the issuer gave no refresh token, so the login's token cannot be narrowed ${what}`;
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  const [a, b] = [new Set(some), new Set(others)];
  return a.size === b.size && [...a].every((one) => b.has(one));
}
