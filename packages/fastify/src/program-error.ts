// What an application's functions throw is an error of the program, whatever it is made of. Rule H3, the last row.
import { constants } from "node:http2";
import { asError, Refusal } from "@scitokens/core/http";
import { takeBack, writeRefusal } from "./reply.js";
import type { ProtectedReply } from "./reply.js";

/** Calls a function of the application's; a refusal that it throws is an answer, all else is its own fault. */
export async function callProgram<T>(reply: ProtectedReply, program: () => T | Promise<T>): Promise<T> {
  try {
    return await program();
  } catch (thrown) {
    throw writeFault(reply, thrown);
  }
}

/** What a function of the application's threw, as the error to be thrown on, with what it means written on the reply. */
export function writeFault(reply: ProtectedReply, thrown: unknown): Error {
  if (thrown instanceof Refusal) {
    writeRefusal(reply, thrown);
  } else {
    takeBack(reply);
    // To @fastify/auth an error that has set no status is somebody who is not authenticated, and undefined is no error.
    reply.code(constants.HTTP_STATUS_INTERNAL_SERVER_ERROR);
  }
  return asError(thrown);
}
