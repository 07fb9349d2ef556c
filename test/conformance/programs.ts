import { spawn, spawnSync } from 'node:child_process';

/** Whether `program` can be run here; else a note of what is left out. */
export function hasProgram(program: string, leavesOut: string): boolean {
  const isThere = spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
  if (!isThere) console.warn(`Left out, as ${program} is not installed: ${leavesOut}`);
  return isThere;
}

/** What `program` writes when it is given `input`. Rejects when it ends badly or complains. */
export async function pipeThrough(
  program: string,
  words: readonly string[],
  input: Uint8Array,
): Promise<Buffer> {
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  // A program that has read enough closes its input; its exit code tells the rest.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const output = Array.fromAsync(child.stdout as AsyncIterable<Buffer>);
  const complaints = Array.fromAsync(child.stderr as AsyncIterable<Buffer>);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const complaint = Buffer.concat(await complaints).toString();
  if (code !== 0 || complaint !== '') throw new Error(`${program} ended with ${code}: ${complaint}`);
  return Buffer.concat(await output);
}

/** `input` in the format that `words` ask ffmpeg for. */
export async function ffmpeg(input: Uint8Array, ...words: readonly string[]): Promise<Buffer> {
  return await pipeThrough('ffmpeg', ['-v', 'error', '-i', 'pipe:0', ...words, 'pipe:1'], input);
}

export async function sox(input: Uint8Array, ...words: readonly string[]): Promise<Buffer> {
  return await pipeThrough('sox', ['-V1', '-t', 'wav', '-', ...words, '-'], input);
}
