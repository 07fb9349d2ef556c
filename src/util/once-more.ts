import { EngineInterruption } from './errors.ts';

/**
 * What `attempt` yields. When it is interrupted before it has yielded anything, it is made a second time, and no
 * more than that: what is asked may itself be what brings the engine down.
 */
export async function* onceMore<T>(attempt: () => AsyncIterable<T>): AsyncGenerator<T, void, void> {
  let hasYielded = false;
  try {
    for await (const item of attempt()) {
      hasYielded = true;
      yield item;
    }
    return;
  } catch (error) {
    if (hasYielded || !(error instanceof EngineInterruption)) throw error;
  }
  yield* attempt();
}
