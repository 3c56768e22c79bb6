// The one door to the package kerberos: optional, native, and loaded when it is needed. RFC 4559 4.1.
import { TokenError } from "../base/errors.js";
import { printable } from "../base/printable.js";

/** What is used of it. */
interface Kerberos {
  readonly initializeClient: (
    service: string,
    options: object,
  ) => Promise<{ step(challenge: string): Promise<string> }>;
  readonly GSS_MECH_OID_SPNEGO: number;
}

const SOURCE = "Kerberos";
const PACKAGE: string = "kerberos"; // not resolved by compilers and bundlers: few have it

/**
 * Makes the first token for a service, by the ticket at hand, in base64.
 * @throws {TokenError} `refused`: the package is not there · `interaction_needed`: no ticket, or none for this service
 */
export async function negotiateByKerberos(service: string): Promise<string> {
  const kerberos = await loadKerberos();
  try {
    const client = await kerberos.initializeClient(service, { mechOID: kerberos.GSS_MECH_OID_SPNEGO });
    return await client.step("");
  } catch (error) {
    const said = error instanceof Error ? printable(error.message) : "";
    const sentence = `${SOURCE}: no ticket for ${service} (${said}); is there one (klist, kinit)?`;
    throw new TokenError("interaction_needed", sentence, { source: SOURCE });
  }
}

async function loadKerberos(): Promise<Kerberos> {
  let loaded: unknown;
  try {
    loaded = await import(PACKAGE);
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    const why = missing ? "is not installed" : "is installed, but its native part cannot be loaded";
    const sentence = `${SOURCE}: the package kerberos ${why}: npm install kerberos (it needs the Kerberos libraries of the system), or give negotiate`;
    throw new TokenError("refused", sentence, { source: SOURCE });
  }
  const module = typeof loaded === "object" && loaded !== null && "default" in loaded ? loaded.default : loaded;
  return module as Kerberos; // its own types need its native part built; what is used of it stands above
}
