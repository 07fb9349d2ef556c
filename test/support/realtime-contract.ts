import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { closed, type Json } from './contract.ts';
import { sharedFolder } from './shared.ts';

const schemas = sharedFolder(
  'contract/schemas',
  'validation of realtime events against the published schemas',
);

/** Whether the schemas are at hand; without them the checks below say nothing. */
export const hasSchemas = schemas !== undefined;

interface WireFrame {
  readonly type: string;
  readonly [key: string]: unknown;
}

type DialectName = 'preview' | 'ga';
type Direction = 'client' | 'server';
type Schemas = { readonly [key: string]: Json };

interface Bundle {
  readonly 'x-index': Readonly<Record<Direction, Readonly<Record<string, string>>>>;
  readonly $defs: Schemas;
}

/**
 * Checks a server event against its published schema: what must be there, the types, and that no key is there
 * which is neither published nor among the few that are known to be sent. Says nothing without the schemas.
 */
export function checkServerEvent(dialect: DialectName, event: WireFrame): void {
  checkEvent({ dialect, direction: 'server' }, event);
}

/** Checks a client event likewise, for tests that send them. */
export function checkClientEvent(dialect: DialectName, event: WireFrame): void {
  checkEvent({ dialect, direction: 'client' }, event);
}

interface Side {
  readonly dialect: DialectName;
  readonly direction: Direction;
}

function checkEvent({ dialect, direction }: Side, event: WireFrame): void {
  if (!schemas) return;
  const { type } = event;
  const validate = validatorOf(schemas, { dialect, direction }, type);
  if (validate(event)) return;
  const faults = (validate.errors ?? [])
    .slice(0, 8)
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
  const what = `${direction} event '${type}' of ${dialect}`;
  throw new Error(`Not a ${what}:\n${faults.join('\n')}\n${JSON.stringify(event).slice(0, 800)}`);
}

const opened = new Map<DialectName, { readonly ajv: Ajv2020; readonly index: Bundle['x-index'] }>();

function validatorOf(folder: string, { dialect, direction }: Side, type: string): ValidateFunction {
  const { ajv, index } = opened.get(dialect) ?? open(folder, dialect);
  // Listed only as `.updated`; a session that is created says the same of itself (contract 2.5).
  const listed = type === 'transcription_session.created' ? 'transcription_session.updated' : type;
  const validate = ajv.getSchema(`bundle${index[direction][listed]}`);
  if (!validate) throw new Error(`${dialect} has no ${direction} event '${type}'.`);
  return validate as ValidateFunction;
}

function open(folder: string, dialect: DialectName) {
  const text = readFileSync(join(folder, `realtime-${dialect}.wire.schema.json`), 'utf8');
  const bundle = JSON.parse(text) as Bundle;
  const ajv = new Ajv2020({ strict: false });
  const $defs = closed(amended(bundle.$defs, AMENDMENTS[dialect]), {}) as object;
  ajv.addSchema({ $id: 'bundle', $defs });
  const entry = { ajv, index: bundle['x-index'] };
  opened.set(dialect, entry);
  return entry;
}

/** What to put in place of parts of a schema, by definition and by the way to the part in it. */
type Amendments = Readonly<Record<string, Readonly<Record<string, Json>>>>;

const ANY = {};
const nullableId = { type: ['string', 'null'] };
const sentFailure = { type: 'object', properties: { type: ANY, code: ANY, message: ANY } };
const statusDetails = {
  type: ['object', 'null'],
  properties: { type: { type: 'string' }, reason: { type: 'string' }, error: sentFailure },
};
const format = { enum: ['pcm16', 'g711_ulaw', 'g711_alaw', 'g711-ulaw', 'g711-alaw'] };
const status = { enum: ['in_progress', 'completed', 'incomplete', 'cancelled', 'failed'] };
const include = { type: ['array', 'null'] };

/** What recorded frames have and the published schemas leave out (contract 2.2, 2.4, 3.2, 3.3 and 7.1). */
const AMENDMENTS: Readonly<Record<DialectName, Amendments>> = {
  preview: {
    RealtimeConversationItem: {
      status,
      'content/items/type': { enum: ['input_text', 'input_audio', 'text', 'audio'] },
      'content/items/format': format,
    },
    RealtimeResponse: {
      status,
      status_details: statusDetails,
      output_audio_format: format,
      'usage/input_token_details/cached_tokens_details': { type: 'object' },
    },
    RealtimeSession: {
      object: { const: 'realtime.session' },
      model: { type: 'string' },
      expires_at: { type: 'integer' },
      input_audio_format: format,
      output_audio_format: format,
      tool_choice: { type: ['string', 'object'] },
      speed: { type: 'number' },
      client_secret: { type: 'null' },
      include,
      tracing: ANY,
    },
    RealtimeTranscriptionSessionCreateResponse: {
      id: { type: 'string' },
      object: { const: 'realtime.transcription_session' },
      expires_at: { type: 'integer' },
      input_audio_format: format,
      input_audio_noise_reduction: { type: ['object', 'null'] },
      client_secret: { type: 'null' },
      include,
    },
    RealtimeServerEventInputAudioBufferCommitted: { previous_item_id: nullableId },
    RealtimeServerEventConversationItemCreated: { previous_item_id: nullableId },
    RealtimeServerEventResponseFunctionCallArgumentsDone: { name: { type: 'string' } },
    RealtimeServerEventTranscriptionSessionUpdated: {
      type: { enum: ['transcription_session.created', 'transcription_session.updated'] },
    },
  },
  ga: {
    RealtimeConversationItemMessageUser: { 'content/items/format': format },
    RealtimeConversationItemMessageAssistant: { 'content/items/format': format },
    RealtimeResponse: { status_details: statusDetails },
  },
};

function amended(definitions: Schemas, amendments: Amendments): Schemas {
  const copy = structuredClone(definitions);
  for (const [name, parts] of Object.entries(amendments)) {
    for (const [way, schema] of Object.entries(parts)) {
      const steps = way.split('/');
      const last = steps.pop() ?? '';
      const parent = steps.reduce<Json | undefined>((at, step) => partOf(at, step), copy[name]);
      const properties = propertiesOf(parent);
      if (!properties) throw new Error(`${name} has no ${way}.`);
      properties[last] = schema;
    }
  }
  return copy;
}

function partOf(schema: Json | undefined, step: string): Json | undefined {
  if (step === 'items') return objectOf(schema)?.['items'];
  return propertiesOf(schema)?.[step];
}

function propertiesOf(schema: Json | undefined): Record<string, Json> | undefined {
  return objectOf(schema)?.['properties'] as Record<string, Json> | undefined;
}

/** Of `anyOf: [schema, null]`, the schema. */
function objectOf(schema: Json | undefined): Record<string, Json> | undefined {
  const object = schema as Record<string, Json> | undefined;
  const branches = object?.['anyOf'] as Record<string, Json>[] | undefined;
  return branches?.find((branch) => branch['type'] !== 'null') ?? object;
}
