// A development issuer for one test, and requests that fetch() would not send.
import { request } from "node:http";
import { startDevIssuer } from "@scitokens/issuer";
import type { DevIssuer, DevIssuerOptions } from "@scitokens/issuer";
import { onTestFinished } from "vitest";

/** Starts an issuer that is closed when the test ends. */
export async function start(options?: DevIssuerOptions): Promise<DevIssuer> {
  const issuer = await startDevIssuer(options);
  onTestFinished(() => issuer.close());
  return issuer;
}

export interface Reply {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** Sends one request; fetch() does not let a test choose Host. */
export function send(url: string, method: string, headers: Record<string, string>, body = ""): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      response
        .toArray()
        .then((chunks) =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: chunks.join("") }),
        )
        .catch(reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

export const JSON_TYPE = { "content-type": "application/json" };

/** Sends `body` to POST /issue. */
export const issue = (issuer: DevIssuer, body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  send(
    `${issuer.issuer}/issue`,
    "POST",
    { ...JSON_TYPE, ...headers },
    typeof body === "string" ? body : JSON.stringify(body),
  );

/** The JSON of an answer. */
export const read = (reply: Reply): Record<string, unknown> => JSON.parse(reply.body);
