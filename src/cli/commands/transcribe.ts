import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { CliError, UsageError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { withProgress } from '../progress.ts';
import { callServer, requireRunningServer } from '../running-server.ts';

const FORMATS = ['text', 'json', 'verbose_json', 'srt', 'vtt'];

export const transcribe = defineCommand({
  name: 'transcribe',
  argument: { name: 'file', description: 'A sound file: wav, mp3, m4a, ogg, flac and others.' },
  options: {
    language: {
      type: 'string',
      value: 'code',
      description: 'What is spoken, such as en. Default: found out.',
    },
    format: { type: 'string', value: 'name', description: `${FORMATS.join(', ')}. Default: text.` },
    model: { type: 'string', value: 'name', description: 'The deployment. Default: whisper-1.' },
  },
  run: async ({ options, argument }) => {
    const format = options.format ?? 'text';
    if (!FORMATS.includes(format))
      throw new UsageError(`--format must be one of ${FORMATS.join(', ')}, not "${format}"`);
    const file = await openFile(argument);
    const target = await requireRunningServer();
    const form = new FormData();
    form.set('model', options.model ?? 'whisper-1');
    form.set('response_format', format);
    if (options.language) form.set('language', options.language);
    form.set('file', file, basename(argument));
    const response = await withProgress(
      'Listening',
      callServer(target, '/v1/audio/transcriptions', { body: form }),
    );
    console.log((await response.text()).trimEnd());
  },
});

async function openFile(path: string): Promise<Blob> {
  try {
    if ((await stat(path)).isDirectory()) throw new CliError(`${path} is a folder; name a sound file in it`);
    return await openAsBlob(path);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`the file ${path} can not be read; is the path right?`, { cause: error });
  }
}
