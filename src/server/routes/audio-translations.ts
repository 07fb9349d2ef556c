import type { FastifyInstance } from 'fastify';
import { decodeTranslationRequest } from '../../wire/audio/transcription-request.ts';
import { notFor } from '../audio/operation-not-supported.ts';
import type { Deployments } from '../deployment.ts';
import type { ReadUpload } from './audio-uploads.ts';
import { addressForms } from './paths.ts';

/** `POST …/audio/translations` in each address form: refused, as no recognizer here translates. */
export function audioTranslationsRoute(
  scope: FastifyInstance,
  read: ReadUpload,
  { deployments }: { readonly deployments: Deployments },
): void {
  for (const path of addressForms('/audio/translations')) {
    scope.post(path, async (request, reply) => {
      const { address } = request;
      if (address.deployment !== undefined) throw notTranslated(deployments.resolve(address, undefined));
      const decoded = decodeTranslationRequest((await read(request, reply)).fields);
      if (!decoded.ok) throw decoded.error;
      throw notTranslated(deployments.resolve(address, decoded.value.model));
    });
  }
}

function notTranslated(deployment: ReturnType<Deployments['resolve']>): Error {
  const remedy =
    'Transcribe the recording with /audio/transcriptions and ask a chat model to translate the text.';
  return notFor('audioTranslation', deployment, remedy);
}
