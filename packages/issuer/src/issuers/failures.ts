// How a test issuer can fail, as its client sees it. Rules I3, I4, I6 and I9.
import { oneOf } from "../options.js";

/**
 * What is wrong with a test issuer.
 *
 * 'down': refused connections. 'slow': no answer until the caller's signal aborts. '500': that status. 'garbage':
 * 200 with HTML. 'wrong issuer': metadata that names another issuer.
 */
export type FailMode = "down" | "slow" | "500" | "garbage" | "wrong issuer";

/** The issuer that the metadata names in the mode 'wrong issuer'. */
export const WRONG_ISSUER = "https://another-issuer.test";

const MODES: readonly FailMode[] = ["down", "slow", "500", "garbage", "wrong issuer"];

/** Narrows `value` to a mode; null and undefined mean healthy. */
export function parseFailMode(value: unknown): FailMode | undefined {
  return value === undefined || value === null ? undefined : oneOf(value, MODES, "fail mode");
}

/** What Node's own fetch rejects with when nobody listens. */
export function refusedConnection(url: URL): TypeError {
  const code = "ECONNREFUSED";
  const cause = Object.assign(new Error(`connect ${code} ${url.host}`), { code, syscall: "connect" });
  return new TypeError("fetch failed", { cause });
}

/** Never fulfilled; rejected with the signal's reason when it aborts. */
export function silence(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** An answer of status 500. */
export function serverError(): Response {
  return new Response("internal server error", { status: 500, headers: { "content-type": "text/plain" } });
}

/** An answer that is no JSON, as a captive portal or a proxy gives. */
export function garbage(): Response {
  return new Response("<!doctype html><title>welcome</title>", { headers: { "content-type": "text/html" } });
}
