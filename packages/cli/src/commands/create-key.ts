// scitokens create-key: a new key that signs tokens, and its public half. Interop 11.
import type { SigningKey } from "@scitokens/issuer";
import type { AddCommand } from "../command.js";
import { Option } from "../command.js";
import { Trouble } from "../exit.js";
import { jsonOption } from "../input/options.js";
import type { Io } from "../io.js";
import { PRIVATE_FORMATS, privateText, PUBLIC_FORMATS, publicText } from "../key-files/key-text.js";
import type { PrivateFormat, PublicFormat } from "../key-files/key-text.js";
import { newSigningKey } from "../key-files/new-signing-key.js";
import { isSameFile } from "../key-files/same-file.js";
import { writeNewFiles } from "../key-files/write-new-file.js";
import { print } from "../output/print.js";
import { printable } from "../output/printable.js";
import { layOutPairs } from "../output/table.js";
import { addExamples } from "../reference/examples.js";

interface Flags {
  readonly alg: string;
  readonly kid?: string;
  readonly out?: string;
  readonly format: PrivateFormat;
  readonly public?: string;
  readonly publicFormat: PublicFormat;
  readonly force?: boolean;
  readonly json?: boolean;
}

export const addCreateKey: AddCommand = (program, io) => {
  const command = program
    .command("create-key")
    .summary("make a key that signs tokens")
    .description(
      "Makes a private key for an issuer, and its public half for the issuer's JWK set. Private files have mode 0600, and no " +
        "file is replaced without --force. On a terminal a private key is only shown when asked for by --out -.",
    )
    .option("--alg <alg>", "the signature algorithm: ES256, ES384, ES512, RS256, PS256, EdDSA, ...", "ES256")
    .option("--kid <name>", "the key's name; else its RFC 7638 thumbprint")
    .option("-o, --out <file>", "where the private key goes; - is stdout")
    .addOption(
      new Option("--format <form>", "the form of the private key; sec1 is for EC keys, pkcs1 for RSA keys")
        .choices([...PRIVATE_FORMATS])
        .default("jwk"),
    )
    .option("--public <file>", "where the public key goes, too")
    .addOption(
      new Option("--public-format <form>", "the form of the public key").choices([...PUBLIC_FORMATS]).default("jwks"),
    )
    .option("--force", "replace files that are there")
    .addOption(jsonOption());
  addExamples(command, [
    {
      run: "scitokens create-key --out issuer.jwk --public jwks.json",
      shows: "an ES256 key, and the JWK set for the issuer's site",
    },
    {
      run: "scitokens create-key --format sec1 --out ec.pem --public ec.pub --public-format spki",
      shows: "an ES256 key in PEM, as scitokens-create takes it",
    },
    {
      run: "scitokens create-key --alg RS256 --format pkcs1 --out rsa.pem",
      shows: "an RSA key in PEM, as HTCondor takes it",
    },
  ]).action((flags: Flags) => createKey(io, flags));
};

async function createKey(io: Io, flags: Flags): Promise<void> {
  const toStdout = flags.out === "-" || (flags.out === undefined && io.stdout.isTTY !== true);
  if (flags.out === undefined && io.stdout.isTTY === true) {
    throw new Trouble("--out is missing: the file for the private key. To see it here: --out -");
  }
  if (toStdout && flags.json === true) throw new Trouble("--json tells about files: it needs --out FILE");
  if (flags.public === "-")
    throw new Trouble("--public: expected a file; scitokens jwks prints the public half of a key");
  const out = toStdout ? undefined : flags.out;
  if (out !== undefined && flags.public !== undefined && (await isSameFile(out, flags.public)))
    throw new Trouble("--out and --public are the same file");
  const key = await newSigningKey(flags);
  const text = privateText(key, flags.format);
  // The public half first: without the other it is of no use, and of no harm.
  const halves = [
    { path: flags.public, text: publicText(key, flags.publicFormat), isPrivate: false },
    { path: out, text, isPrivate: true },
  ];
  const files = halves.flatMap(({ path, ...half }) => (path === undefined ? [] : [{ path, ...half }]));
  await writeNewFiles(files, flags.force === true);
  if (toStdout) io.stdout.write(text);
  else tell(io, key, flags);
}

function tell(io: Io, { alg, kid }: SigningKey, flags: Flags): void {
  const publicPairs = flags.public === undefined ? [] : ([["public key", printable(flags.public)]] as const);
  const pairs = [
    ["private key", `${printable(flags.out ?? "")} (mode 0600)`],
    ...publicPairs,
    ["alg", alg],
    ["kid", printable(kid)],
  ] as const;
  print(
    io,
    { json: { alg, kid, privateKey: flags.out, publicKey: flags.public }, text: layOutPairs(pairs) },
    flags.json === true,
  );
}
