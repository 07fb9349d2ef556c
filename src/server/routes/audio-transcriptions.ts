import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Codecs } from '../../audio/codecs/codec-pool.ts';
import { ApiError } from '../../util/errors.ts';
import { toSrt, toVtt } from '../../wire/audio/subtitles.ts';
import { toTranscriptJson, toVerboseJson } from '../../wire/audio/transcript.ts';
import {
  decodeTranscriptionRequest,
  type TranscriptionRequest,
} from '../../wire/audio/transcription-request.ts';
import { notFor } from '../audio/operation-not-supported.ts';
import type { Form } from '../audio/read-form.ts';
import { type TranscriptionCall, transcribeFile, transcriptionEvents } from '../audio/transcription.ts';
import type { Deployment, Deployments } from '../deployment.ts';
import type { ReadUpload } from './audio-uploads.ts';
import { sendEvents } from './event-stream.ts';
import { addressForms } from './paths.ts';

export interface AudioTranscriptionsRouteOptions {
  readonly deployments: Deployments;
  readonly codecs: Codecs;
  /** The longest recording that is taken. */
  readonly limits: { readonly audioSeconds: number };
}

/** `POST …/audio/transcriptions` in each address form. */
export function audioTranscriptionsRoute(
  scope: FastifyInstance,
  read: ReadUpload,
  options: AudioTranscriptionsRouteOptions,
): void {
  const { deployments } = options;
  for (const path of addressForms('/audio/transcriptions')) {
    scope.post(path, async (request, reply) => {
      const { address } = request;
      // A deployment that is not there is the answer whatever the form says.
      if (address.deployment !== undefined) deployments.resolve(address, undefined);
      const form = await read(request, reply);
      const decoded = decodeTranscriptionRequest(form.fields);
      if (!decoded.ok) throw decoded.error;
      const deployment = deployments.resolve(address, decoded.value.model);
      const call = toCall(decoded.value, { form, deployment, options });
      return await answer(reply, call, request.gone.signal);
    });
  }
}

function toCall(
  request: TranscriptionRequest,
  {
    form,
    deployment,
    options,
  }: {
    readonly form: Form;
    readonly deployment: Deployment;
    readonly options: AudioTranscriptionsRouteOptions;
  },
): TranscriptionCall {
  const { recognizer } = deployment;
  if (!recognizer)
    throw notFor(
      'audioTranscription',
      deployment,
      'It can not hear: `samtal doctor` shows how to give it ears.',
    );
  if (!form.file)
    throw new ApiError('missing-parameter', "Missing required parameter: 'file'.", { param: 'file' });
  const { codecs, limits } = options;
  return { request, file: form.file, recognizer, codecs, maxSeconds: limits.audioSeconds };
}

async function answer(
  reply: FastifyReply,
  call: TranscriptionCall,
  signal: AbortSignal,
): Promise<FastifyReply> {
  const { request } = call;
  if (request.stream) return await sendEvents(reply, transcriptionEvents(call, signal));
  const { transcript, usage } = await transcribeFile(call, signal);
  switch (request.format) {
    case 'json':
      return await reply.send(toTranscriptJson(transcript, usage));
    case 'verbose_json':
      return await reply.send(toVerboseJson(transcript, request));
    case 'text':
      return await sendText(reply, `${transcript.text}\n`);
    case 'srt':
      return await sendText(reply, toSrt(transcript.utterances));
    case 'vtt':
      return await sendText(reply, toVtt(transcript.utterances));
  }
}

async function sendText(reply: FastifyReply, text: string): Promise<FastifyReply> {
  return await reply.header('content-type', 'text/plain; charset=utf-8').send(text);
}
