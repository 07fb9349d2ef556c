import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Codecs } from '../../audio/codecs/codec-pool.ts';
import { toFormObject } from '../../wire/audio/form-object.ts';
import {
  decodeSpeechRequest,
  decodeVoice,
  SPEECH_CONTENT_TYPES,
  type SpeechRequest,
} from '../../wire/audio/speech-request.ts';
import { notFor } from '../audio/operation-not-supported.ts';
import { FORM_OPTIONS, readForm } from '../audio/read-form.ts';
import { sendBytes } from '../audio/send-bytes.ts';
import { type SpeechCall, speechEvents, speechFile } from '../audio/speech.ts';
import type { Deployment, Deployments } from '../deployment.ts';
import { noticeTo } from '../notice-to.ts';
import { sendEvents } from './event-stream.ts';
import { addressForms } from './paths.ts';

export interface AudioSpeechRouteOptions {
  readonly deployments: Deployments;
  readonly codecs: Codecs;
}

/** `POST …/audio/speech` in each address form: JSON as the SDKs send it, or a form as Azure's specification says. */
export async function audioSpeechRoute(
  app: FastifyInstance,
  { deployments, codecs }: AudioSpeechRouteOptions,
): Promise<void> {
  await app.register(async (scope) => {
    await scope.register(multipart, FORM_OPTIONS);
    for (const path of addressForms('/audio/speech')) {
      scope.post(path, async (request, reply) => {
        const { address } = request;
        // A deployment that is not there is the answer whatever the body says.
        if (address.deployment !== undefined) deployments.resolve(address, undefined);
        const decoded = decodeSpeechRequest(await readBody(request, reply));
        if (!decoded.ok) throw decoded.error;
        const deployment = deployments.resolve(address, decoded.value.model);
        const call = { ...toCall(decoded.value, deployment, codecs), onNotice: noticeTo(reply) };
        return await answer(reply, call, request.gone.signal);
      });
    }
  });
}

async function readBody(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (!request.isMultipart()) return request.body;
  const { fields } = await readForm(request, reply);
  return toFormObject(fields, { numbers: ['speed'] });
}

function toCall(
  request: SpeechRequest,
  deployment: Deployment,
  codecs: Codecs,
): Omit<SpeechCall, 'onNotice'> {
  const { synthesizer } = deployment;
  if (!synthesizer)
    throw notFor('audioSpeech', deployment, 'It has no voice: `samtal doctor` shows how to give it one.');
  const voice = decodeVoice(request.voice, synthesizer.voices);
  if (!voice.ok) throw voice.error;
  return { request, synthesizer, codecs };
}

async function answer(reply: FastifyReply, call: SpeechCall, signal: AbortSignal): Promise<FastifyReply> {
  if (call.request.streamFormat === 'sse') return await sendEvents(reply, speechEvents(call, signal));
  return await sendBytes(reply, speechFile(call, signal), SPEECH_CONTENT_TYPES[call.request.format]);
}
