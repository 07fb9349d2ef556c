import type { ModelMessage } from '../engine/language-model.ts';

/**
 * The instructions that a prompt begins with, and about the younger half of what follows them, which begins with a
 * message of the user, so that no call is parted from its result. `undefined` where nothing can be left out.
 */
export function withoutOldest(messages: readonly ModelMessage[]): readonly ModelMessage[] | undefined {
  const begins = messages.findIndex(({ role }) => role !== 'system');
  const turns = [...messages.keys()].filter((at) => at > begins && messages[at]?.role === 'user');
  const middle = begins + (messages.length - begins) / 2;
  const first = turns.find((at) => at >= middle) ?? turns.at(-1);
  return begins < 0 || first === undefined
    ? undefined
    : [...messages.slice(0, begins), ...messages.slice(first)];
}
