// The last word is the core's: whether a server of this library gets keys from these very answers. Rules I3, I4, I9.
import { createEnforcer } from "@scitokens/core";
import { isAnswer } from "./ask.js";
import type { Reply } from "./ask.js";
import type { Finding } from "./finding.js";
import { printable } from "../output/printable.js";

/** Seconds that a server waits for metadata and keys together, by default. */
const SERVER_WAITS = 5;

export async function judgeServer(
  issuer: string,
  replies: readonly Reply[],
  options: { readonly allowInsecure: boolean; readonly seconds: number },
): Promise<readonly Finding[]> {
  const subject = "server";
  const enforcer = createEnforcer({
    issuer: { issuer, allowInsecureIssuer: options.allowInsecure },
    audience: null,
    keys: { fetch: replay(replies), timeout: 60 },
  });
  await enforcer.ready().catch(() => {});
  const [status] = enforcer.status();
  enforcer.close();
  if (status?.state !== "fresh") {
    const why = printable(status?.lastError ?? "no answer", 600);
    return [{ subject, level: "fail", message: `a server gets no keys, and answers 503: ${why}` }];
  }
  const keys = status.keyIds.length;
  if (keys === 0) return [{ subject, level: "fail", message: "a server gets no usable key, and refuses every token" }];
  const seconds = options.seconds.toFixed(1);
  if (options.seconds > SERVER_WAITS) {
    const message = `metadata and keys took ${seconds} s: servers wait ${SERVER_WAITS} s for both`;
    return [
      {
        subject,
        level: "fail",
        message,
        advice: "see what slows the issuer down; servers can be given keys: { timeout }",
      },
    ];
  }
  const message = `a server gets ${keys} usable ${keys === 1 ? "key" : "keys"}, in ${seconds} s`;
  const slow = options.seconds > SERVER_WAITS / 2;
  const advice = slow ? `servers wait ${SERVER_WAITS} s: see what slows the issuer down` : undefined;
  return [{ subject, level: slow ? "warn" : "ok", message, advice }];
}

/** Answers once more as the issuer did: so the verdict is on what the other findings are about. */
function replay(replies: readonly Reply[]): typeof globalThis.fetch {
  const byUrl = new Map(replies.map((reply) => [reply.url, reply]));
  return async (input) => {
    const reply = byUrl.get(input instanceof Request ? input.url : String(input));
    if (reply === undefined) throw new Error("it was not asked there");
    if (!isAnswer(reply)) throw reply.error;
    const empty = [101, 204, 205, 304].includes(reply.status);
    const status = reply.status >= 200 ? reply.status : 502;
    return new Response(empty ? null : new Uint8Array(reply.body), { status });
  };
}
