// A request, what it was found to do, and what it does that with: all that the methods of this server are given.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Operation } from "@scitokens/core/http";
import type { Storage } from "./storage.js";

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** As `operationOf()` gives it. Nobody else here reads the request's target, Destination or Source. */
  readonly operation: Operation;
  readonly storage: Storage;
  /** Of an upload, in bytes. */
  readonly largest: number;
  /** Seconds that a body may stand still: else clients that have gone hold descriptors, and parts of uploads. */
  readonly patience: number;
}

/** Answers without a body. */
export function answer(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}
