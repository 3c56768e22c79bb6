// One token, once: kept where it still lives long enough, else got and written. A failure is an outcome, not an error.
import { TokenError } from "@scitokens/client";
import type { AccessToken, TokenSource } from "@scitokens/client";
import { Trouble } from "../exit.js";
import { optionTrouble } from "../sources/option-trouble.js";
import type { TokenPlan } from "./config.js";

export type Outcome = {
  readonly name: string;
  readonly path: string;
} & (
  | { readonly outcome: "renewed" | "kept"; readonly expiresAt: number | undefined }
  | { readonly outcome: "failed"; readonly why: string }
);

/** What a renewal reaches. */
export interface RenewTools {
  /** The token that is in the file now; throws TokenError where it does not live that long. */
  readonly current: (path: string, timeLeft: number, signal: AbortSignal) => Promise<AccessToken>;
  readonly sourceOf: (plan: TokenPlan) => Promise<TokenSource>;
  readonly write: (path: string, token: AccessToken) => Promise<void>;
  readonly signal: AbortSignal;
}

export async function renewToken(plan: TokenPlan, tools: RenewTools): Promise<Outcome> {
  const { name, path, account, audience, scope, minLifetime } = plan;
  try {
    const kept = minLifetime === undefined ? undefined : await currentToken(path, minLifetime, tools);
    if (kept !== undefined) return { name, path, outcome: "kept", expiresAt: kept.expiresAt };
    // oidc-agent gives out the token that it has while that lives so long; an issuer asked by a client always makes one.
    const timeLeft = account.kind === "agent" ? (minLifetime ?? 0) : 0;
    const fresh = account.kind === "agent" && minLifetime === undefined;
    const token = await optionTrouble(async () => {
      const source = await tools.sourceOf(plan);
      return source.token({ audience, scope, timeLeft, fresh, signal: tools.signal });
    });
    await tools.write(path, token);
    return { name, path, outcome: "renewed", expiresAt: token.expiresAt };
  } catch (error) {
    tools.signal.throwIfAborted();
    if (error instanceof TokenError || error instanceof Trouble)
      return { name, path, outcome: "failed", why: error.message };
    throw error;
  }
}

async function currentToken(path: string, timeLeft: number, tools: RenewTools): Promise<AccessToken | undefined> {
  try {
    const token = await tools.current(path, timeLeft, tools.signal);
    return token.expiresAt === undefined ? undefined : token;
  } catch (error) {
    if (error instanceof TokenError) return undefined;
    throw error;
  }
}
