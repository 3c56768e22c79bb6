// scitokens jwks: the public key set of an issuer, from keys in any form. RFC 7517 5, RFC 7638.
import type { AddCommand } from "../command.js";
import { Trouble } from "../exit.js";
import { readTextFile } from "../input/read-text.js";
import type { Io } from "../io.js";
import { parseKeyFile } from "../key-files/parse-key-file.js";
import { publicJwk, thumbprint } from "../key-files/public-jwk.js";
import type { PublicJwk } from "../key-files/public-jwk.js";
import { writeNewFile } from "../key-files/write-new-file.js";
import { printable, printableJson } from "../output/printable.js";
import { addExamples } from "../reference/examples.js";

interface Flags {
  readonly out?: string;
  readonly force?: boolean;
}

interface NamedKey {
  readonly jwk: PublicJwk;
  readonly name: string;
}

export const addJwks: AddCommand = (program, io) => {
  const command = program
    .command("jwks")
    .summary("make a public key set from keys")
    .description(
      "Makes the JWK set that an issuer publishes from public or private keys: PEM (PKCS#8, SEC1, PKCS#1, public keys, " +
        "certificates), JWKs and JWK sets. Only public members leave it. A key keeps its kid, or gets its RFC 7638 thumbprint; " +
        "two keys with one kid, and one key twice, are refused.",
    )
    .argument("<files...>", "files with keys; - is stdin")
    .option("-o, --out <file>", "where the set goes, instead of stdout")
    .option("--force", "replace a file that is there");
  addExamples(command, [
    { run: "scitokens jwks issuer.jwk rsa.pem --out all.json", shows: "one set of two keys" },
    { run: "scitokens jwks - < rsa.pem", shows: "the public half of a private key" },
  ]).action((files: readonly string[], flags: Flags) => jwks(io, files, flags));
};

async function jwks(io: Io, files: readonly string[], { out, force = false }: Flags): Promise<void> {
  const keys: NamedKey[] = [];
  for (const file of files) keys.push(...(await readKeys(io, file)));
  refuseDuplicates(keys);
  const text = `${printableJson({ keys: keys.map(({ jwk }) => jwk) })}\n`;
  if (out === undefined || out === "-") io.stdout.write(text);
  else await writeNewFile({ path: out, text, isPrivate: false }, force);
}

async function readKeys(io: Io, file: string): Promise<readonly NamedKey[]> {
  const place = file === "-" ? "stdin" : printable(file);
  const found = parseKeyFile(await readTextFile(io, file), place);
  return found.map((source, i) => {
    const name = found.length > 1 ? `${place}, key ${i + 1}` : place;
    return { jwk: publicJwk(source, name), name };
  });
}

/** Of two keys with one kid, a token's own could not be told (I10). */
function refuseDuplicates(keys: readonly NamedKey[]): void {
  const [one, same] = findTwins(keys, ({ jwk }) => thumbprint(jwk)) ?? [];
  if (one !== undefined && same !== undefined) throw new Trouble(`${one.name} and ${same.name} are the same key`);
  const [first, second] = findTwins(keys, ({ jwk }) => jwk["kid"] ?? "") ?? [];
  if (first === undefined || second === undefined) return;
  throw new Trouble(`${first.name} and ${second.name} are two keys with the same kid: give one of them another`);
}

function findTwins(keys: readonly NamedKey[], of: (key: NamedKey) => string): readonly NamedKey[] | undefined {
  return keys.map((key) => keys.filter((other) => of(other) === of(key))).find((alike) => alike.length > 1);
}
