// What a request asks for, in the words of each kind of client. RFC 6749 3.3, RFC 8693 2.1, RFC 8707 2, interop 8.
import { Refused } from "../refused.js";
import type { RefusalCode } from "../refused.js";
import type { Asked } from "./grant.js";

/** Where `Asked` travels through the provider: a parameter that is always overwritten. */
export const ASKED = "scitokens_asked";
const NAMES = ["scope", "audience", "resource"];
const MOST = 100; // values; each is looked at, and stands in a token

/**
 * Takes scope, `audience` (repeated, or separated by blanks) and `resource` (repeated) out of the parameters.
 *
 * A scope that is given twice stays, so that the provider refuses it.
 * @throws {Refused} invalid_scope, invalid_target
 */
export function takeAsked(parameters: URLSearchParams): Asked {
  const scopes = parameters.getAll("scope");
  const audiences = parameters.getAll("audience").flatMap((text) => text.split(" "));
  const resources = parameters.getAll("resource").map(checkResource);
  const audience = [...new Set([...audiences, ...resources].filter((text) => text !== ""))];
  for (const name of scopes.length > 1 ? NAMES.slice(1) : NAMES) parameters.delete(name);
  const scope = [...new Set(scopes.join(" ").split(" "))].filter((text) => text !== "");
  if (scope.length > MOST) throw new Refused("invalid_scope", `more than ${MOST} scopes`);
  if (audience.length > MOST) throw new Refused("invalid_target", `more than ${MOST} audiences`);
  return { scope: scope.length === 0 ? undefined : scope, audience: audience.map(checkAudience) };
}

/**
 * Reads what `writeAsked` or `writeRefused` wrote.
 * @throws {Refused} what was written
 */
export function readAsked(text: unknown): Asked {
  const value: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
  if (isRefused(value)) throw new Refused(value.refused, value.why);
  if (!isAsked(value)) throw new Refused("invalid_request", "the request has lost what it asks for");
  return value;
}

/** One parameter for all of it. */
export function writeAsked(asked: Asked): string {
  return JSON.stringify(asked);
}

/** A refusal that the client should hear at its own address, once the provider has found that it is one (RFC 6749 4.1.2.1). */
export function writeRefused({ code, message }: Refused): string {
  return JSON.stringify({ refused: code, why: message });
}

function isRefused(value: unknown): value is { readonly refused: RefusalCode; readonly why: string } {
  return typeof value === "object" && value !== null && "refused" in value && "why" in value;
}

function isAsked(value: unknown): value is Asked {
  if (typeof value !== "object" || value === null || !("audience" in value)) return false;
  const { scope, audience } = value as { readonly scope?: unknown; readonly audience: unknown };
  return (scope === undefined || isTexts(scope)) && isTexts(audience);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

/** Whether a token can be for it: printable ASCII without blanks. */
export function isAudience(text: string): boolean {
  return /^[\x21-\x7E]{1,512}$/.test(text);
}

function checkAudience(text: string): string {
  if (isAudience(text)) return text;
  throw new Refused("invalid_target", "an audience is printable ASCII without blanks, at most 512 characters");
}

function checkResource(text: string): string {
  if (URL.canParse(text) && !text.includes("#")) return text;
  throw new Refused("invalid_target", "a resource must be an absolute URI without a fragment");
}
