/**
 * One promise of an engine interface, checked with `node:assert` so that any test runner can run it.
 * `run` rejects when the engine breaks the promise.
 */
export interface ConformanceCase<Subject> {
  /** The promise, as a sentence. */
  readonly name: string;
  readonly run: (subject: Subject) => Promise<void>;
}
