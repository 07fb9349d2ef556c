import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { CliError, UsageError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { withProgress } from '../progress.ts';
import { callServer, requireRunningServer } from '../running-server.ts';

const FORMATS = ['wav', 'mp3', 'opus', 'aac', 'flac', 'pcm'];
/** RFC 5334: what holds Opus ends in .ogg as well. */
const OTHER_ENDINGS: ReadonlyMap<string, string> = new Map([
  ['ogg', 'opus'],
  ['oga', 'opus'],
]);

export const say = defineCommand({
  name: 'say',
  argument: { name: 'text', description: 'What to speak.' },
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'file',
      description: 'Where to. Default: speech.wav; - for standard output.',
    },
    voice: { type: 'string', value: 'name', description: 'Default: alloy.' },
    speed: { type: 'string', value: 'factor', description: '0.25 to 4. Default: 1.' },
    format: {
      type: 'string',
      value: 'name',
      description: `${FORMATS.join(', ')}. Default: that of the file's ending.`,
    },
    model: { type: 'string', value: 'name', description: 'The deployment. Default: tts-1.' },
  },
  run: async ({ options, argument }) => {
    const format = formatOf(options);
    const speed = Number(options.speed ?? 1);
    if (!Number.isFinite(speed))
      throw new UsageError(`--speed must be a number such as 1.25, not "${options.speed}"`);
    const target = await requireRunningServer();
    const request = {
      model: options.model ?? 'tts-1',
      input: argument,
      voice: options.voice ?? 'alloy',
      speed,
    };
    const response = await withProgress(
      'Speaking',
      callServer(target, '/v1/audio/speech', {
        body: JSON.stringify({ ...request, response_format: format }),
        headers: { 'content-type': 'application/json' },
      }),
    );
    const audio = await bytesOf(response);
    const output = options.output ?? `speech.${format}`;
    if (output === '-') process.stdout.write(audio);
    else await save(output, audio);
    console.error(output === '-' ? `${audio.length} bytes` : `${output}: ${audio.length} bytes`);
  },
});

function formatOf({ format, output }: { readonly format?: string; readonly output?: string }): string {
  const ending = extname(output ?? '')
    .slice(1)
    .toLowerCase();
  const wanted = format ?? OTHER_ENDINGS.get(ending) ?? (ending || 'wav');
  if (FORMATS.includes(wanted)) return wanted;
  throw new UsageError(
    format === undefined
      ? `the ending .${ending} is no format of samtal say. Use ${FORMATS.join(', ')}, or add --format`
      : `--format must be one of ${FORMATS.join(', ')}, not "${format}"`,
  );
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new CliError('the server broke off while it spoke; its log says why', { cause: error });
  }
}

async function save(path: string, audio: Uint8Array): Promise<void> {
  try {
    await writeFile(path, audio);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`the file ${path} can not be written: ${reason}`, { cause: error });
  }
}
