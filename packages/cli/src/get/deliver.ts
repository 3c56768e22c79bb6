// What becomes of a token that was got: a file where others look for it, or stdout where that was asked for.
import { defaultTokenFile, writeTokenFile } from "@scitokens/client";
import type { AccessToken } from "@scitokens/client";
import { Trouble } from "../exit.js";
import type { Io } from "../io.js";
import { print, warn } from "../output/print.js";
import { printable } from "../output/printable.js";
import { fromNow } from "../output/times.js";

export interface DeliverFlags {
  readonly out?: string;
  readonly print?: boolean;
  readonly json?: boolean;
}

/** @throws {Trouble} before anything is asked of anybody, where there is no place for a token */
export function chooseFile(io: Io, { out, print: toStdout }: DeliverFlags): string | undefined {
  if (toStdout === true) return undefined;
  const file = out ?? defaultTokenFile({ env: io.env, uid: io.uid });
  if (file === undefined) throw new Trouble("this system has no place for tokens: give --out FILE, or --print");
  return file;
}

/** `file`: as `chooseFile` has it; undefined: stdout. */
export async function deliver(
  io: Io,
  token: AccessToken,
  to: { file: string | undefined; flags: DeliverFlags },
): Promise<void> {
  const { file, flags } = to;
  if (file === undefined) {
    io.stdout.write(`${token.value}\n`);
    return;
  }
  await writeTokenFile(file, token);
  const json = { file, source: token.source, expiresAt: token.expiresAt, scope: token.scope };
  const ends = token.expiresAt === undefined ? "" : `; it ends ${fromNow(token.expiresAt, io.clock())}`;
  print(
    io,
    { json, text: `${printable(token.source)}: token written to ${printable(file)}${ends}` },
    flags.json === true,
  );
  if (flags.out === undefined && (io.env["BEARER_TOKEN"] ?? "") !== "") {
    warn(io, "$BEARER_TOKEN is set: programs take that token before this one (unset BEARER_TOKEN)");
  }
}
