// What a hostile server does with a request, as data: steps that are played on its connection, one after the other.
import { once } from "node:events";
import type { Socket } from "node:net";

export type Bytes = string | Uint8Array;

export type Step =
  | { readonly send: Bytes }
  /** One byte after the other. */
  | { readonly drip: Bytes; readonly everyMs: number }
  /** The same again and again, as fast as it is read, until that many have been sent or nobody reads any more. */
  | { readonly flood: Bytes; readonly times: number }
  | { readonly waitMs: number }
  /** Says nothing more, and leaves the connection open: closing it is up to the other side. */
  | "hang"
  /** TCP's RST. */
  | "reset";

export const FOREVER: number = Number.MAX_SAFE_INTEGER;

/** Plays them, and then ends the connection, unless the last of them is `hang` or `reset`. Never rejects. */
export async function play(steps: readonly Step[], socket: Socket): Promise<void> {
  for (const step of steps) {
    if (socket.destroyed || step === "hang") return;
    if (step === "reset") return void socket.resetAndDestroy();
    await playOne(step, socket);
  }
  socket.end();
}

async function playOne(step: Exclude<Step, string>, socket: Socket): Promise<void> {
  if ("send" in step) await write(socket, step.send);
  else if ("waitMs" in step) await pause(step.waitMs, socket);
  else if ("drip" in step) {
    for (const byte of Buffer.from(step.drip)) {
      await write(socket, Buffer.of(byte));
      await pause(step.everyMs, socket);
      if (socket.destroyed) return;
    }
  } else for (let i = 0; i < step.times && !socket.destroyed; i++) await write(socket, step.flood);
}

/** Until there is room for more, or nobody to send it to. */
async function write(socket: Socket, bytes: Bytes): Promise<void> {
  if (socket.destroyed || socket.write(bytes)) return;
  const ended = new AbortController();
  const { signal } = ended;
  await Promise.race([once(socket, "drain", { signal }), once(socket, "close", { signal })]).catch(() => {});
  ended.abort();
}

function pause(milliseconds: number, socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      socket.off("close", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    socket.once("close", end);
  });
}
