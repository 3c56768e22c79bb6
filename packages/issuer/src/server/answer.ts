// What the development issuer says: one shape for every answer, one place that writes it. RFC 9110 15, RFC 9457.
import { STATUS_CODES } from "node:http";
import type { ServerResponse } from "node:http";

/** An answer before it is written. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** A request that is refused, with the sentence that its sender reads. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, sentence: string, headers: Readonly<Record<string, string>> = {}) {
    super(sentence);
    this.name = "Refusal";
    this.status = status;
    this.headers = headers;
  }
}

/** A refusal as a problem document (RFC 9457). */
export function problem({ status, message, headers }: Refusal): Answer {
  return {
    status,
    headers: { ...headers, "content-type": "application/problem+json", "cache-control": "no-store" },
    body: { title: STATUS_CODES[status] ?? "Error", status, detail: message },
  };
}

/** Writes an answer; to HEAD Node itself leaves out the body. */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { ...headers, "content-length": text.byteLength, "x-content-type-options": "nosniff" });
  response.end(text);
}
