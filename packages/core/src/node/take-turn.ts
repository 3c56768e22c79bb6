// One file operation at a time in each place. A network file system that hangs holds the thread that asks it; Node has four, for
// all files and names of hosts: so it gets one of them. Rules I13, I14.

/** Milliseconds after which whoever waits behind one operation is told that the disk hangs. */
const PATIENCE = 10_000;

interface Line {
  readonly waiting: { readonly go: () => void; readonly give: (up: Error) => void }[];
  hangs: boolean;
}

/** Of the process, since the threads are: two stores of one folder stand in one line. A place that nobody uses has none. */
const lines = new Map<string, Line>();

/**
 * Does some work when all that was asked of the same place before is done.
 * @throws {Error} when another's work there has taken 10 s; what `work` throws
 */
export async function takeTurn<T>(place: string, work: () => Promise<T>): Promise<T> {
  const line = lines.get(place) ?? { waiting: [], hangs: false };
  if (line.hangs) throw hanging(place);
  if (lines.has(place)) await new Promise<void>((go, give) => line.waiting.push({ go, give }));
  lines.set(place, line);
  // It keeps no process alive: the operation does that.
  const timer = setTimeout(() => {
    line.hangs = true;
    for (const { give } of line.waiting.splice(0)) give(hanging(place));
  }, PATIENCE).unref();
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    const next = line.waiting.shift();
    if (next === undefined) lines.delete(place); // and with it, that it has hung: then nobody waits
    else next.go();
  }
}

function hanging(place: string): Error {
  return new Error(`${place}: the disk has not answered for ${PATIENCE / 1000} s`);
}
