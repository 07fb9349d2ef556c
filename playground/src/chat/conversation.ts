import type { AnswerChange } from './ask.ts';
import type { Clip } from './request-message.ts';
import type { AnswerContent, AnswerStatus, AssistantTurn, ToolTurn, Turn } from './turn.ts';

/** What somebody is about to say. */
export interface Draft {
  readonly text: string;
  readonly clips: readonly Clip[];
}

export interface ToolAnswer {
  readonly callId: string;
  readonly name: string;
  readonly output: string;
}

export type ConversationEvent =
  | { readonly type: 'said'; readonly draft: Draft }
  | { readonly type: 'tools-answered'; readonly answers: readonly ToolAnswer[] }
  | { readonly type: 'asked' }
  | { readonly type: 'answered'; readonly change: AnswerChange }
  | { readonly type: 'ended'; readonly status: 'done' | 'stopped' }
  | { readonly type: 'failed'; readonly error: Error }
  /** The last answer goes, to be asked for again. */
  | { readonly type: 'discarded' }
  /** The server knows none of the spoken answers any longer. */
  | { readonly type: 'forgotten' }
  | { readonly type: 'taken-back' }
  | { readonly type: 'begun' };

/** The turns after an event. Ids count up, so that a turn keeps its own for as long as it is shown. */
export function nextTurns(turns: readonly Turn[], event: ConversationEvent): readonly Turn[] {
  const id = (turns.at(-1)?.id ?? 0) + 1;
  switch (event.type) {
    case 'said':
      return [...turns, { role: 'user', id, ...event.draft }];
    case 'tools-answered':
      return [
        ...turns,
        ...event.answers.map((answer, index): ToolTurn => ({ role: 'tool', id: id + index, ...answer })),
      ];
    case 'asked':
      return [...turns, runningTurn(id)];
    case 'answered':
      return withLastAnswer(turns, (turn) => ({ ...turn, ...event.change }));
    case 'ended':
      return withLastAnswer(turns, (turn) => withStatus(turn, { status: event.status, error: undefined }));
    case 'failed':
      return withLastAnswer(turns, (turn) => withStatus(turn, { status: 'failed', error: event.error }));
    case 'discarded':
      return turns.at(-1)?.role === 'assistant' ? turns.slice(0, -1) : turns;
    case 'forgotten':
      return turns.map((turn) => (turn.role === 'assistant' ? { ...turn, isForgotten: true } : turn));
    case 'taken-back':
      return turns.slice(0, lastUserIndex(turns));
    case 'begun':
      return [];
  }
}

/** What the user said last, to be said otherwise. */
export function lastDraft(turns: readonly Turn[]): Draft | undefined {
  const turn = turns[lastUserIndex(turns)];
  return turn?.role === 'user' ? { text: turn.text, clips: turn.clips } : undefined;
}

/** The tool calls that wait for an answer before the conversation can go on. */
export function openCalls(turns: readonly Turn[]): AssistantTurn['toolCalls'] {
  const last = turns.at(-1);
  return last?.role === 'assistant' && last.status === 'done' ? last.toolCalls : [];
}

function lastUserIndex(turns: readonly Turn[]): number {
  return Math.max(
    0,
    turns.findLastIndex(({ role }) => role === 'user'),
  );
}

function withLastAnswer(
  turns: readonly Turn[],
  change: (turn: AssistantTurn) => AssistantTurn,
): readonly Turn[] {
  const last = turns.at(-1);
  return last?.role === 'assistant' ? [...turns.slice(0, -1), change(last)] : turns;
}

function withStatus(content: AnswerContent, status: AnswerStatus): AssistantTurn {
  return { ...content, ...status };
}

function runningTurn(id: number): AssistantTurn {
  return {
    role: 'assistant',
    id,
    status: 'running',
    text: '',
    isSpoken: false,
    audio: undefined,
    toolCalls: [],
    finishReason: undefined,
    usage: undefined,
    request: undefined,
    response: undefined,
    requestId: undefined,
    isForgotten: false,
  };
}
