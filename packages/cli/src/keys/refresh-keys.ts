// Keys fetched anew into a folder, by the core's own way of fetching: discovery, limits and checks are those of a server. Rules I3, I4, I13.
import { createEnforcer, IssuerUnavailableError } from "@scitokens/core";
import type { DirectoryKeyStore } from "@scitokens/core/node";
import { inFlagWords } from "../trust/flag-words.js";

export interface Refresh {
  readonly issuer: string;
  readonly jwksUri: string | undefined;
  readonly allowInsecure: boolean;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: () => number;
}

export interface Refreshed {
  readonly issuer: string;
  readonly keyIds: readonly string[];
  /** Why not; undefined: the keys are in the folder. */
  readonly failure: string | undefined;
}

/** Seconds: a disk that takes longer does not work. */
const WRITE_DEADLINE = 10;

/** Never throws for what the issuer or the folder does. */
export async function refreshKeys(store: DirectoryKeyStore, refresh: Refresh): Promise<Refreshed> {
  const { issuer, jwksUri, allowInsecure, fetch, clock } = refresh;
  const failed = (failure: string): Refreshed => ({ issuer, keyIds: [], failure });
  let written: (failure?: string) => void = () => {};
  const outcome = new Promise<string | undefined>((resolve) => (written = resolve));
  // What is kept already is not looked at: an enforcer would find it fresh, and fetch nothing.
  const writer = {
    get: () => undefined,
    set: (key: string, value: string) =>
      store.set(key, value).then(
        () => written(),
        (error: unknown) => written(error instanceof Error ? error.message : "the folder cannot be written"),
      ),
  };
  try {
    const enforcer = createEnforcer({
      issuer: { issuer, ...(jwksUri !== undefined && { jwksUri }), allowInsecureIssuer: allowInsecure },
      audience: null,
      keys: { fetch, store: writer },
      clock,
    });
    await enforcer.ready();
    const [status] = enforcer.status();
    const late = setTimeout(() => written("the folder takes too long"), WRITE_DEADLINE * 1000);
    const failure = await outcome;
    clearTimeout(late);
    enforcer.close();
    return { issuer, keyIds: status?.keyIds ?? [], failure };
  } catch (error) {
    if (error instanceof TypeError) return failed(inFlagWords(error.message));
    if (!(error instanceof IssuerUnavailableError)) throw error;
    return failed(error.cause instanceof Error ? error.cause.message : error.message);
  }
}
