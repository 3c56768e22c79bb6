// Which tokens went out on the way to an answer: a server that writes one into its challenge must not get it into a log.

const sent = new WeakMap<Response, readonly string[]>();

export function rememberSent(response: Response, tokens: readonly string[]): void {
  sent.set(response, tokens);
}

/** None for an answer that came by another fetch, or for a copy. */
export function tokensSentFor(response: Response): readonly string[] {
  return sent.get(response) ?? [];
}
