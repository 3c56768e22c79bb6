// What of the hostile corpus every resource server of RFC 6750 and RFC 7519 must get right: no profile's rule, no scope's, no path's.
import { readFileSync } from "node:fs";

export type Severity = "critical" | "must";

export type Class =
  | "authorization header"
  | "form"
  | "header, key, signature"
  | "issuer, audience"
  | "times"
  | "good tokens";

/** A request, byte for byte, and which answers are right. */
export interface HostileRequest {
  readonly severity: Severity;
  readonly class: Class;
  readonly accept: readonly string[];
  readonly method: string;
  readonly target: string;
  readonly lines: readonly string[];
  /** Of what is sent: nothing of it may stand in a header of the answer. */
  readonly credentials: readonly string[];
}

interface Case {
  readonly kind: string;
  readonly category: string;
  readonly severity: string;
  readonly accept: readonly string[];
  readonly token?: string;
  readonly method?: string;
  readonly target?: string;
  readonly lines?: readonly string[];
  readonly tokens?: Readonly<Record<string, string>>;
}

interface Corpus {
  readonly meta: {
    readonly now: number;
    readonly issuer: string;
    readonly audience: string;
    readonly jwks: { readonly keys: readonly Jwk[] };
  };
  readonly cases: readonly Case[];
}

export interface Jwk {
  readonly kid: string;
  readonly alg: string;
  readonly [member: string]: string;
}

const CLASSES: Readonly<Record<string, Class>> = {
  header: "authorization header",
  structure: "form",
  base64: "form",
  json: "form",
  alg: "header, key, signature",
  kid: "header, key, signature",
  "header-inject": "header, key, signature",
  signature: "header, key, signature",
  iss: "issuer, audience",
  aud: "issuer, audience",
  time: "times",
  valid: "good tokens",
};

const file = new URL("../../../test/robustness/vectors/hostile.json", import.meta.url);
const corpus = JSON.parse(readFileSync(file, "utf8")) as Corpus;

export const meta: Corpus["meta"] = corpus.meta;

export const hostileRequests: readonly HostileRequest[] = corpus.cases.flatMap((one) => {
  const { severity, category, accept, method = "GET", target = "/protected", tokens = {} } = one;
  const found = CLASSES[category];
  if (found === undefined || (severity !== "critical" && severity !== "must")) return [];
  const fill = (text: string): string => text.replace(/\{(\w)\}/g, (_, name: string) => tokens[name] ?? "");
  const lines = (one.lines ?? [`Authorization: Bearer ${one.token}`]).map(fill);
  const credentials = [...Object.values(tokens), ...lines.map((line) => line.replace(/^[^:]+: *\w* */, ""))];
  return [{ severity, class: found, accept, method, target: fill(target), lines, credentials }];
});
