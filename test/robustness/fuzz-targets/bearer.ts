// The Authorization header, line by line: the token that the model finds, or a bad request. H1, H2.
import { InvalidRequestError } from "@scitokens/core";
import { readLines } from "../fuzz/bearer-model.js";
import { readBearer } from "../fuzz/inside.js";

export const seeds: readonly string[] = [
  "Bearer abc.def.ghi",
  "bearer   a==",
  "Bearer a\nBearer a",
  "Basic abc",
  " Bearer a",
  "Bearer",
];
export const words: readonly string[] = ["Bearer", "bearer ", " ", "\t", "=", ",", '"', "\n", "\0", "\xa0"];

export function run(input: Uint8Array): void {
  const lines = Buffer.from(input).toString("latin1").split("\n");
  let found: string | undefined;
  try {
    found = readBearer(lines);
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    found = "400";
  }
  if (found !== readLines(lines)) throw new Error("another token than the model finds");
}
