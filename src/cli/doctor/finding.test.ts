import { expect, test } from 'vitest';
import { EngineInterruption } from '../../util/errors.ts';
import { messageOf } from './finding.ts';

test('of an engine that was interrupted the operator is told what ended it', () => {
  const cause = new Error('A worker of pocketsphinx ended: signal SIGSEGV.');
  expect(messageOf(new EngineInterruption('pocketsphinx', { cause }))).toBe(cause.message);
  expect(messageOf(new Error('Plain.'))).toBe('Plain.');
});
