// Segments of time: from a request's body, and in order.
import type { Context } from "koa";

/** [start, end) in GPS seconds. */
export type Segment = readonly [start: number, end: number];

const MAX_BYTES = 1_000_000;

/** Reads `{"active": [[start, end], ...]}`, or answers that the body is no such thing. */
export async function readSegments(ctx: Pick<Context, "req" | "throw">): Promise<readonly Segment[]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) ctx.throw(413);
    chunks.push(chunk);
  }
  return parseSegments(Buffer.concat(chunks).toString()) ?? ctx.throw(400, 'expected {"active": [[start, end], ...]}');
}

function parseSegments(text: string): readonly Segment[] | undefined {
  try {
    const { active } = JSON.parse(text) as { readonly active?: unknown };
    return Array.isArray(active) && active.every(isSegment) ? active : undefined;
  } catch {
    return undefined;
  }
}

function isSegment(value: unknown): value is Segment {
  if (!Array.isArray(value) || value.length !== 2 || !value.every(Number.isSafeInteger)) return false;
  return value[0] >= 0 && value[0] < value[1];
}

/** In order of time, those that touch or overlap made one. */
export function unite(segments: readonly Segment[]): readonly Segment[] {
  const united: Segment[] = [];
  for (const segment of segments.toSorted(([a], [b]) => a - b)) {
    const last = united.at(-1);
    if (last === undefined || last[1] < segment[0]) united.push(segment);
    else united[united.length - 1] = [last[0], Math.max(last[1], segment[1])];
  }
  return united;
}
