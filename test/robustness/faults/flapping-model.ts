// Which answers are right, of a server whose issuer flaps: by the keys that it had while it decided. Rules I5, I7 to I9, C2, H3.

/** A set of keys that the server has taken, by its own word, and when. */
export interface Adopted {
  readonly at: number;
  readonly kids: readonly string[];
}

/** Tokens that take keys to be judged. `expires` is in milliseconds of ours. */
type Judged =
  | { readonly kind: "forged" }
  | { readonly kind: "good" | "poor"; readonly kid: string; readonly expires: number };

/** What a request carried. */
export type Sent = { readonly kind: "none" } | { readonly kind: "malformed" } | { readonly kind: "stranger" } | Judged;

/** A request, from the moment before it was sent to the moment after it was answered. Milliseconds. */
export interface Asked {
  readonly sent: Sent;
  readonly from: number;
  readonly to: number;
  readonly status: number;
}

/** Two readings of one clock, in whole milliseconds, may seem to be in the wrong order by this much. */
const SLACK = 2;

interface Period extends Adopted {
  /** When the next one was taken. */
  readonly until: number;
}

/**
 * Makes the function that says which statuses would have been right. More than one only where keys came or went, or the token or
 * the keys ended, while the request was under way.
 * @param adopted in order
 * @param usableFor milliseconds
 */
export function createModel(adopted: readonly Adopted[], usableFor: number): (asked: Asked) => Set<number> {
  // Before the first there is none: as if it had ended.
  const all: readonly Adopted[] = [{ at: -Infinity, kids: [] }, ...adopted];
  const periods: readonly Period[] = all.map((set, i) => ({ ...set, until: adopted[i]?.at ?? Infinity }));

  return ({ sent, from, to }) => {
    if (sent.kind === "none" || sent.kind === "stranger") return new Set([401]);
    if (sent.kind === "malformed") return new Set([400]);
    const right = new Set<number>();
    for (let i = firstEndingAfter(periods, from - SLACK); i < periods.length; i++) {
      const { at, kids, until } = periods[i] as Period;
      if (at > to + SLACK) break;
      const ends = at + usableFor;
      if (Math.min(to, until) > ends - SLACK) right.add(503);
      if (Math.max(from, at) > ends + SLACK) continue;
      for (const status of withKeys(sent, kids, { from, to })) right.add(status);
    }
    return right;
  };
}

function withKeys(sent: Judged, kids: readonly string[], { from, to }: Pick<Asked, "from" | "to">): readonly number[] {
  if (sent.kind === "forged" || !kids.includes(sent.kid) || from - SLACK >= sent.expires) return [401];
  const granted = sent.kind === "good" ? 200 : 403;
  return to + SLACK < sent.expires ? [granted] : [granted, 401];
}

/** The index of the first period that had not ended by then, found by halving. */
function firstEndingAfter(periods: readonly Period[], time: number): number {
  let [low, high] = [0, periods.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((periods[middle]?.until ?? Infinity) >= time) high = middle;
    else low = middle + 1;
  }
  return low;
}
