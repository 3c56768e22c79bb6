// A new private key, of an algorithm that a person named.
import { createSigningKey } from "@scitokens/issuer";
import type { SigningAlgorithm, SigningKey } from "@scitokens/issuer";
import { Trouble } from "../exit.js";
import { printable } from "../output/printable.js";

export interface NewKey {
  readonly alg: string;
  readonly kid?: string;
}

/** @throws {Trouble} for an algorithm that is not known, with the likely one; for an empty kid */
export async function newSigningKey({ alg, kid }: NewKey): Promise<SigningKey> {
  try {
    return await createSigningKey({ alg: alg as SigningAlgorithm, kid }); // it checks the name
  } catch (error) {
    if (error instanceof TypeError) throw new Trouble(`--alg: ${printable(error.message)}`);
    throw error;
  }
}
