// Requests of this server in their turns: any number look at the files together, one alone changes them, for the few
// system calls that takes. So what a request has found (a condition is met, nothing is there) still holds when it acts, and
// no path is looked up while a directory in it moves. Bodies are received, sent and copied outside of any turn.
// There is no turn within a turn: it would wait for itself.

export class Turns {
  #change: Promise<unknown> = Promise.resolve();
  readonly #looks = new Set<Promise<void>>();

  look<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#change.then(work);
    const look: Promise<void> = settled(result).then(() => void this.#looks.delete(look));
    this.#looks.add(look);
    return result;
  }

  change<T>(work: () => Promise<T>): Promise<T> {
    const result = Promise.all([this.#change, ...this.#looks]).then(work);
    this.#change = settled(result);
    return result;
  }
}

async function settled(result: Promise<unknown>): Promise<void> {
  await result.catch(() => undefined);
}
