import { readFile } from 'node:fs/promises';
import type {
  FinishReason,
  GenerateEvent,
  GenerateRequest,
  LanguageModel,
} from '../../engine/language-model.ts';
import { countRequestTokens, countTokens } from '../../engine/token-count.ts';
import { type Clock, pause, systemClock } from '../../util/clock.ts';
import { EngineError } from '../../util/errors.ts';
import defaultScript from './default-script.json' with { type: 'json' };
import { type PlannedReply, planReply } from './plan-reply.ts';
import { parseScript, type Script, type ScriptSource } from './script.ts';

export interface ScriptedOptions {
  /** The path of a JSON file, or what such a file holds. Without it the model says that it is none. */
  readonly script?: string | ScriptSource | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * A language model that answers from a script: the same conversation always gets the same reply. For
 * testing voice apps, and for telling a newcomer that no other model is connected.
 * @throws {EngineError} `unavailable` when the script can not be read, saying where its fault is.
 */
export async function scripted(options: ScriptedOptions = {}): Promise<LanguageModel> {
  const script = await loadScript(options.script ?? defaultScript);
  const clock = options.clock ?? systemClock;
  return {
    name: 'scripted',
    generate: (request, { signal }) => generate(script, request, { clock, signal }),
  };
}

interface Pacing {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const ARGUMENT_PIECE = 12;
/** A word with the space before it; a very long one comes in parts. */
const PIECE = /\s*\S{1,40}|\s+$/gu;

async function loadScript(script: string | ScriptSource): Promise<Script> {
  if (typeof script !== 'string') return parseScript(script);
  try {
    return parseScript(await readFile(script, 'utf8'), script);
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError('scripted', 'unavailable', `The script ${script} can not be read.`, cause);
  }
}

async function* generate(
  script: Script,
  request: GenerateRequest,
  pacing: Pacing,
): AsyncGenerator<GenerateEvent, void, void> {
  pacing.signal.throwIfAborted();
  const planned = planReply(script, request);
  const delay = planned.reply.delay ?? script.delay;
  const inputTokens = await countRequestTokens(request);
  await pause(delay?.firstTokenMs ?? 0, pacing);
  const { words, isCut } = await withinTokens(planned, request);
  let said = 0;
  for (const word of words) {
    if (said === planned.reply.fail?.afterWords) break;
    await pause(said === 0 ? 0 : (delay?.perWordMs ?? 0), pacing);
    said += 1;
    yield { type: 'text-delta', delta: word };
  }
  if (planned.reply.fail)
    throw new EngineError('scripted', planned.reply.fail.reason, planned.reply.fail.message);
  for (const event of callEvents(planned)) {
    pacing.signal.throwIfAborted();
    yield event;
  }
  const outputTokens = await countTokens(words.join('') + planned.calls.map(toText).join(''));
  pacing.signal.throwIfAborted();
  yield { type: 'finish', reason: finishReason(planned, isCut), usage: { inputTokens, outputTokens } };
}

function* callEvents({ calls }: PlannedReply): Generator<GenerateEvent> {
  for (const { callId, name, arguments: json } of calls) {
    yield { type: 'tool-call-start', callId, name };
    for (let start = 0; start < json.length; start += ARGUMENT_PIECE) {
      yield { type: 'tool-call-delta', callId, delta: json.slice(start, start + ARGUMENT_PIECE) };
    }
    yield { type: 'tool-call-end', callId };
  }
}

/** The words of the text that fit the limit of the request and of the script, each with the space before it. */
async function withinTokens(
  { text, reply }: PlannedReply,
  { sampling }: GenerateRequest,
): Promise<{ readonly words: readonly string[]; readonly isCut: boolean }> {
  const all = text.match(PIECE) ?? [];
  let left = Math.min(sampling.maxOutputTokens ?? Infinity, reply.maxOutputTokens ?? Infinity);
  if (left === Infinity) return { words: all, isCut: false };
  const words: string[] = [];
  for (const word of all) {
    const tokens = await countTokens(word);
    if (tokens > left) return { words: [...words, ...(await beginning(word, left))], isCut: true };
    left -= tokens;
    words.push(word);
  }
  return { words, isCut: false };
}

/** As much of one word as `tokens` hold, or nothing. */
async function beginning(word: string, tokens: number): Promise<string[]> {
  const characters = Array.from(word);
  while (characters.length > 0 && (await countTokens(characters.join(''))) > tokens) characters.pop();
  return characters.join('').trim() === '' ? [] : [characters.join('')];
}

function finishReason({ reply, calls }: PlannedReply, isCut: boolean): FinishReason {
  if (isCut) return 'length';
  return calls.length > 0 ? 'tool-calls' : (reply.finish ?? 'stop');
}

function toText(call: { readonly name: string; readonly arguments: string }): string {
  return call.name + call.arguments;
}
