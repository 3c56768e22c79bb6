// What a refusal writes on Fastify's reply, and how that is taken back where another strategy lets the request through. Rule H5.
import type { Answer, Refusal } from "@scitokens/core/http";

/** What is needed of Fastify's reply, whatever its route is declared to be. */
export interface ProtectedReply {
  readonly sent: boolean;
  readonly statusCode: number;
  code(status: number): unknown;
  headers(headers: Readonly<Record<string, string>>): unknown;
  getHeader(name: string): unknown;
  removeHeader(name: string): unknown;
  send(body?: unknown): unknown;
  then(fulfilled: () => void, rejected: (error: Error) => void): void;
}

interface Written {
  readonly refusal: Refusal;
  readonly statusBefore: number;
  /** Whether the answer is being written, so that no other strategy will be asked. */
  stands: boolean;
}

const written = new WeakMap<object, Written>();

/** Sets status and challenge, so that they survive an error handler of the application's that writes a body only. */
export function writeRefusal(reply: ProtectedReply, refusal: Refusal): void {
  takeBack(reply);
  written.set(reply, { refusal, statusBefore: reply.statusCode, stands: false });
  reply.code(refusal.status);
  reply.headers(refusal.headers);
}

/** Leaves the reply as it was before it was refused. */
export function takeBack(reply: ProtectedReply): void {
  const found = written.get(reply);
  if (found === undefined) return;
  written.delete(reply);
  if (reply.statusCode === found.refusal.status) reply.code(found.statusBefore);
  removeHeaders(reply, found.refusal);
}

/** From now on the challenge belongs to the answer, whatever its status. */
export function confirmRefusal(reply: ProtectedReply): void {
  const found = written.get(reply);
  if (found !== undefined) found.stands = true;
}

/** Before an answer is sent: of a refusal that was overruled, as its status is gone, no challenge is left either. */
export function dropOverruled(reply: ProtectedReply): void {
  const found = written.get(reply);
  if (found === undefined || found.stands || reply.statusCode === found.refusal.status) return;
  removeHeaders(reply, found.refusal);
}

export function writeAnswer(reply: ProtectedReply, { status, headers, body }: Answer): void {
  reply.code(status);
  reply.headers(headers);
  // As bytes: Fastify adds a character set to the type of a text.
  reply.send(body === "" ? undefined : Buffer.from(body));
}

function removeHeaders(reply: ProtectedReply, { headers }: Refusal): void {
  for (const [name, value] of Object.entries(headers)) {
    if (reply.getHeader(name) === value) reply.removeHeader(name);
  }
}
