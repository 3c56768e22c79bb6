// Several calls under way at once, as requests on as many connections: what each costs the clock, the event loop, the CPU.
import { performance } from "node:perf_hooks";

export interface Flight {
  /** Microseconds of the clock a call. */
  readonly wall: number;
  /** Microseconds a call in which the event loop had something to do. */
  readonly loop: number;
  /** Microseconds a call that all threads together computed. */
  readonly cpu: number;
  /** Milliseconds by which a timer was late, each time it was looked at; none where calls leave no turn of the loop. */
  readonly delays: readonly number[];
}

/** Makes all calls, `slots` of them at a time. */
export async function fly(calls: readonly (() => unknown)[], slots: number): Promise<Flight> {
  const stopProbe = probeDelay();
  const loop = performance.eventLoopUtilization();
  const cpu = process.cpuUsage();
  const start = performance.now();
  await (slots === 1 ? inTurn(calls) : inSlots(calls, slots));
  const wall = (performance.now() - start) * 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { active } = performance.eventLoopUtilization(loop);
  const delays = stopProbe();
  const { length } = calls;
  return { wall: wall / length, loop: (active * 1000) / length, cpu: (user + system) / length, delays };
}

/** A timer that is due each millisecond, and by how much it was late: what every other request waits. */
function probeDelay(): () => readonly number[] {
  const delays: number[] = [];
  let due = performance.now() + 1;
  const look = (): void => {
    const now = performance.now();
    delays.push(Math.max(0, now - due));
    due = now + 1;
    timer = setTimeout(look, 1);
  };
  let timer = setTimeout(look, 1);
  return () => {
    clearTimeout(timer);
    return delays;
  };
}

/** The next one as soon as the one before is answered, without a turn of the event loop of its own. */
async function inTurn(calls: readonly (() => unknown)[]): Promise<void> {
  for (const call of calls) {
    const answer = call();
    if (answer instanceof Promise) await answer;
  }
}

/** In each slot the next call begins in a callback of the event loop of its own, as a request on a socket does. */
function inSlots(calls: readonly (() => unknown)[], slots: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let begun = 0;
    let done = 0;
    const begin = (): void => {
      const call = calls[begun++];
      if (call === undefined) return;
      try {
        const answer = call();
        if (answer instanceof Promise) answer.then(end, reject);
        else end();
      } catch (error) {
        reject(error);
      }
    };
    const end = (): void => {
      done += 1;
      if (done === calls.length) resolve();
      else setImmediate(begin);
    };
    for (let slot = 0; slot < slots; slot++) setImmediate(begin);
  });
}
