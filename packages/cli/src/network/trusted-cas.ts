// The certificates to trust where a private CA is named: its own, beside all that Node trusts without it.
import { readFileSync, statSync } from "node:fs";
import * as tls from "node:tls";
import { Trouble } from "../exit.js";
import { readTextFile } from "../input/read-text.js";
import type { Io } from "../io.js";
import { printable } from "../output/printable.js";

/**
 * Reads the file once: it may be a pipe.
 * @param given `--ca-file`; else what SCITOKEN_CONFIG_TLS_CA_FILE names
 * @returns undefined where no file is named: Node's own choice stands
 * @throws {Trouble} for a file that cannot be read, or holds no certificate
 */
export async function readTrustedCas(io: Io, given: string | undefined): Promise<readonly string[] | undefined> {
  const file = given ?? io.env["SCITOKEN_CONFIG_TLS_CA_FILE"];
  if (file === undefined || file === "") return undefined;
  const pem = await readTextFile(io, file);
  if (!pem.includes(CERTIFICATE)) {
    const name = given === undefined ? "SCITOKEN_CONFIG_TLS_CA_FILE" : "--ca-file";
    throw new Trouble(`${name} ${printable(file)}: expected certificates in PEM (BEGIN CERTIFICATE)`);
  }
  return [...usualCas(), ...extraCas(io.env["NODE_EXTRA_CA_CERTS"]), pem];
}

const CERTIFICATE = "-----BEGIN CERTIFICATE-----";

/** Newer Nodes say which they trust: those of the system, too, where they were told to. */
function usualCas(): readonly string[] {
  const list: unknown = "getCACertificates" in tls ? tls.getCACertificates : undefined;
  return typeof list === "function" ? (list as () => readonly string[])() : tls.rootCertificates;
}

/** Those that a list of one's own would take away. What cannot be read, Node has warned of and goes without. */
function extraCas(file: string | undefined): readonly string[] {
  try {
    const pem = file !== undefined && statSync(file).isFile() ? readFileSync(file, "utf8") : "";
    return pem.includes(CERTIFICATE) ? [pem] : [];
  } catch {
    return [];
  }
}
