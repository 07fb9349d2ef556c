import { z } from 'zod';
import type { ToolChoice } from '../../engine/language-model.ts';
import type { InputTranscription, SessionConfig, TurnDetection } from '../../realtime/session-config.ts';
import { decimal, refusal } from './judge.ts';

/**
 * A session as a client writes it, in the core's words: what is left out stays as it is, and `null` sets it
 * back to its default. Each dialect's schema reads its own spelling to this.
 */
export interface SessionFields extends ReplyFields {
  readonly purpose?: SessionConfig['purpose'] | undefined;
  readonly speed?: number | null | undefined;
  readonly inputFormat?: SessionConfig['inputFormat'] | null | undefined;
  readonly transcription?: InputTranscription | null | undefined;
  readonly noiseReduction?: SessionConfig['noiseReduction'] | null | undefined;
  readonly turnDetection?: TurnDetection | null | undefined;
  readonly truncation?: SessionConfig['truncation'] | null | undefined;
  readonly echo?: SessionConfig['echo'] | undefined;
}

/** What a session says of its replies, and one response differently. */
export interface ReplyFields {
  readonly instructions?: string | null | undefined;
  readonly modality?: SessionConfig['modality'] | null | undefined;
  readonly voice?: string | null | undefined;
  readonly outputFormat?: SessionConfig['outputFormat'] | null | undefined;
  readonly tools?: SessionConfig['tools'] | null | undefined;
  readonly toolChoice?: ToolChoice | null | undefined;
  readonly parallelToolCalls?: boolean | null | undefined;
  readonly temperature?: number | null | undefined;
  readonly maxOutputTokens?: number | 'inf' | null | undefined;
}

export const maxTokens = z.union([z.int().min(1).max(4096), z.literal('inf')]);
export const speed = decimal(0.25, 1.5);

export const noiseReduction = z
  .strictObject({ type: z.enum(['near_field', 'far_field']) })
  .transform(({ type }) => (type === 'near_field' ? 'near-field' : 'far-field'));

/** Loose: services and their models have had many fields here, each a hint that may be left unheard. */
export const transcription = z
  .looseObject({
    model: z.string().min(1).nullish(),
    language: z.string().nullish(),
    languages: z.array(z.string()).nullish(),
    prompt: z.string().nullish(),
  })
  .transform(
    ({ model, language, languages, prompt }): InputTranscription => ({
      model: model ?? undefined,
      language: language || (languages?.length === 1 ? languages[0] : undefined),
      prompt: prompt || undefined,
    }),
  );

/** Longer stretches than any turn needs would only be held in memory. */
const longestMs = 60_000;

export const turnDetectionFields = {
  type: z.enum(['server_vad', 'semantic_vad', 'none']).nullish(),
  threshold: decimal(0, 1).nullish(),
  prefix_padding_ms: z.int().min(0).max(longestMs).nullish(),
  silence_duration_ms: z.int().min(0).max(longestMs).nullish(),
  eagerness: z.enum(['low', 'medium', 'high', 'auto']).nullish(),
  create_response: z.boolean().nullish(),
  interrupt_response: z.boolean().nullish(),
};

export interface WireTurnDetection extends z.infer<z.ZodObject<typeof turnDetectionFields>> {
  readonly idle_timeout_ms?: number | null | undefined;
}

const FIELDS_OF_SERVER_VAD = [
  'threshold',
  'prefix_padding_ms',
  'silence_duration_ms',
  'idle_timeout_ms',
] as const;

/**
 * What is left out becomes its default, not what it was before; `none` is what others write as `null`. What
 * would change nothing, as it is for the other way to find turns, is refused.
 */
export function toTurnDetection(
  wire: WireTurnDetection,
  context: z.core.$RefinementCtx,
): TurnDetection | null {
  const isSemantic = wire.type === 'semantic_vad';
  const misplaced = (isSemantic ? FIELDS_OF_SERVER_VAD : (['eagerness'] as const)).find(
    (field) => (wire[field] ?? null) !== null,
  );
  if (misplaced === undefined || wire.type === 'none') return turnDetectionOf(wire);
  const message = `'${misplaced}' is only for turn detection of type '${isSemantic ? 'server_vad' : 'semantic_vad'}'.`;
  context.issues.push(refusal('invalid_value', message, [misplaced]));
  return z.NEVER;
}

