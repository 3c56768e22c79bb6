// The issuer's key set: how it came, and each of its keys. Whether a key counts is asked of the core. RFC 7517 5, rules I5, I10.
import { createEnforcer } from "@scitokens/core";
import { isAnswer } from "./ask.js";
import type { Answer, Reply } from "./ask.js";
import type { Finding } from "./finding.js";
import { algorithmOf, faultOf, isForEncryption, privateMembers } from "./key-faults.js";
import { printable } from "../output/printable.js";
import { isObject } from "../input/json-object.js";
import { looseFindings, readDocument } from "./read-document.js";

const subject = "keys";
const MAX_KEYS = 100;
/** What servers take unless they are told otherwise (T3). */
const DEFAULT_ALGORITHMS = ["RS256", "ES256"];

export function judgeKeys(reply: Reply): readonly Finding[] {
  const url = printable(reply.url);
  const fail = (message: string, advice?: string): Finding[] => [
    { subject, level: "fail", message: `${url}: ${message}`, advice },
  ];
  if (!isAnswer(reply)) return fail(reply.why, reply.advice);
  const { document, trouble } = readDocument(reply);
  if (document === undefined) return fail(trouble?.message ?? "no key set", trouble?.advice);
  const entries: unknown = document["keys"];
  if (!Array.isArray(entries))
    return fail("is no JWK set: it has no list `keys`", "publish a JWK set (RFC 7517 5) there");
  return [
    {
      subject,
      level: "ok",
      message: `${url}: ${plural(entries.length, "key")}, ${reply.body.length} bytes, in ${reply.seconds.toFixed(2)} s`,
    },
    ...looseFindings(reply, subject),
    judgeCaching(reply),
    ...judgeEntries(entries),
  ];
}

function judgeEntries(entries: readonly unknown[]): readonly Finding[] {
  const counted = entries.slice(0, MAX_KEYS);
  const usable = counted.filter(isTaken);
  const findings = counted.map((entry, index) => judgeEntry(entry, index, usable));
  if (entries.length > MAX_KEYS) {
    const message = `servers read ${MAX_KEYS} keys: ${plural(entries.length - MAX_KEYS, "key")} after them are ignored`;
    findings.push({ subject, level: "warn", message, advice: "retire keys that sign no living token" });
  }
  if (usable.length === 0) {
    const message = "no key of the set can verify a token: every token of this issuer is refused";
    findings.push({
      subject,
      level: "fail",
      message,
      advice: "publish the public key that the tokens are signed with",
    });
  }
  return [...findings, ...judgeDoubles(usable)];
}

function judgeEntry(entry: unknown, index: number, usable: readonly unknown[]): Finding {
  const name = nameOf(entry, index);
  const secrets = privateMembers(entry);
  if (secrets.length > 0) {
    return {
      subject,
      level: "fail",
      message: `${name} PUBLISHES ITS PRIVATE PART (${secrets.join(", ")}): whoever reads it can sign tokens as this issuer`,
      advice: "tell the operator now: this key has to be revoked and replaced, not only hidden",
    };
  }
  if (isObject(entry) && usable.includes(entry)) return judgeUsable(entry, name, usable.length);
  if (isForEncryption(entry))
    return { subject, level: "ok", message: `${name} is for encryption: servers leave it alone` };
  return {
    subject,
    level: "warn",
    message: `${name} is ignored by servers: it ${faultOf(entry)}`,
    advice: "replace or remove it",
  };
}

function judgeUsable(entry: Readonly<Record<string, unknown>>, name: string, usable: number): Finding {
  const algorithm = algorithmOf(entry);
  const message = `${name} is usable, ${algorithm}`;
  if (!DEFAULT_ALGORITHMS.includes(algorithm)) {
    const advice = `servers take RS256 and ES256 alone, unless this issuer's option says algorithms: ["${algorithm}"]`;
    return { subject, level: "warn", message: `${message}, which is not among the defaults`, advice };
  }
  if (entry["kid"] === undefined) {
    const advice = "give each key a kid, and name it in the tokens' header: WLCG tokens must have it";
    const use = usable === 1 ? "only tokens without kid can use it" : "with several keys, no token can use it";
    return { subject, level: "warn", message: `${message}, but has no kid: ${use}`, advice };
  }
  return { subject, level: "ok", message };
}

/** Two that fit one kid leave a server without a choice: it refuses. */
function judgeDoubles(usable: readonly unknown[]): readonly Finding[] {
  const kids = usable
    .map((entry) => (isObject(entry) ? entry["kid"] : undefined))
    .filter((kid) => typeof kid === "string");
  const doubles = new Set(kids.filter((kid, index) => kids.indexOf(kid) !== index));
  return [...doubles].map((kid) => ({
    subject,
    level: "fail" as const,
    message: `several keys have the kid ${printable(kid, 64)}: tokens that name it are refused`,
    advice: "give each key a kid of its own",
  }));
}

/** The core's own word on one key: what it does not take from a configuration it does not take from an issuer. */
function isTaken(entry: unknown): boolean {
  if (!isObject(entry)) return false;
  try {
    createEnforcer({ issuer: { issuer: "https://key.invalid", jwks: { keys: [entry] } }, audience: null }).close();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function judgeCaching({ headers }: Answer): Finding {
  const header = headers.get("cache-control");
  const maxAge = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,10})/i.exec(header ?? "")?.[1];
  if (maxAge === undefined) {
    return { subject, level: "ok", message: "no max-age in Cache-Control: servers ask for new keys every 6 h" };
  }
  const hours = Math.min(Math.max(Number(maxAge) / 3600, 1), 6);
  const every = `servers ask for new keys every ${Number(hours.toFixed(1))} h`;
  const clamped = Number(maxAge) / 3600 !== hours ? " (1 h to 6 h, whatever it says)" : "";
  return { subject, level: "ok", message: `Cache-Control says max-age=${maxAge}: ${every}${clamped}` };
}

function nameOf(entry: unknown, index: number): string {
  const kid = isObject(entry) ? entry["kid"] : undefined;
  return typeof kid === "string" ? `key ${printable(kid, 64)}` : `key number ${index + 1}`;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
