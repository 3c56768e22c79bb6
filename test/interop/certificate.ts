// The certificate of the tests' servers on loopback, and its key. It is public, and secures nothing.
import { readFileSync } from "node:fs";

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), "utf8");

/** Self-signed, for localhost and 127.0.0.1: its own certificate authority. */
export const CERTIFICATE: string = fixture("certificate.pem");
export const CERTIFICATE_KEY: string = fixture("key.pem");
