import { expect, test } from 'vitest';
import { createDialect, defaultSessionConfig } from '../../src/wire/realtime/index.ts';
import { sampleEvents } from '../../src/wire/realtime/testing/sample-events.ts';
import { checkServerEvent, hasSchemas } from '../support/realtime-contract.ts';

const dialects = (['preview', 'ga'] as const).map((name) => ({
  name,
  dialect: createDialect(name, { defaults: defaultSessionConfig(name), newId: (prefix) => `${prefix}1` }),
  // What is told to clients that ask for it in our own words is published by nobody.
  samples: Object.entries(sampleEvents(name))
    .filter(([type]) => !type.startsWith('trace-'))
    .map(([type, events]) => ({ type, events })),
}));

for (const { name, dialect, samples } of dialects) {
  test.for(samples)(`${name} tells $type as it is published`, ({ events }) => {
    const told = events.flatMap((event) => dialect.encode(event));
    for (const event of told) checkServerEvent(name, event);
    expect(told.every((event) => event.event_id === 'event_1')).toBe(true);
  });

  test(`${name} tells rate limits as they are published`, () => {
    const limits = [{ name: 'tokens', limit: 50_000, remaining: 49_950, resetSeconds: 0.5 }] as const;
    checkServerEvent(name, dialect.encodeRateLimits(limits));
  });
}

test.runIf(hasSchemas)('a key of the other dialect is noticed', () => {
  const event = { type: 'input_audio_buffer.cleared', event_id: 'event_1' };
  checkServerEvent('preview', event);
  expect(() => checkServerEvent('preview', { ...event, usage: null })).toThrow('usage');
  expect(() => checkServerEvent('preview', { type: 'input_audio_buffer.cleared' })).toThrow('event_id');
  expect(() => checkServerEvent('preview', { ...event, type: 'conversation.item.done' })).toThrow(
    'no server event',
  );
});