function turnDetectionOf(wire: WireTurnDetection): TurnDetection | null {
  const createResponse = wire.create_response ?? true;
  const interruptResponse = wire.interrupt_response ?? true;
  if (wire.type === 'none') return null;
  if (wire.type === 'semantic_vad') {
    return { type: 'semantic-vad', eagerness: wire.eagerness ?? 'auto', createResponse, interruptResponse };
  }
  return {
    type: 'server-vad',
    threshold: wire.threshold ?? 0.5,
    prefixPaddingMs: wire.prefix_padding_ms ?? 300,
    silenceDurationMs: wire.silence_duration_ms ?? 200,
    idleTimeoutMs: wire.idle_timeout_ms ?? undefined,
    createResponse,
    interruptResponse,
  };
}

const functionName = z
  .string()
  .regex(/^[a-zA-Z0-9_-]{1,64}$/, "expected 1 to 64 of a-z, A-Z, 0-9, '_' and '-'");

const functionTool = z
  .looseObject({
    type: z.literal('function'),
    name: functionName,
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
    strict: z.boolean().nullish(),
  })
  .transform(({ name, description, parameters, strict }) => ({
    name,
    description: description ?? undefined,
    parameters: parameters ?? undefined,
    strict: strict ?? undefined,
  }));

/** Functions alone: an MCP server would have to be called from here. */
export const tools = z.array(z.discriminatedUnion('type', [functionTool])).max(128);

/** `function` holds the name in chat completions' form and in rt-client's (contract 2.2). */
export const toolChoice = z.union([
  z.enum(['auto', 'none', 'required']),
  z
    .looseObject({ type: z.literal('function'), name: z.string().min(1) })
    .transform(({ name }): ToolChoice => ({ name })),
  z
    .looseObject({
      type: z.literal('function'),
      function: z.union([z.string().min(1), z.looseObject({ name: z.string().min(1) })]),
    })
    .transform(
      (wire): ToolChoice => ({
        name: typeof wire.function === 'string' ? wire.function : wire.function.name,
      }),
    ),
]);

/** Stored prompts are a service of the vendor's; their text is not here to be read. */
export const prompt = z.unknown().check(({ value, issues }) => {
  if (value === null || value === undefined) return;
  issues.push(refusal('unsupported_parameter', "Stored prompts are not kept here. Send 'instructions'."));
});

/** All that can be asked for is what no recognizer here gives; nobody is to wait for it. */
export const include = z
  .array(z.enum(['item.input_audio_transcription.logprobs']))
  .check(({ value: [first], issues }) => {
    if (first === undefined) return;
    const message = `The recognizers here give no log probabilities. Leave '${first}' out of 'include'.`;
    issues.push(refusal('unsupported_parameter', message));
  })
  .nullish();

export const tracing = z
  .union([
    z.literal('auto'),
    z.looseObject({
      workflow_name: z.string().nullish(),
      group_id: z.string().nullish(),
      metadata: z.record(z.string(), z.unknown()).nullish(),
    }),
  ])
  .nullish();

/** What a session is told with and can not be changed in: clients send back whole sessions. */
export const readOnlyFields = {
  id: z.unknown().optional(),
  object: z.unknown().optional(),
  expires_at: z.unknown().optional(),
  model: z.string().nullish(),
};

export const metadata = z.record(z.string(), z.string().max(512)).check(({ value, issues }) => {
  const keys = Object.keys(value);
  if (keys.length > 16)
    issues.push(refusal('invalid_value', `Metadata holds at most 16 pairs, not ${keys.length}.`));
  if (keys.some((key) => key.length > 64))
    issues.push(refusal('invalid_value', 'Keys of metadata have at most 64 characters.'));
});

/** What of `fields` the client gave. */
export function echoOf(fields: SessionConfig['echo']): SessionConfig['echo'] {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
