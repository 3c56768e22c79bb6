// fetch that trusts private CAs beside the usual ones. The door to undici; rule I4.
import { rootCertificates } from "node:tls";
import { Agent, fetch as undiciFetch } from "undici";
import { Trouble } from "../exit.js";
import { readTextFile } from "../input/read-text.js";
import { either } from "../io.js";
import type { Io } from "../io.js";
import { printable } from "../output/printable.js";

type Fetch = typeof globalThis.fetch;

/** `io.fetch` itself, or one that also trusts the certificates of a PEM file: `--ca-file`, or what the environment names. */
export async function fetchWithCa(io: Io, given: string | undefined): Promise<Fetch> {
  const caFile = given ?? io.env["SCITOKEN_CONFIG_TLS_CA_FILE"];
  if (caFile === undefined || caFile === "") return io.fetch;
  const pem = await readTextFile(io, caFile);
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) {
    throw new Trouble(`--ca-file ${printable(caFile)}: expected certificates in PEM (BEGIN CERTIFICATE)`);
  }
  const dispatcher = new Agent({ connect: { ca: [...rootCertificates, pem] } });
  // undici's own fetch with its own Agent: Node's built-in one may be of another version.
  const fetch: unknown = (input: Parameters<typeof undiciFetch>[0], init: Parameters<typeof undiciFetch>[1]) =>
    undiciFetch(input, { ...init, dispatcher, signal: either(io.signal, init?.signal) });
  return fetch as Fetch; // the same standard, typed twice
}
