// fetch that trusts the certificate of the tests, by both of undici's that a program of Node's may meet.
import { Agent, fetch as packaged } from "undici";
import { afterAll } from "vitest";
import { CERTIFICATE } from "./certificate.js";

type Fetch = typeof globalThis.fetch;

export interface TrustingFetches {
  /** Node's own, with the package's Agent. */
  readonly builtIn: Fetch;
  /** The package's, as docs/operations.md has it. */
  readonly packaged: Fetch;
}

/** Both; their connections are closed after the tests of the describe. */
export function trustingFetches(): TrustingFetches {
  const dispatcher = new Agent({ connect: { ca: CERTIFICATE } });
  afterAll(() => dispatcher.close());
  const withDispatcher =
    (fetch: unknown) =>
    (input: unknown, init: object): unknown =>
      (fetch as (input: unknown, init: object) => unknown)(input, { ...init, dispatcher });
  const typed = (fetch: unknown): Fetch => withDispatcher(fetch) as Fetch; // the same standard, typed twice
  return { builtIn: typed(globalThis.fetch), packaged: typed(packaged) };
}
