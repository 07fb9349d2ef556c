/** The same work, but never twice at once: each call waits for those before it, and ends as its own work does. */
export function inTurn<T>(work: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return async () => {
    const turn = last.then(work);
    // Whoever asked for a turn hears how it ended; the next one begins in any case.
    last = turn.catch(() => {});
    return await turn;
  };
}
