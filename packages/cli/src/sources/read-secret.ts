// A secret from a file, stdin or the environment. White space at its end is an editor's.
import { Trouble } from "../exit.js";
import { readTextFile } from "../input/read-text.js";
import type { Io } from "../io.js";
import { printable } from "../output/printable.js";

export interface SecretPlace {
  /** `-` is stdin. */
  readonly file: string | undefined;
  readonly variable?: string;
}

/** undefined where neither place is given. @throws {Trouble} for a file that cannot be read, or is empty */
export async function readSecret(io: Io, { file, variable }: SecretPlace): Promise<string | undefined> {
  if (file === undefined) {
    const value = variable === undefined ? undefined : io.env[variable];
    return value === "" ? undefined : value;
  }
  const secret = (await readTextFile(io, file)).replace(/[ \t\r\n]+$/, "");
  if (secret === "") throw new Trouble(`${printable(file)}: expected a secret, and it is empty`);
  return secret;
}
