// A whole HTTP answer as data, for whoever writes it: Node, a framework, a web-standard Response. RFC 9457, rule H5.
import type { Refusal } from "./refusal.js";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answer to a refused request: status, challenge, and the problem document with its content type. */
export function refusalAnswer({ status, headers, problem }: Refusal): Answer {
  return {
    status,
    headers: { ...headers, "Content-Type": "application/problem+json" },
    body: JSON.stringify(problem),
  };
}
