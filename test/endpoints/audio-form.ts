import { expect } from 'vitest';
import { toneWav } from '../support/tone.ts';

export type Field = readonly [name: string, value: string | Blob, fileName?: string];

export const THREE_SECONDS: Field = ['file', new Blob([toneWav(3.5)]), 'speech.wav'];
export const WHISPER: Field = ['model', 'whisper-1'];

/** Where a form is posted to, and with which key. */
export interface FormTarget {
  readonly url: string;
  readonly key: string;
}

export async function postForm(
  { url, key }: FormTarget,
  fields: readonly Field[],
  path = '/v1/audio/transcriptions',
): Promise<Response> {
  const form = new FormData();
  for (const [name, value, fileName] of fields) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, fileName);
  }
  return await fetch(url + path, { method: 'POST', headers: { 'api-key': key }, body: form });
}

/** The body of an answer that is no refusal. */
export async function jsonOf(response: Response): Promise<Record<string, unknown>> {
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}
