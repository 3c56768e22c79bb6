// The private key of a file, in any form that a key has: PEM, JWK, or a set of one. Interop 2 and 11.
import { importSigningKey } from "@scitokens/issuer";
import type { SigningAlgorithm, SigningKey } from "@scitokens/issuer";
import { Trouble } from "../exit.js";
import { readTextFile } from "../input/read-text.js";
import type { Io } from "../io.js";
import { printable } from "../output/printable.js";
import { parseKeyFile } from "./parse-key-file.js";

export interface SigningKeyChoice {
  readonly file: string;
  /** Of a set with several keys, the one with this kid; of one key, the kid it is to have. */
  readonly kid?: string | undefined;
  /** An unknown name is refused with a sentence. */
  readonly alg?: string | undefined;
}

/** @throws {Trouble} that names the file and says what is wrong with it, and holds nothing of the key */
export async function readSigningKey(io: Io, { file, kid, alg }: SigningKeyChoice): Promise<SigningKey> {
  const name = file === "-" ? "stdin" : printable(file);
  const found = parseKeyFile(await readTextFile(io, file), name);
  const [source, ...more] = found.length > 1 && kid !== undefined ? found.filter((one) => kidOf(one) === kid) : found;
  if (source === undefined) throw new Trouble(`${name}: no key of the set has this kid`);
  if (more.length > 0) throw new Trouble(`${name}: there are several keys; --kid says which is to sign`);
  try {
    return await importSigningKey(source, { kid, alg: alg as SigningAlgorithm | undefined }); // it checks the name
  } catch (error) {
    if (error instanceof TypeError) throw new Trouble(`${name}: ${error.message}`);
    throw error;
  }
}

function kidOf(source: string | Readonly<Record<string, unknown>>): unknown {
  return typeof source === "string" ? undefined : source["kid"];
}
