// An answer that nobody will read. Its connection is free again, or closed where the body has no end.

/** Ends an answer's body; one that has failed already is over, too. */
export async function letGo({ body }: Response): Promise<void> {
  try {
    await body?.cancel();
  } catch {
    // the connection broke in the middle of it: nothing is left to end
  }
}
