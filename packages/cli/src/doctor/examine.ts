// The examination of an issuer, from its URL to what a server makes of its keys. Each part judges; this asks, in order.
import { ask, isAnswer, rejectOnAbort } from "./ask.js";
import type { AskLimits, Reply } from "./ask.js";
import type { Certificate } from "./certificate.js";
import type { Finding } from "./finding.js";
import { judgeCertificate } from "./judge-certificate.js";
import { judgeClock } from "./judge-clock.js";
import { judgeKeys } from "./judge-keys.js";
import { judgeMetadata, metadataPlaces } from "./judge-metadata.js";
import { judgeAddresses } from "./judge-network.js";
import type { Address } from "./judge-network.js";
import { judgeServer } from "./judge-server.js";
import { judgeUrl } from "./judge-url.js";
import { explainFailure } from "../network/words.js";

/** What an examination reaches, so that tests need no network. */
export interface Examination extends AskLimits {
  readonly issuer: string;
  readonly allowInsecure: boolean;
  readonly lookUp: (host: string) => Promise<readonly Address[]>;
  readonly inspectCertificate: (url: URL, signal: AbortSignal) => Promise<Certificate>;
}

/** Never throws for what an issuer does: that is what the findings are for. */
export async function examine(examination: Examination): Promise<readonly Finding[]> {
  const { issuer, allowInsecure } = examination;
  const first = judgeUrl(issuer, allowInsecure);
  // What is no URL, or must not be asked, is not asked.
  if (first.some(({ level }) => level === "fail")) return first;
  const url = new URL(issuer);
  const network = await judgeHost(examination, url.hostname);
  const tls = url.protocol === "https:" ? await judgeTls(examination, url) : [];
  const replies: Reply[] = [];
  for (const place of metadataPlaces(issuer)) replies.push(await ask(place, examination));
  const { findings: metadata, jwksUri } = judgeMetadata(issuer, replies, allowInsecure);
  const keyReply = jwksUri === undefined ? undefined : await ask(jwksUri, examination);
  const keys = keyReply === undefined ? [] : judgeKeys(keyReply);
  const all = keyReply === undefined ? replies : [...replies, keyReply];
  const server = await judgeServer(issuer, all, { allowInsecure, seconds: waited(replies, keyReply) });
  return [...first, ...network, ...tls, ...metadata, ...keys, ...judgeClock(all.filter(isAnswer)), ...server];
}

async function judgeHost(examination: Examination, hostname: string): Promise<readonly Finding[]> {
  const { lookUp, signal } = examination;
  try {
    const found = lookUp(hostname.replace(/^\[|\]$/g, ""));
    return judgeAddresses(await Promise.race([found, rejectOnAbort(deadline(examination))]));
  } catch (error) {
    signal.throwIfAborted();
    const { why, advice } = explainFailure(error);
    return [{ subject: "network", level: "fail", message: why, advice }];
  }
}

async function judgeTls(examination: Examination, url: URL): Promise<readonly Finding[]> {
  const { inspectCertificate, clock, signal } = examination;
  try {
    return judgeCertificate(await inspectCertificate(url, deadline(examination)), clock());
  } catch (error) {
    signal.throwIfAborted();
    // Where a proxy is needed, fetch may get through all the same: then this is no fault of the issuer's.
    const { why, advice } = explainFailure(error);
    return [{ subject: "tls", level: "warn", message: `the certificate could not be looked at: ${why}`, advice }];
  }
}

function deadline({ signal, timeout }: Examination): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000)]);
}

/** What a server waits: it asks the second place only when the first has no good answer. */
function waited(replies: readonly Reply[], keyReply: Reply | undefined): number {
  const asked = keyReply === undefined ? replies : [...replies.slice(0, 1), keyReply];
  return asked.reduce((sum, { seconds }) => sum + seconds, 0);
}
