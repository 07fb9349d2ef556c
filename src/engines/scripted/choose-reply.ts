import type { ModelMessage } from '../../engine/language-model.ts';
import type { Script, ScriptReply, ScriptRule } from './script.ts';

export interface ChosenReply {
  readonly reply: ScriptReply;
  /** What the placeholders in it stand for. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * The reply of the first rule that fits. While a tool's answer is the last message, only rules that look at
 * it can fit: a rule that called the tool would call it again for ever.
 */
export function chooseReply(script: Script, messages: readonly ModelMessage[]): ChosenReply {
  const situation = situationOf(messages);
  for (const rule of script.rules) {
    const groups = matchRule(rule.when, situation);
    if (groups) return { reply: rule.reply, values: { ...situation.values, ...groups } };
  }
  return { reply: script.otherwise, values: situation.values };
}

interface Situation {
  /** How many messages the user has sent. */
  readonly turn: number;
  readonly toolResult: string | undefined;
  readonly values: Readonly<Record<string, string>>;
}

function situationOf(messages: readonly ModelMessage[]): Situation {
  const lastUser = messages.findLastIndex((message) => message.role === 'user');
  const userTexts = messages.flatMap((message) => (message.role === 'user' ? [message.text] : []));
  const firstUser = messages.findIndex((message) => message.role === 'user');
  const earlierReplies = repliesIn(messages.slice(0, Math.max(lastUser, 0)));
  const last = messages.at(-1);
  const toolResult = last?.role === 'tool' ? last.output : undefined;
  return {
    turn: userTexts.length,
    toolResult,
    values: {
      heard: userTexts.at(-1) ?? '',
      turn: String(userTexts.length),
      firstUserText: userTexts[0] ?? '',
      firstReply: repliesIn(messages.slice(Math.max(firstUser, 0)))[0] ?? '',
      previousUserText: userTexts.at(-2) ?? '',
      previousReply: earlierReplies.at(-1) ?? '',
      toolResult: toolResult ?? '',
    },
  };
}

function repliesIn(messages: readonly ModelMessage[]): string[] {
  return messages.flatMap((message) =>
    message.role === 'assistant' && message.text !== '' ? [message.text] : [],
  );
}

function matchRule(when: ScriptRule['when'], situation: Situation): Record<string, string> | undefined {
  if ((when.toolResult === undefined) !== (situation.toolResult === undefined)) return undefined;
  if (when.turn && (situation.turn < when.turn.atLeast || situation.turn > when.turn.atMost))
    return undefined;
  const user = when.user ? when.user.match(situation.values['heard'] ?? '') : {};
  const tool = when.toolResult ? when.toolResult.match(situation.toolResult ?? '') : {};
  return user && tool && { ...user, ...tool };
}
