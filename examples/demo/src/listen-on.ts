// A port of choice, or any free one where another program has it.

export interface Listening<T> {
  readonly value: T;
  /** Whether the port of choice was taken. */
  readonly moved: boolean;
}

export async function listenOn<T>(port: number, start: (port: number) => Promise<T>): Promise<Listening<T>> {
  try {
    return { value: await start(port), moved: false };
  } catch (error) {
    if (!isTaken(error)) throw error;
    return { value: await start(0), moved: true };
  }
}

/** EADDRINUSE, or EACCES where the system reserves the port; the issuer wraps it in a sentence of its own. */
function isTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  return code === "EADDRINUSE" || code === "EACCES" || isTaken(error.cause);
}
