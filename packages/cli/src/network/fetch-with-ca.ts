// fetch that ends with the command, and trusts private CAs beside the usual ones. The door to undici; rule I4.
import type { Io } from "../io.js";
import { readTrustedCas } from "./trusted-cas.js";

type Fetch = typeof globalThis.fetch;

/** With the CAs of `--ca-file`, or of what the environment names. */
export async function fetchWithCa(io: Io, given: string | undefined): Promise<Fetch> {
  return fetchTrusting(io, await readTrustedCas(io, given));
}

/** @param cas in PEM; undefined: those that Node trusts */
export async function fetchTrusting(io: Io, cas: readonly string[] | undefined): Promise<Fetch> {
  const fetch = cas === undefined ? io.fetch : await trusting(cas);
  return (input, init) => {
    const own = init?.signal;
    return fetch(input, { ...init, signal: own ? AbortSignal.any([io.signal, own]) : io.signal });
  };
}

/** undici's own fetch with its own Agent: Node's built-in one may be of another version. */
async function trusting(cas: readonly string[]): Promise<Fetch> {
  const undici = await import("undici"); // large, and few runs need it
  const dispatcher = new undici.Agent({ connect: { ca: [...cas] } });
  const fetch: unknown = (input: Parameters<typeof undici.fetch>[0], init: Parameters<typeof undici.fetch>[1]) =>
    undici.fetch(input, { ...init, dispatcher });
  return fetch as Fetch; // the same standard, typed twice
}
