// What the certificate means for servers: whether they would connect, and for how long still. RFC 5280 6, RFC 6125.
import type { Certificate } from "./certificate.js";
import type { Finding } from "./finding.js";
import { explainCode } from "../network/words.js";
import { printable } from "../output/printable.js";

const DAY = 86_400;
/** Whoever renews by hand wants about a month. */
const SOON = 30 * DAY;

export function judgeCertificate(certificate: Certificate, now: number): readonly Finding[] {
  const subject = "tls";
  const faults: Finding[] = [];
  if (certificate.chainFault !== undefined) {
    const words = explainCode(certificate.chainFault);
    const why = words?.why ?? `its certificate is not accepted (${printable(certificate.chainFault, 60)})`;
    const issuedBy = `issued by ${printable(certificate.issuedBy, 64)}`;
    faults.push({ subject, level: "fail", message: `${why}; ${issuedBy}`, advice: words?.advice });
  }
  if (certificate.nameFault) {
    const words = explainCode("ERR_TLS_CERT_ALTNAME_INVALID");
    const names = printable(certificate.names);
    faults.push({ subject, level: "fail", message: `${words?.why}: it names ${names}`, advice: words?.advice });
  }
  const ends = judgeEnd(certificate, now);
  if (ends !== undefined) faults.push(ends);
  if (faults.length > 0) return faults;
  const until = `the certificate is good until ${day(certificate.endsAt)}`;
  return [{ subject, level: "ok", message: `${printable(certificate.protocol, 20)}; ${until}` }];
}

function judgeEnd({ endsAt, chainFault }: Certificate, now: number): Finding | undefined {
  const subject = "tls";
  const left = endsAt - now;
  // Expired by the chain's own account has been told.
  if (chainFault === "CERT_HAS_EXPIRED") return undefined;
  const advice = explainCode("CERT_HAS_EXPIRED")?.advice;
  if (left <= 0) return { subject, level: "fail", message: `its certificate ended on ${day(endsAt)}`, advice };
  if (left > SOON) return undefined;
  const days = Math.floor(left / DAY);
  const message = `its certificate, or one above it, ends on ${day(endsAt)}, in ${days} ${days === 1 ? "day" : "days"}`;
  return { subject, level: "warn", message, advice };
}

function day(seconds: number): string {
  return Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString().slice(0, 10) : "an unreadable date";
}
