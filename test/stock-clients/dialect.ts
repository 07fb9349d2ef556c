/** What the scenarios ask of a session or of a response, in no dialect's words. */
export interface Wishes {
  readonly output?: 'text' | 'audio';
  readonly format?: 'pcm' | 'ulaw' | 'alaw';
  readonly transcription?: true;
  /** `null` for turns that the client ends itself. */
  readonly turnDetection?: { readonly type: string; readonly [key: string]: unknown } | null;
  readonly tools?: readonly object[];
}

/** How the scenarios speak with a client of one revision. */
export interface Dialect {
  readonly itemCreated: string;
  readonly textDelta: string;
  readonly audioDelta: string;
  readonly transcriptDelta: string;
  readonly session: (wishes: Wishes) => Readonly<Record<string, unknown>>;
  readonly response: (wishes: Pick<Wishes, 'output'>) => Readonly<Record<string, unknown>>;
  readonly transcription: {
    readonly update: string;
    readonly updated: string;
    readonly session: (wishes: Wishes) => Readonly<Record<string, unknown>>;
  };
}

const TRANSCRIPTION = { model: 'whisper-1' };

const PREVIEW_FORMATS = { pcm: 'pcm16', ulaw: 'g711_ulaw', alaw: 'g711_alaw' };

export const preview: Dialect = {
  itemCreated: 'conversation.item.created',
  textDelta: 'response.text.delta',
  audioDelta: 'response.audio.delta',
  transcriptDelta: 'response.audio_transcript.delta',
  session: (wishes) => ({
    ...previewInput(wishes),
    ...(wishes.output && { modalities: previewModalities(wishes.output) }),
    ...(wishes.format && { output_audio_format: PREVIEW_FORMATS[wishes.format] }),
    ...(wishes.tools && { tools: wishes.tools }),
  }),
  response: ({ output }) => (output ? { modalities: previewModalities(output) } : {}),
  transcription: {
    update: 'transcription_session.update',
    updated: 'transcription_session.updated',
    session: previewInput,
  },
};

function previewInput({ format, transcription, turnDetection }: Wishes): Record<string, unknown> {
  return {
    ...(format && { input_audio_format: PREVIEW_FORMATS[format] }),
    ...(transcription && { input_audio_transcription: TRANSCRIPTION }),
    ...(turnDetection !== undefined && { turn_detection: turnDetection }),
  };
}

function previewModalities(output: 'text' | 'audio'): readonly string[] {
  return output === 'audio' ? ['text', 'audio'] : ['text'];
}

const GA_FORMATS = {
  pcm: { type: 'audio/pcm', rate: 24_000 },
  ulaw: { type: 'audio/pcmu' },
  alaw: { type: 'audio/pcma' },
};

export const ga: Dialect = {
  itemCreated: 'conversation.item.added',
  textDelta: 'response.output_text.delta',
  audioDelta: 'response.output_audio.delta',
  transcriptDelta: 'response.output_audio_transcript.delta',
  session: (wishes) => ({
    type: 'realtime',
    ...(wishes.output && { output_modalities: [wishes.output] }),
    ...(wishes.tools && { tools: wishes.tools }),
    audio: {
      input: gaInput(wishes),
      output: wishes.format ? { format: GA_FORMATS[wishes.format] } : {},
    },
  }),
  response: ({ output }) => (output ? { output_modalities: [output] } : {}),
  transcription: {
    update: 'session.update',
    updated: 'session.updated',
    session: (wishes) => ({ type: 'transcription', audio: { input: gaInput(wishes) } }),
  },
};

function gaInput({ format, transcription, turnDetection }: Wishes): Record<string, unknown> {
  return {
    ...(format && { format: GA_FORMATS[format] }),
    ...(transcription && { transcription: TRANSCRIPTION }),
    ...(turnDetection !== undefined && { turn_detection: turnDetection }),
  };
}
