// One question to an issuer, as a server of this library asks it: no redirect, a size limit, a deadline. Rule I4.
import { explainFailure } from "../network/words.js";

export interface AskLimits {
  readonly fetch: typeof globalThis.fetch;
  /** Seconds since the epoch; the time of an answer is taken by it, too. */
  readonly clock: () => number;
  /** Seconds for the whole answer. */
  readonly timeout: number;
  /** Bytes, counted after decompression while reading. */
  readonly maxBytes: number;
  /** Aborted when the command is to end. */
  readonly signal: AbortSignal;
}

/** Something was answered, whatever it is. */
export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  /** At most one byte more than the limit. */
  readonly body: Uint8Array;
  readonly tooLong: boolean;
  /** From the question to the last byte. */
  readonly seconds: number;
  /** When the headers came, by the local clock. */
  readonly at: number;
}

/** Nothing was answered, or not to its end. */
export interface Silence {
  readonly url: string;
  /** Why, in words fit for a terminal. */
  readonly why: string;
  readonly advice: string | undefined;
  readonly error: unknown;
  readonly seconds: number;
}

export type Reply = Answer | Silence;

export function isAnswer(reply: Reply): reply is Answer {
  return "status" in reply;
}

/** Asks; whatever goes wrong is a Silence. Only the end of the command throws. */
export async function ask(url: string, limits: AskLimits): Promise<Reply> {
  const start = limits.clock();
  const deadline = new AbortController();
  const late = new Error(`no whole answer within ${limits.timeout} s`);
  const timer = setTimeout(() => deadline.abort(late), limits.timeout * 1000);
  const signal = AbortSignal.any([deadline.signal, limits.signal]);
  try {
    // A fetch may overlook the signal: the deadline holds all the same.
    return await Promise.race([request(url, limits, signal), rejectOnAbort(signal)]);
  } catch (error) {
    limits.signal.throwIfAborted();
    return { url, ...explainFailure(error), error, seconds: limits.clock() - start };
  } finally {
    clearTimeout(timer);
    // Lets go of a body that overlooks the race.
    deadline.abort(late);
  }
}

async function request(url: string, limits: AskLimits, signal: AbortSignal): Promise<Answer> {
  const start = limits.clock();
  const response = await limits.fetch(url, {
    headers: { accept: "application/json", "user-agent": "scitokens-typescript" },
    redirect: "manual",
    credentials: "omit",
    signal,
  });
  const at = limits.clock();
  const body = await readBody(response, limits.maxBytes, signal);
  const { status, headers } = response;
  return { url, status, headers, ...body, at, seconds: limits.clock() - start };
}

async function readBody(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Pick<Answer, "body" | "tooLong">> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  signal.addEventListener("abort", () => void reader?.cancel().catch(() => {}), { once: true });
  for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
    chunks.push(chunk.value);
    length += chunk.value.byteLength;
    if (length <= maxBytes) continue;
    await reader?.cancel();
    return { body: Buffer.concat(chunks).subarray(0, maxBytes + 1), tooLong: true };
  }
  return { body: Buffer.concat(chunks), tooLong: false };
}

/** For a race with what may overlook the signal. */
export function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}
