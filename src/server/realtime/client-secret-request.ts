import { z } from 'zod';
import type { SessionConfig } from '../../realtime/session-config.ts';
import { ApiError } from '../../util/errors.ts';
import type { DialectName, WireObject } from '../../wire/realtime/index.ts';
import { decodeWith } from '../../wire/validation.ts';

/** What a secret is asked for. */
export interface ClientSecretRequest {
  readonly dialect: DialectName;
  readonly purpose: SessionConfig['purpose'];
  readonly model: string | undefined;
  /** The session as the client wrote it, and its place in the body. */
  readonly session: WireObject;
  readonly at: string;
  readonly lifetimeSeconds: number;
}

const PREVIEW_LIFETIME_SECONDS = 60;
const DEFAULT_LIFETIME_SECONDS = 600;

const model = z.string().min(1).nullish();

const bodySchema = z.looseObject({
  expires_after: z
    .looseObject({
      anchor: z.literal('created_at').nullish(),
      seconds: z.int().min(10).max(7200).nullish(),
    })
    .nullish(),
  session: z.looseObject({ type: z.enum(['realtime', 'transcription']).nullish(), model }).nullish(),
});

/** @throws {ApiError} for a body that is no request. */
export function readClientSecretRequest(body: unknown): ClientSecretRequest {
  const decoded = decodeWith(bodySchema, body ?? {});
  if (!decoded.ok) throw decoded.error;
  const { expires_after, session } = decoded.value;
  return {
    dialect: 'ga',
    purpose: session?.type === 'transcription' ? 'transcription' : 'conversation',
    model: session?.model ?? undefined,
    session: session ?? {},
    at: 'session',
    lifetimeSeconds: expires_after?.seconds ?? DEFAULT_LIFETIME_SECONDS,
  };
}

/** @throws {ApiError} for a body that is no session, or a conversation without a model. */
export function readPreviewSessionRequest(
  body: unknown,
  purpose: SessionConfig['purpose'],
): ClientSecretRequest {
  const decoded = decodeWith(z.looseObject({ model }), body ?? {});
  if (!decoded.ok) throw decoded.error;
  const session = decoded.value;
  if (purpose === 'conversation' && !session.model) {
    throw new ApiError('missing-parameter', 'you must provide a model parameter', { param: 'model' });
  }
  return {
    dialect: 'preview',
    purpose,
    model: session.model ?? undefined,
    session,
    at: '',
    lifetimeSeconds: PREVIEW_LIFETIME_SECONDS,
  };
}
