import type { GenerateEvent, GenerateRequest } from '../../engine/language-model.ts';
import { OVER } from '../../util/abort.ts';
import { Channel } from '../../util/channel.ts';
import { EngineError } from '../../util/errors.ts';
import type { TokenSequence } from './llama-runtime.ts';
import type { LoadedLlama } from './loaded-llama.ts';
import { NAME } from './model-file.ts';
import { Pace, paced } from './paced-sequence.ts';
import { ReplyEvents } from './reply-events.ts';
import { planReply, type ReplyPlan } from './reply-plan.ts';

/** Read of a prompt in one go, between which it is seen that nobody wants the reply any more. */
const PROMPT_STEP_TOKENS = 128;
/** Events that wait for their reader. */
const EVENTS_AHEAD = 8;

/**
 * Has the model write one reply, in the idle sequence that knows most of the conversation.
 * @throws {EngineError} `unsupported` for what can not be kept, `too-long` for a conversation.
 */
export async function* writeReply(
  llama: LoadedLlama,
  request: GenerateRequest,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent, void, void> {
  const plan = await planReply(llama, request);
  const sequence = llama.sequences.take(plan.prompt);
  if (!sequence) throw new EngineError(NAME, 'busy', 'No sequence of the model is idle.');
  try {
    const before = sequence.tokenMeter.getState().usedInputTokens;
    await readPrompt(sequence, plan.prompt, signal);
    const readTokens = sequence.tokenMeter.getState().usedInputTokens - before;
    yield* write(llama, { plan, sequence, readTokens }, signal);
  } finally {
    llama.sequences.giveBack(sequence);
  }
}

/** All of the prompt but its last token, from which the reply is written. */
async function readPrompt(
  sequence: TokenSequence,
  prompt: readonly number[],
  signal: AbortSignal,
): Promise<void> {
  const read = prompt.slice(0, -1);
  await sequence.adaptStateToTokens(read, false);
  for (let at = sequence.contextTokens.length; at < read.length; at += PROMPT_STEP_TOKENS) {
    signal.throwIfAborted();
    await sequence.evaluateWithoutGeneratingNewTokens(read.slice(at, at + PROMPT_STEP_TOKENS));
  }
}

interface Writing {
  readonly plan: ReplyPlan;
  readonly sequence: TokenSequence;
  /** What of the prompt was not in the sequence yet, without its last token. */
  readonly readTokens: number;
}

async function* write(
  { runtime }: LoadedLlama,
  { plan, sequence, readTokens }: Writing,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent, void, void> {
  const { history, wrapper, prompt, options } = plan;
  const events = new Channel<GenerateEvent>(EVENTS_AHEAD);
  const reply = new ReplyEvents({
    tell: (event) => events.post(event),
    tools: Object.keys(options.functions ?? {}),
    isJson: options.grammar !== undefined,
  });
  const leave = new AbortController();
  const either = AbortSignal.any([signal, leave.signal]);
  const pace = new Pace(() => events.size < EVENTS_AHEAD, either);
  const contextSequence = paced(sequence, async () => await pace.room());
  const chat = new runtime.LlamaChat({ contextSequence, chatWrapper: wrapper });
  const before = sequence.tokenMeter.getState().usedOutputTokens;
  const { onResponseChunk, onFunctionCallParamsChunk, onFunctionCall } = reply;
  const calls = options.functions && { onFunctionCallParamsChunk, onFunctionCall };
  const writing = chat
    .generateResponse(history, { ...options, ...calls, onResponseChunk, signal: either })
    .then((response) => {
      const reason = reply.finish(response);
      const outputTokens = sequence.tokenMeter.getState().usedOutputTokens - before;
      const usage = {
        inputTokens: prompt.length,
        outputTokens,
        cachedInputTokens: prompt.length - 1 - readTokens,
        reasoningTokens: reply.reasoningTokens,
      };
      events.post({ type: 'finish', reason, usage });
      events.close();
    })
    .catch((error: unknown) => events.fail(error));
  try {
    for await (const event of events) {
      pace.go();
      yield event;
    }
  } finally {
    leave.abort(OVER);
    await writing;
    chat.dispose();
  }
}
