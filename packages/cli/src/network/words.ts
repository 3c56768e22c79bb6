// What the codes of a failed connection mean, and what to do: one set of words for all commands. RFC 5280 6, RFC 6125.
import { printable } from "../output/printable.js";

interface Words {
  readonly why: string;
  readonly advice: string | undefined;
}

const PRIVATE_CA =
  "if this is a private CA, give its certificate with --ca-file, and to servers with NODE_EXTRA_CA_CERTS=/path/to/ca.pem; " +
  "else let the issuer send its intermediate certificates as well";

const EXPIRED = "the operator of the issuer has to renew it, and to load the new one into the running server";

const WORDS: Readonly<Record<string, Words>> = {
  ECONNREFUSED: {
    why: "the connection was refused: nothing listens there",
    advice: "see whether the issuer runs, and on this port; then whether a firewall refuses",
  },
  ECONNRESET: {
    why: "the connection was ended by the other side",
    advice: "see whether this is an https port, and what a proxy or firewall in between says",
  },
  ENOTFOUND: {
    why: "no such host name",
    advice: "compare the spelling with the token's iss; ask the DNS (`host NAME`)",
  },
  EAI_AGAIN: {
    why: "the DNS does not answer",
    advice: "see whether this machine has a network and a working resolver",
  },
  ETIMEDOUT: {
    why: "no answer to the connection",
    advice: "a firewall may drop the packets; ask for this host and port",
  },
  UND_ERR_CONNECT_TIMEOUT: {
    why: "no answer to the connection",
    advice: "a firewall may drop the packets; ask for this host and port",
  },
  EHOSTUNREACH: { why: "no way to this host", advice: "see the routes of this machine, IPv6 included" },
  ENETUNREACH: { why: "no way to this network", advice: "see the routes of this machine, IPv6 included" },
  ERR_SSL_WRONG_VERSION_NUMBER: { why: "it does not speak TLS on this port", advice: "see the port of the URL" },
  EPROTO: { why: "the TLS handshake failed", advice: "see whether this is an https port that speaks TLS 1.2 or 1.3" },
  CERT_HAS_EXPIRED: { why: "its certificate has expired", advice: EXPIRED },
  CERT_NOT_YET_VALID: {
    why: "its certificate is not valid yet",
    advice: "compare this machine's clock with a clock; else the issuer has loaded its certificate too early",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    why: "its certificate is for another host",
    advice: "use the host name of the certificate, or let the issuer get one for this name",
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: { why: "its certificate is self-signed", advice: PRIVATE_CA },
  SELF_SIGNED_CERT_IN_CHAIN: { why: "its certificate is of a CA that this machine does not know", advice: PRIVATE_CA },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    why: "its certificate is of a CA that this machine does not know, or an intermediate certificate is missing",
    advice: PRIVATE_CA,
  },
  UNABLE_TO_GET_ISSUER_CERT: { why: "an intermediate certificate is missing", advice: PRIVATE_CA },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    why: "its certificate is of a CA that this machine does not know, or an intermediate certificate is missing",
    advice: PRIVATE_CA,
  },
};

/** Says why nothing was answered; fetch itself says only "fetch failed". */
export function explainFailure(error: unknown): Words {
  if (!(error instanceof Error)) return { why: "the request failed", advice: undefined };
  const reason = error.cause instanceof Error ? error.cause : error;
  const { code } = reason as { code?: unknown };
  return explainCode(code) ?? { why: printable(reason.message), advice: undefined };
}

/** The words for a code of Node's, of OpenSSL's or of undici's, if they are known. */
export function explainCode(code: unknown): Words | undefined {
  return typeof code === "string" && Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
}

/** The same sentence, with the words for the code of a failed connection that stands in it. */
export function withNetworkWords(sentence: string): string {
  for (const [code, { why, advice }] of Object.entries(WORDS)) {
    const [, before] = new RegExp(`^(.*: )[^:]*\\b${code}\\b`, "s").exec(sentence) ?? [];
    if (before !== undefined) return `${before}${why}${advice === undefined ? "" : `; ${advice}`}`;
  }
  return sentence;
}
