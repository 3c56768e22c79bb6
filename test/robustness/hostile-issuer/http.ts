// HTTP answers in bytes, well-formed unless asked otherwise: the raw material of hostile steps. RFC 9112.
import type { Bytes, Step } from "./steps.js";

export interface AnswerOptions {
  readonly status?: number;
  /** Header lines, beside those of the framing. */
  readonly lines?: readonly string[];
  /** How the end of the body is told; a number is the Content-Length that is claimed. */
  readonly framing?: "length" | "chunked" | "close" | number;
  readonly version?: "1.0" | "1.1";
}

export const head = (status: number, lines: readonly string[] = [], version = "1.1"): string =>
  [`HTTP/${version} ${status} Whatever`, "content-type: application/json", ...lines, "", ""].join("\r\n");

/** One whole answer; the connection is not used again. */
export function answer(body: Bytes, { status = 200, lines = [], framing = "length", version }: AnswerOptions = {}) {
  const bytes = Buffer.from(body);
  const claimed = framing === "length" ? bytes.length : framing;
  const told =
    framing === "chunked"
      ? ["transfer-encoding: chunked"]
      : framing === "close"
        ? ["connection: close"]
        : [`content-length: ${claimed}`, "connection: close"];
  const sent = framing === "chunked" ? Buffer.concat([chunk(bytes), LAST_CHUNK]) : bytes;
  const steps: readonly Step[] = [
    { send: Buffer.concat([Buffer.from(head(status, [...told, ...lines], version)), sent]) },
  ];
  return steps;
}

export const json = (document: unknown, options?: AnswerOptions): readonly Step[] =>
  answer(JSON.stringify(document), options);

export const redirect = (location: string, status = 302): readonly Step[] =>
  answer("", { status, lines: [`location: ${location}`] });

const LAST_CHUNK = Buffer.from("0\r\n\r\n");

export const chunk = (bytes: Uint8Array): Buffer =>
  bytes.length === 0
    ? Buffer.alloc(0)
    : Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
