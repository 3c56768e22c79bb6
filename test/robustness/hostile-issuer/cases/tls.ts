// TLS that does not show that it is the issuer, or is none. Asked with what the runtime itself trusts. Rule I2.
import type { HostileCase } from "../case.js";
import { head } from "../http.js";
import { certificateOf } from "../issuer.js";
import type { Step } from "../steps.js";

type Name = Parameters<typeof certificateOf>[0];

/** Nobody gets as far as to ask anything. */
const badCase = (what: string, name: Name, says: RegExp, tls: "trusted" | "untrusted" = "trusted"): HostileCase => ({
  what: `TLS: ${what}`,
  certificate: certificateOf(name),
  tls,
  says,
  fetches: 0,
});

const noTlsCase = (what: string, greeting: readonly Step[], says: RegExp): HostileCase => ({
  what: `TLS: ${what}`,
  greeting,
  tls: "trusted",
  says,
  fetches: 0,
});

export const TLS: readonly HostileCase[] = [
  { what: "TLS: a certificate that is good", tls: "trusted", answer: "good", apart: true },
  { ...badCase("a certificate that has expired", "expired", /CERT_HAS_EXPIRED/), apart: true },
  badCase("a certificate that is not valid yet", "not-yet-valid", /CERT_NOT_YET_VALID/),
  badCase("the certificate of another host", "wrong-host", /ERR_TLS_CERT_ALTNAME_INVALID/),
  badCase("a self-signed certificate", "self-signed", /DEPTH_ZERO_SELF_SIGNED_CERT/),
  badCase(
    "a certificate of an unknown authority",
    "good",
    /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER/,
    "untrusted",
  ),
  noTlsCase("plain HTTP at its port", [{ send: head(200) }], /SSL|wrong version/i),
  noTlsCase("a reset in its place", ["reset"], /ECONNRESET|disconnected/),
  { ...noTlsCase("silence in its place", ["hang"], /no answer in time/), waits: true, lingers: true },
];
