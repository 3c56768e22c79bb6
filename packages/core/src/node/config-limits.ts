// Where other programs' numbers are none of ours: the nearest that is, and a sentence about it. Rule I5.

type Limits = readonly [least: number, most: number];

/** Of `keys.refreshAfter`, in seconds. */
export const REFRESH_LIMITS: Limits = [60, 86_400];
/** Of `keys.usableFor`, in seconds. */
export const USE_LIMITS: Limits = [86_400, 345_600];

export function limited(seconds: number, [least, most]: Limits, warn: (sentence: string) => void): number {
  const taken = Math.min(Math.max(seconds, least), most);
  if (taken !== seconds) warn(`${seconds} s is outside of ${least} to ${most}; ${taken} is taken`);
  return taken;
}
