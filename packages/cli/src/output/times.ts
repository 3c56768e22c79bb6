// Seconds since the epoch as a person reads them: local time, and how far away it is.

const UNITS = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
] as const;

/** When and where a time is read. */
export interface Here {
  /** Seconds since the epoch. */
  readonly now: number;
  /** An IANA name; undefined: this machine's time zone. */
  readonly timeZone?: string | undefined;
}

/** "2026-11-20T16:31:00+01:00, 3 h ago" */
export function moment(seconds: number, { now, timeZone }: Here): string {
  return `${localTime(seconds, timeZone) ?? `${seconds} s since 1970`}, ${fromNow(seconds, now)}`;
}

/** "2026-11-20T16:31:00+01:00"; undefined for what no calendar has. */
export function localTime(seconds: number, timeZone?: string): string | undefined {
  const date = new Date(Math.trunc(seconds) * 1000);
  if (Number.isNaN(date.getTime()) || date.getTime() < 0) return undefined;
  const fields = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
  const format = new Intl.DateTimeFormat("en", {
    ...fields,
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "longOffset",
    timeZone,
  });
  const part = new Map(format.formatToParts(date).map(({ type, value }) => [type, value]));
  const of = (type: Intl.DateTimeFormatPartTypes): string => part.get(type) ?? "";
  const day = [of("year").padStart(4, "0"), of("month"), of("day")].join("-");
  const offset = of("timeZoneName").replace("GMT", "") || "+00:00";
  return `${day}T${of("hour")}:${of("minute")}:${of("second")}${offset}`;
}

/** "in 12 min", "3 h ago", "now". */
export function fromNow(seconds: number, now: number): string {
  const distance = Math.trunc(seconds) - Math.trunc(now);
  if (distance === 0) return "now";
  return distance > 0 ? `in ${duration(distance)}` : `${duration(-distance)} ago`;
}

/** "2 d 3 h", "12 min", "45 s": the two largest units that say something. */
export function duration(seconds: number): string {
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  const [name, size] = UNITS[first] ?? (["s", 1] as const);
  const whole = Math.floor(seconds / size);
  const next = UNITS[first + 1];
  const rest = next === undefined ? 0 : Math.floor((seconds - whole * size) / next[1]);
  // Of minutes the seconds matter only where they are few.
  const shown = next !== undefined && rest > 0 && !(name === "min" && whole >= 10);
  return shown ? `${whole} ${name} ${rest} ${next[0]}` : `${whole} ${name}`;
}
