// What an application's functions throw is an error of the program, whatever it is made of. Rule H3, the last row.
import { asError } from "@scitokens/core/http";

/** Calls a function of the application's. Koa would never answer a request that was rejected with undefined or null. */
export async function callProgram<T>(program: () => T | Promise<T>): Promise<T> {
  try {
    return await program();
  } catch (thrown) {
    throw asError(thrown);
  }
}
