/** What was thrown or rejected with, which JavaScript allows to be anything. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
