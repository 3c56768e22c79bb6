// The issuer's certificate as this machine sees it, good or bad: one handshake, and nothing is sent.
import { once } from "node:events";
import { isIP } from "node:net";
import { checkServerIdentity, connect } from "node:tls";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";

export interface Certificate {
  /** Node's or OpenSSL's code of what is wrong with the chain or the name; undefined: nothing. */
  readonly chainFault: string | undefined;
  readonly nameFault: boolean;
  /** Seconds since the epoch: the earliest end in the chain that was sent. */
  readonly endsAt: number;
  readonly startsAt: number;
  /** The names it is for, and who issued it: text of the other side's making. */
  readonly names: string;
  readonly issuedBy: string;
  readonly protocol: string;
}

export interface CertificateOptions {
  /** The CAs to trust, in PEM; undefined: those of Node. */
  readonly ca: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/** @throws {Error} when no handshake came about before the signal */
export async function inspectCertificate(url: URL, { ca, signal }: CertificateOptions): Promise<Certificate> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const socket = connect({
    host,
    port: Number(url.port || 443),
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca: [...ca] }),
    // Seen, not trusted: a bad certificate is what this is here to describe. Nothing is sent on this connection.
    rejectUnauthorized: false,
  });
  try {
    await once(socket, "secureConnect", { signal });
    return describe(socket, host);
  } finally {
    socket.destroy();
  }
}

function describe(socket: TLSSocket, host: string): Certificate {
  const own = socket.getPeerCertificate(true);
  const fault = socket.authorized ? undefined : codeOf(socket.authorizationError);
  const named = fault === "ERR_TLS_CERT_ALTNAME_INVALID";
  const ends = chainOf(own).map((certificate) => Date.parse(certificate.valid_to) / 1000);
  return {
    chainFault: named ? undefined : fault,
    nameFault: named || checkServerIdentity(host, own) !== undefined,
    endsAt: Math.min(...ends),
    startsAt: Date.parse(own.valid_from) / 1000,
    names: own.subjectaltname ?? String(own.subject?.CN ?? ""),
    issuedBy: String(own.issuer?.CN ?? own.issuer?.O ?? ""),
    protocol: socket.getProtocol() ?? "",
  };
}

/** Typed as an Error, and in truth its code, or its message where it has none. */
function codeOf(error: unknown): string {
  if (typeof error === "string") return error;
  return error instanceof Error ? error.message : "unknown";
}

/** Itself and those above it, the root left out: its own end matters to nobody. The list of Node ends in a circle. */
function chainOf(own: DetailedPeerCertificate): readonly DetailedPeerCertificate[] {
  const chain = [own];
  for (let at = own.issuerCertificate; at !== undefined && chain.length < 10; at = at.issuerCertificate) {
    if (at.issuerCertificate === at || chain.includes(at)) break;
    chain.push(at);
  }
  return chain;
}
