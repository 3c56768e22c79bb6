// The HTTP of sources that send secrets: to allowed places, in time, no redirect followed, the answer's size limited (rule I4).
import { DeadlineError, within } from "./deadline.js";
import { TokenError } from "./errors.js";
import { printable } from "./printable.js";

export interface GuardOptions {
  /** In words, for messages. */
  readonly source: string;
  readonly fetch?: typeof fetch | undefined;
  /** Seconds for the whole answer. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  /** Whether a secret may be sent there. */
  readonly allows: (url: URL) => boolean;
  /** What must not come back in a message. */
  readonly secrets: readonly (string | undefined)[];
}

const MOST = 1024 * 1024; // bytes, counted after decompression

/**
 * Makes a `fetch` that gives whole answers, or says in a TokenError why there is none.
 * @throws {TokenError} `unreachable`; `refused` where a secret would go in the clear
 */
export function guardFetch(guard: GuardOptions): (url: string, init: RequestInit) => Promise<Response> {
  const send = guard.fetch ?? globalThis.fetch;
  return async (target, init) => {
    const url = new URL(target);
    const address = `${url.origin}${url.pathname}`;
    const where = guard.source.endsWith(address) ? "it" : address; // a source may be called by it already
    if (!guard.allows(url)) {
      throw fail(guard, "refused", `${where} is not https: a secret is not sent there`);
    }
    try {
      return await within({ seconds: guard.timeout, signal: guard.signal }, async (signal) => {
        return whole(await send(target, { ...init, redirect: "manual", signal }), { where, signal, guard });
      });
    } catch (error) {
      if (error instanceof TokenError) throw error;
      guard.signal?.throwIfAborted();
      const words = describe(error, guard.secrets);
      throw fail(guard, "unreachable", where === "it" ? words : `${where}: ${words}`);
    }
  };
}

interface Answer {
  readonly where: string;
  readonly signal: AbortSignal;
  readonly guard: GuardOptions;
}

async function whole(response: Response, { where, signal, guard }: Answer): Promise<Response> {
  const { status, headers, body } = response;
  if (status < 200 || (status >= 300 && status < 400)) {
    await body?.cancel();
    throw fail(guard, "unreachable", `${where} answers with a redirect, which is not followed`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  signal.addEventListener("abort", () => void reader?.cancel().catch(() => {}), { once: true });
  for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
    length += chunk.value.byteLength;
    if (length > MOST) {
      await reader?.cancel();
      throw fail(guard, "unreachable", `${where} answers with more than ${MOST} bytes`);
    }
    chunks.push(chunk.value);
  }
  const bytes = status === 204 || status === 205 ? null : Buffer.concat(chunks);
  return new Response(bytes, { status, headers });
}

function fail(guard: GuardOptions, code: "refused" | "unreachable", sentence: string): TokenError {
  return new TokenError(code, `${guard.source}: ${sentence}`, { source: guard.source });
}

/** `fetch` says only "fetch failed"; its cause says ECONNREFUSED, or what is wrong with a certificate. */
function describe(error: unknown, secrets: GuardOptions["secrets"]): string {
  if (error instanceof DeadlineError) return error.message;
  if (!(error instanceof Error)) return "the request failed";
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  const words = printable(cause.message.includes(code) ? cause.message : `${code} ${cause.message}`, secrets);
  return /CERT|SIGNATURE|ALTNAME/.test(code)
    ? `${words} (a certificate authority of your own: NODE_EXTRA_CA_CERTS)`
    : words;
}
