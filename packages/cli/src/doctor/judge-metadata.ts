// The issuer's metadata in both places: what a server of this library asks of it. OIDC Discovery 4, RFC 8414 3, rules I2, I3.
import { isAnswer } from "./ask.js";
import type { Reply } from "./ask.js";
import type { Finding, Level } from "./finding.js";
import { looseFindings, readDocument } from "./read-document.js";
import { printable } from "../output/printable.js";

/** Both places, in the order in which a server asks them. */
export function metadataPlaces(issuer: string): readonly [string, string] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  return [
    `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
}

export interface MetadataVerdict {
  readonly findings: readonly Finding[];
  /** Where the keys are, by the first place that says so rightly. */
  readonly jwksUri: string | undefined;
}

interface Place {
  readonly reply: Reply;
  readonly jwksUri?: string;
  readonly trouble?: { readonly message: string; readonly advice?: string | undefined };
}

export function judgeMetadata(issuer: string, replies: readonly Reply[], allowInsecure: boolean): MetadataVerdict {
  const places = replies.map((reply) => judgePlace(reply, issuer, allowInsecure));
  const good = places.filter((place) => place.jwksUri !== undefined);
  const findings = places.flatMap((place, index) => describe(place, index, good.length > 0 ? "warn" : "fail"));
  const uris = new Set(good.map((place) => place.jwksUri));
  if (uris.size > 1) {
    findings.push({
      subject: "metadata",
      level: "warn",
      message: "the two places name different jwks_uris: who asks the one knows other keys than who asks the other",
      advice: "let both documents name the same jwks_uri",
    });
  }
  return { findings, jwksUri: good[0]?.jwksUri };
}

function judgePlace(reply: Reply, issuer: string, allowInsecure: boolean): Place {
  if (!isAnswer(reply)) return { reply, trouble: { message: reply.why, advice: reply.advice } };
  const { document, trouble } = readDocument(reply);
  if (document === undefined) return { reply, ...(trouble && { trouble }) };
  const wrongIssuer = judgeIssuer(document["issuer"], issuer);
  if (wrongIssuer !== undefined) return { reply, trouble: wrongIssuer };
  const uri = document["jwks_uri"];
  if (typeof uri !== "string" || uri.length > 2048 || !URL.canParse(uri)) {
    return {
      reply,
      trouble: { message: "jwks_uri is missing, or no URL", advice: "publish the URL of the key set there" },
    };
  }
  const { protocol, href } = new URL(uri);
  if (protocol !== "https:" && !(allowInsecure && protocol === "http:")) {
    const message = `jwks_uri is ${printable(uri)}: expected https`;
    return { reply, trouble: { message, advice: "whoever sits on the wire could give keys of their own: use https" } };
  }
  return { reply, jwksUri: href };
}

function judgeIssuer(named: unknown, issuer: string): Place["trouble"] {
  if (named === issuer) return undefined;
  if (typeof named !== "string") return { message: "issuer is missing", advice: "publish the issuer's own URL there" };
  if (named.replace(/\/$/, "") === issuer.replace(/\/$/, "")) {
    return {
      message: `issuer is ${printable(named)}: it differs from ${printable(issuer)} by a slash at the end`,
      advice:
        "the comparison is to the letter: configure servers with the spelling of the tokens' iss (`scitokens decode` shows it); " +
        "if the metadata has the other one, give servers the jwksUri as well",
    };
  }
  return {
    message: `issuer is ${printable(named)}: expected ${printable(issuer)}, to the letter`,
    advice: "one of the two URLs is not this issuer's: compare with the tokens' iss",
  };
}

function describe({ reply, jwksUri, trouble }: Place, index: number, level: Level): Finding[] {
  const subject = "metadata";
  const url = printable(reply.url);
  if (jwksUri !== undefined && isAnswer(reply)) {
    const message = `${url}: good, in ${reply.seconds.toFixed(2)} s`;
    return [{ subject, level: "ok", message }, ...looseFindings(reply, subject)];
  }
  const missing = level === "warn" && isAnswer(reply) && reply.status === 404;
  if (missing && index === 1) {
    return [{ subject, level: "ok", message: `${url}: not there; the other place is enough` }];
  }
  const advice = missing ? "publish the metadata here as well: some clients look only here" : trouble?.advice;
  return [{ subject, level, message: `${url}: ${trouble?.message ?? "no metadata"}`, advice }];
}
