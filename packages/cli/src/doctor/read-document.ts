// Whether an answer is one JSON object, and what is odd about how it came. RFC 9110 8.3, RFC 8414 3.2, rule I4.
import { isObject } from "../input/json-object.js";
import type { JsonObject } from "../input/json-object.js";
import type { Answer } from "./ask.js";
import type { Finding, Subject } from "./finding.js";
import { printable } from "../output/printable.js";

export interface ReadDocument {
  readonly document?: JsonObject;
  readonly trouble?: { readonly message: string; readonly advice?: string | undefined };
}

export function readDocument(answer: Answer): ReadDocument {
  const { status, headers } = answer;
  if (status >= 300 && status < 400) {
    const message = `redirects to ${printable(headers.get("location") ?? "nowhere")}`;
    return { trouble: { message, advice: "servers follow no redirect: let the issuer answer at this very URL" } };
  }
  if (status !== 200) return { trouble: { message: `answers with status ${status}`, advice: adviceFor(status) } };
  if (answer.tooLong) {
    return {
      trouble: {
        message: "is longer than servers read (1 MiB)",
        advice: "let the issuer drop what it no longer needs",
      },
    };
  }
  const document = parse(answer.body);
  if (document !== undefined) return { document };
  const page = /html/i.test(headers.get("content-type") ?? "");
  return { trouble: { message: page ? "answers with a web page, not JSON" : "is no JSON object", advice: NOT_JSON } };
}

const NOT_JSON = "a proxy, a login page or a start page may answer instead of the issuer: open the URL and look";

function adviceFor(status: number): string | undefined {
  if (status === 404) return "see whether the issuer's URL is spelt as in its tokens, its path included";
  if (status === 401 || status === 403) return "metadata and keys have to be public";
  if (status >= 500) return "the issuer, or a proxy before it, is in trouble: its operator has to look";
  return undefined;
}

function parse(body: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What no server of this library minds, and others may. */
export function looseFindings({ url, headers }: Answer, subject: Subject): readonly Finding[] {
  const type = headers.get("content-type") ?? "";
  if (/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) return [];
  const message = `${printable(url)}: its content type is ${type === "" ? "missing" : printable(type, 60)}`;
  return [{ subject, level: "warn", message, advice: "answer with application/json: some clients take nothing else" }];
}
