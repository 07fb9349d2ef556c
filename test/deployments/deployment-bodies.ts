import { expect } from 'vitest';

/** The least that makes a deployment. */
export const TALK = { properties: { model: { name: 'gpt-audio' } } };

export function withSamtal(samtal: object, model = 'gpt-audio') {
  return { properties: { model: { name: model }, samtal } };
}

export function samtalOf(answer: {
  readonly body: Readonly<Record<string, unknown>>;
}): Record<string, unknown> {
  const { samtal } = answer.body['properties'] as { readonly samtal: Record<string, unknown> };
  return samtal;
}

/** An error of the management plane; any message will do unless one is given. */
export function fault(code: string, message: unknown = expect.any(String), target?: string) {
  return { error: { code, message, ...(target !== undefined && { target }) } };
}
