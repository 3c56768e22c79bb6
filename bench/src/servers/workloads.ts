// What servers are asked: one token again and again, many tokens in turn, and those among as many bad ones.
import { ROUTE } from "./contender.js";
import type { Request } from "./load.js";
import type { BadKind, Tokens } from "./tokens.js";

export interface Workload {
  readonly name: "one" | "distinct" | "hostile";
  readonly title: string;
  /** After how many requests it begins anew. */
  readonly length: number;
  stream(): () => Request;
}

export function createWorkloads({ good, bad }: Tokens): readonly Workload[] {
  const fine = good.map((token) => request(token, 200));
  // One of each kind after the other, so that every window has all of them.
  const kinds = Object.values(bad);
  const refused = (kinds[0] ?? []).flatMap((_, index) => kinds.map((tokens) => request(tokens[index] ?? "", 401)));
  const mixed = fine.flatMap((one, index) => [one, refused[index % refused.length] ?? one]);
  return [
    workload("one", "one token repeated", fine.slice(0, 1)),
    workload("distinct", `${fine.length} distinct tokens in turn`, fine),
    workload("hostile", "a hostile mix: every second request has a bad token", mixed),
  ];
}

function workload(name: Workload["name"], title: string, requests: readonly Request[]): Workload {
  return { name, title, length: requests.length, stream: () => inTurn(requests) };
}

export function request(token: string, status: number): Request {
  const head = `GET ${ROUTE} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nAccept: */*\r\n\r\n`;
  return { bytes: Buffer.from(head, "latin1"), status };
}

/** Some of each kind, to see what becomes of them. */
export function samples({ bad }: Tokens, each: number): readonly (readonly [BadKind, readonly Request[]])[] {
  return (Object.entries(bad) as [BadKind, readonly string[]][]).map(([kind, tokens]) => [
    kind,
    tokens.slice(0, each).map((token) => request(token, 401)),
  ]);
}

function inTurn(requests: readonly Request[]): () => Request {
  let index = 0;
  return () => {
    const next = requests[index];
    index = (index + 1) % requests.length;
    if (next === undefined) throw new RangeError("expected requests");
    return next;
  };
}
