// Refusals as application/problem+json, for applications without an error page of their own. RFC 9457.
import { Refusal, sendRefusal } from "@scitokens/core/http";
import type { NodeResponse } from "@scitokens/core/http";
import type { Next } from "./protect.js";

/**
 * An error handler that answers refusals with a problem document, and leaves every other error to the next handler.
 * Without it (and without a handler of the application's own) Express shows its own page, with the same status and challenge.
 * @example app.use(problemDetails()) // after the routes
 */
export function problemDetails(): (error: unknown, request: unknown, response: NodeResponse, next: Next) => void {
  // Express knows an error handler by its four parameters.
  return (error, _request, response, next) => {
    if (error instanceof Refusal && !response.headersSent) sendRefusal(response, error);
    else next(error);
  };
}
