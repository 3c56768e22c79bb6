// What an application's functions throw is an error of the program, whatever it is made of. Rule H3, the last row.
import { causeOf, readError } from "../base/thrown.js";

/** What is no Error becomes one: to several frameworks undefined, null and "route" mean that all is well. */
export function asError(thrown: unknown): Error {
  return look(thrown, (error) => {
    // Koa writes a status into what it is thrown: into a frozen one it cannot, and that ends the process.
    return Object.isExtensible(error) ? error : new Error(error.message, { cause: error });
  });
}

/** Looks at an error that may bite whoever does. */
function look(thrown: unknown, at: (error: Error) => Error): Error {
  const error = readError(thrown);
  try {
    if (error instanceof Error) return at(error);
  } catch {
    return new Error("a function of the application threw what cannot be read");
  }
  return new Error("a function of the application threw what is no Error, or cannot be read", causeOf(thrown));
}

/** Calls a function of the application's; whatever it throws is an Error. */
export async function callProgram<T>(program: () => T | Promise<T>): Promise<T> {
  try {
    return await program();
  } catch (thrown) {
    throw asError(thrown);
  }
}

/**
 * For what was thrown while a request was judged. Frameworks answer by an error's `status` and `headers`, and some take
 * ENOENT for a missing page; the error of a client or a file that a function asked does not speak of this request. Errors
 * that are made to be answers do, and are passed on: `expose` marks those of http-errors, `getStatus` those of Nest,
 * `getResponse` those of Hono.
 */
export function asFault(thrown: unknown): Error {
  return look(asError(thrown), (error) => {
    const speaks = ["status", "statusCode", "headers"].some((name) => name in error);
    const isMissingFile = "code" in error && error.code === "ENOENT";
    const isAnswer = "expose" in error || "getStatus" in error || "getResponse" in error;
    if (isAnswer || !(speaks || isMissingFile)) return error;
    return new Error(`a function of the route failed: ${error.message}`, { cause: error });
  });
}
