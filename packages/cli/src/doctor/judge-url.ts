// Whether this can be an issuer's URL at all. RFC 8414 2, rule I2.
import { createEnforcer } from "@scitokens/core";
import { printable } from "../output/printable.js";
import type { Finding } from "./finding.js";

const subject = "issuer";

export function judgeUrl(issuer: string, allowInsecure: boolean): readonly Finding[] {
  const fail = (message: string, advice: string): readonly Finding[] => [{ subject, level: "fail", message, advice }];
  if (!URL.canParse(issuer)) return fail("this is no URL", "give the tokens' iss, as https://issuer.example.org");
  const { protocol, username, password, search, hash } = new URL(issuer);
  if (username !== "" || password !== "") return fail("an issuer has no user name in its URL", "leave it out");
  if (search !== "" || hash !== "") return fail("an issuer has no query and no fragment", "leave them out");
  const unfit = protocol === "https:" || protocol === "http:" ? refusalOfCore(issuer) : undefined;
  if (unfit !== undefined) return fail(`no server can be configured with it: ${unfit}`, "give the tokens' iss");
  if (protocol === "https:") return [{ subject, level: "ok", message: "an https URL" }];
  if (protocol !== "http:") return fail(`expected https, not ${protocol.slice(0, 20)}`, "give the tokens' iss");
  if (!allowInsecure) {
    const advice = "use https; for an issuer on loopback or in a test: --allow-insecure-issuer";
    return fail("expected https: over http, whoever sits on the wire gives keys of their own", advice);
  }
  const advice = "good for loopback and tests alone: servers need allowInsecureIssuer: true";
  return [{ subject, level: "warn", message: "plain http, as allowed", advice }];
}

/** The core's own word: what it does not take at start, no server has. */
function refusalOfCore(issuer: string): string | undefined {
  try {
    createEnforcer({ issuer: { issuer, allowInsecureIssuer: true }, audience: null }).close();
    return undefined;
  } catch (error) {
    if (error instanceof TypeError) return printable(error.message);
    throw error;
  }
}
