/** The same work, but never twice at once: each call waits for those before it, and ends as its own work does. */
export function inTurn(work: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    const turn = last.then(work);
    // Whoever asked for a turn hears how it ended; the next one begins in any case.
    last = turn.catch(() => {});
    await turn;
  };
}
