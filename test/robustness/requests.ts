// The cases of the corpus as requests, byte for byte, and what each may be answered with. Rules H1, R2.
import type { RawRequest } from "../support/raw-request.js";
import { headerCases, meta, targetCases, tokenCases } from "./corpus.js";
import type { HeaderCase, TargetCase, TokenCase } from "./corpus.js";

export interface HostileRequest extends RawRequest {
  readonly id: string;
  readonly accept: readonly string[];
  readonly expect: string;
  /** What was sent as credentials, tokens or not: nothing of it may come back in a refusal. */
  readonly credentials: readonly string[];
  /** The scope that a 403 names, where the corpus has one for each request. */
  readonly required?: string;
  /** What is served must be this or below it. */
  readonly area?: string;
}

/** The route that asks for `meta.require` whatever its path; on all others the path decides. */
export const FIXED = "/fixed";

const bearer = (token: string): string => `Authorization: Bearer ${token}`;

function ofToken({ token, require: asked = meta.require, ...rest }: TokenCase): HostileRequest {
  const path = asked.path.split("/").map(encodeURIComponent).join("/");
  const route =
    asked.path === meta.require.path
      ? { target: FIXED, required: `${asked.authz}:${path}` }
      : { target: path, required: `storage.read:${path}` };
  return { ...rest, ...route, lines: [bearer(token)], credentials: [token] };
}

function ofHeader({ lines, tokens, target = meta.require.path, method = "GET", ...rest }: HeaderCase): HostileRequest {
  const filled = (text: string): string => text.replace(/\{(\w)\}/g, (_, name: string) => tokens[name] ?? "");
  const values = lines.map((line) => filled(line).replace(/^[^:]+: *\w* */, ""));
  return {
    ...rest,
    method,
    target: filled(target),
    lines: lines.map(filled),
    credentials: [...Object.values(tokens), ...values],
  };
}

function ofTarget({ target, tokens: { T }, ...rest }: TargetCase): HostileRequest {
  return { ...rest, target, lines: [bearer(T)], credentials: [T], area: meta.require.path };
}

export const requests: Readonly<Record<"token" | "header" | "target", readonly HostileRequest[]>> = {
  token: tokenCases.map(ofToken),
  header: headerCases.map(ofHeader),
  target: targetCases.map(ofTarget),
};

/** A request that every server of the corpus answers with 200. */
export const GOOD: RawRequest = { target: FIXED, lines: [bearer(meta.namedTokens.T)] };
