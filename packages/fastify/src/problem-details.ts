// Refusals as application/problem+json, for applications without an error page of their own. RFC 9457.
import { asError, Refusal, refusalAnswer } from "@scitokens/core/http";
import { writeAnswer } from "./reply.js";
import type { ProtectedReply } from "./reply.js";

/**
 * An error handler that answers refusals with a problem document, and leaves every other error to the handler above it.
 * Without it (and without a handler of the application's own) Fastify answers with its own JSON, with the same status
 * and challenge.
 * @example app.setErrorHandler(problemDetails())
 */
export function problemDetails(): (error: unknown, request: unknown, reply: ProtectedReply) => void {
  return (error, _request, reply) => {
    // What is no Error, thrown again here, Fastify would send as an answer.
    if (!(error instanceof Refusal)) throw asError(error);
    writeAnswer(reply, refusalAnswer(error));
  };
}
