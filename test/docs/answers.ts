// How a server answers a row of a guide's table, and what the table promises. Rules H3, H6, H9.
import type { AllowedEvent, RefusedEvent } from "@scitokens/core";
import { rawRequest } from "../support/raw-request.js";
import type { RawResponse } from "../support/raw-request.js";
import type { Guide, Heard, Row } from "./guide.js";
import { quotedIn } from "./page.js";
import { describedRequest } from "./request.js";
import { describedToken } from "./tokens.js";

export interface Outcome {
  readonly status: number;
  /** Of the refusal, where a token, or that there was none, was the reason. */
  readonly reason: string | undefined;
  /** What the events of the request say: reasons, or `allowed`. Where the table has no such column, not looked at. */
  readonly recorded: readonly string[] | undefined;
}

/** "403 `capability`: why, for people". */
export function promisedIn(row: Row): Outcome {
  const [, status, reason] = /^(\d{3})(?: `(\w+)`)?/.exec(row["answer"] ?? "") ?? [];
  return {
    status: Number(status),
    reason,
    recorded: row["recorded"] === undefined ? undefined : quotedIn(row["recorded"]),
  };
}

export async function outcomeOf(row: Row, port: number, guide: Guide, heard: Heard): Promise<Outcome> {
  const raw = describedToken(row["the token says"] ?? "", guide.minters);
  const request = describedRequest(row["request"] ?? "", raw);
  const before = heard.events.length;
  const answer = await rawRequest(port, { ...request, lines: [...request.lines, ...(guide.lines?.(row) ?? [])] });
  heard.answers.push(answer);
  const decisions = heard.events.slice(before).filter((event) => event.type === "allowed" || event.type === "refused");
  return {
    status: answer.status,
    reason: decisions.map(enforcedReason).find((reason) => reason !== undefined),
    recorded: row["recorded"] === undefined ? undefined : decisions.map(recordOf),
  };
}

type DecisionEvent = AllowedEvent | RefusedEvent;

const enforcedReason = (event: DecisionEvent): string | undefined =>
  event.type === "refused" && event.enforced ? event.reason : undefined;

const recordOf = (event: DecisionEvent): string => (event.type === "refused" ? event.reason : "allowed");

/** The answers with this status and these header lines. */
export function answersLike(shown: string, { answers }: Heard): readonly RawResponse[] {
  const [first = "", ...lines] = shown.trim().split("\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return answers.filter(
    ({ status, headers: got }) =>
      status === Number(first.split(" ")[1]) && headers.every(([name, value]) => got[name] === value),
  );
}

/** An event without what is another one each time. */
export function comparable(event: object): object {
  const { requestId: _, ...rest } = JSON.parse(JSON.stringify(event)) as Record<string, unknown>;
  return rest;
}
