// The only network access of the core: one JSON object from one URL, as if from an enemy. Rules I2, I4.
import { JsonError, parseJsonObject } from "../base/json.js";
import type { JsonObject } from "../base/json.js";
import { causeOf, readError } from "../base/thrown.js";
import { failureWords } from "./failure-words.js";

export type Fetch = typeof globalThis.fetch;

export interface FetchLimits {
  readonly fetch: Fetch;
  /** Ends the fetch, the body included. */
  readonly signal: AbortSignal;
  /** Bytes, counted after decompression while reading. */
  readonly maxBytes: number;
}

export interface FetchedDocument {
  readonly document: JsonObject;
  /** Seconds, of the answer's Cache-Control. */
  readonly maxAge: number | undefined;
}

/** A document could not be had; the message says why, for the operator. */
export class FetchError extends Error {}

/** Those that fetch would follow. */
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/** Of memory, before the first byte of a body has come; most key sets are smaller. */
const FIRST_BYTES = 16_384;

/** @throws {FetchError} for anything but a 200 with one JSON object of at most `maxBytes`, in time */
export async function fetchJson(url: string, limits: FetchLimits): Promise<FetchedDocument> {
  try {
    // A fetch of the application's own may overlook the signal: the deadline holds all the same.
    return await Promise.race([request(url, limits), rejectOnAbort(limits.signal)]);
  } catch (error) {
    if (error instanceof FetchError && error !== limits.signal.reason) throw error;
    throw new FetchError(`${url}: ${describe(error)}`, causeOf(error));
  }
}

async function request(url: string, { fetch, signal, maxBytes }: FetchLimits): Promise<FetchedDocument> {
  const response = await fetch(url, {
    headers: { accept: "application/json", "user-agent": "scitokens-typescript" },
    redirect: "manual",
    credentials: "omit",
    signal,
  });
  // A fetch that overlooks the signal may answer when nobody waits any more.
  if (signal.aborted) {
    void letGo(response.body);
    throw signal.reason;
  }
  if (response.status !== 200) {
    void letGo(response.body);
    const redirected = response.type === "opaqueredirect" || REDIRECTS.includes(response.status);
    throw new FetchError(
      `${url}: expected status 200, got ${redirected ? "a redirect, which is not followed" : response.status}`,
    );
  }
  const bytes = await readBody(url, response, { signal, maxBytes });
  try {
    const document = parseJsonObject(bytes, { duplicates: "last" });
    return { document, maxAge: readMaxAge(response.headers.get("cache-control")) };
  } catch (error) {
    if (error instanceof JsonError) throw new FetchError(`${url}: ${error.message}`);
    throw error;
  }
}

/** Copied as it comes: pieces of one byte, kept, would take two hundred times their size. */
async function readBody(
  url: string,
  response: Response,
  { signal, maxBytes }: Pick<FetchLimits, "signal" | "maxBytes">,
): Promise<Uint8Array> {
  let body = new Uint8Array(Math.min(maxBytes, FIRST_BYTES));
  let length = 0;
  const reader = response.body?.getReader();
  // A body that overlooks the signal is let go of, too. What a listener throws would end the process.
  signal.addEventListener("abort", () => void letGo(reader), { once: true });
  let counted = 0;
  for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
    const end = length + chunk.value.byteLength;
    // An empty chunk counts as 1 kB, or a stream of them would hold the thread for ever; what has no length is too long as well.
    counted += chunk.value.byteLength === 0 ? 1024 : chunk.value.byteLength;
    if (!(counted <= maxBytes)) {
      void letGo(reader);
      throw new FetchError(`${url}: expected at most ${maxBytes} bytes`);
    }
    if (end > body.length) body = enlarge(body, Math.min(Math.max(end, 2 * body.length), maxBytes));
    body.set(chunk.value, length);
    length = end;
  }
  return body.subarray(0, length);
}

function enlarge(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size);
  larger.set(bytes);
  return larger;
}

/** Nobody waits for it, and whether it can be done changes nothing. */
async function letGo(body: { cancel(): Promise<void> } | null | undefined): Promise<void> {
  try {
    await body?.cancel();
  } catch {
    // It may have failed already, or be no body of a kind that we know.
  }
}

function readMaxAge(cacheControl: string | null): number | undefined {
  const match = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,10})/i.exec(cacheControl ?? "");
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

/**
 * What went wrong in the words of who knows: fetch says only "fetch failed", its cause says ECONNREFUSED or which TLS error,
 * with names of the certificate in it, which are whatever the other side wrote there.
 */
function describe(thrown: unknown): string {
  const error = readError(thrown);
  const cause = error instanceof Error ? readError(error.cause) : undefined;
  if (cause === undefined) return failureWords(thrown) ?? "the fetch failed";
  if (cause === "bites") return "the fetch failed";
  const { code } = cause as { code?: unknown };
  const words = failureWords(cause) ?? "the fetch failed";
  return typeof code === "string" && words !== code ? `${code} ${words}` : words;
}
