// A request, after it was judged: carried out by its method, answered whatever happens. Knows no framework.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Operation } from "@scitokens/core/http";
import { answer } from "./exchange.js";
import type { Exchange } from "./exchange.js";
import { Failure, statusOf } from "./failure.js";
import { makeCollection } from "./make-collection.js";
import { copy, move } from "./move.js";
import { propfind } from "./propfind.js";
import { put } from "./put.js";
import { read } from "./read.js";
import { remove } from "./remove.js";
import type { Storage } from "./storage.js";

export interface HandlerOptions {
  readonly storage: Storage;
  /** Of an upload, in bytes. Default: what the disk takes. */
  readonly largest?: number;
  /** Seconds that a body may stand still before its connection ends. Default 60. */
  readonly patience?: number;
  /** Told of what nobody has foreseen, which is answered with 500. */
  readonly onError: (error: unknown) => void;
}

/** Answers a request; never rejects. */
export type Handler = (request: IncomingMessage, response: ServerResponse, operation: Operation) => Promise<void>;

export function createHandler({ onError, ...options }: HandlerOptions): Handler {
  return async (request, response, operation) => {
    const exchange = { largest: Infinity, patience: 60, ...options, request, response, operation };
    try {
      await perform(exchange);
    } catch (error) {
      // A client that has gone needs no answer, and what breaks off with it is nobody's fault.
      if (response.destroyed) return;
      const status = statusOf(error);
      if (status === undefined) onError(error);
      answerFailure(exchange, status ?? 500);
    }
  };
}

const METHODS: ReadonlyMap<string, (exchange: Exchange) => unknown> = new Map([
  ["OPTIONS", tellOptions],
  ["GET", read],
  ["HEAD", read],
  ["PROPFIND", propfind],
  ["PUT", put],
  ["DELETE", remove],
  ["MKCOL", makeCollection],
  ["MOVE", move],
  ["COPY", copy],
]);

async function perform(exchange: Exchange): Promise<void> {
  const method = METHODS.get(exchange.request.method ?? "");
  if (method === undefined) throw new Failure(405);
  await method(exchange);
}

const ALLOWED = [...METHODS.keys()].join(", ");

function tellOptions({ response }: Exchange): void {
  answer(response.setHeader("DAV", "1").setHeader("Allow", ALLOWED), 200);
}

function answerFailure({ request, response }: Exchange, status: number): void {
  if (response.headersSent) return void response.destroy();
  if (status === 405) response.setHeader("Allow", ALLOWED);
  answer(response, status);
  // The rest of an upload goes nowhere; were the connection ended, the client might never read the answer.
  request.resume();
}
