import { expect, test } from 'vitest';
import { Rig } from './rig.ts';
import { TestResponder } from './test-responder.ts';

const REPLY = new TestResponder({ words: ['Hello', ' there.'] });

test('a client that asked is told where the time of a turn went, in the order of the moments', async () => {
  await using rig = new Rig({ responder: REPLY, isTraced: true });
  await rig.say('How are you?');
  await rig.readUntil('response-end');
  const marks = rig.of('trace-mark').map(({ mark }) => mark);
  expect(marks.slice(0, 3)).toEqual(['speech-end', 'endpoint', 'transcript']);
  expect(marks.slice(3).toSorted()).toEqual(['first-audio', 'first-token', 'model-start', 'response-end']);
  expect(rig.of('trace-mark')[0]?.of).toEqual({ itemId: rig.of('speech-end')[0]?.itemId });
});

test('speech ended as long before its end was known as the audio says', async () => {
  await using rig = new Rig({ responder: REPLY, isTraced: true });
  await rig.say('How are you?');
  await rig.readUntil('response-end');
  const [end, endpoint] = rig.of('trace-mark');
  expect([end?.mark, endpoint?.mark]).toEqual(['speech-end', 'endpoint']);
  // The rig sends 300 ms of silence in one piece.
  expect((endpoint?.atMs ?? 0) - (end?.atMs ?? 0)).toBe(300);
});

test('the detector is told of at most every 60 ms of audio, with the threshold that it is held against', async () => {
  await using rig = new Rig({ responder: REPLY, isTraced: true });
  await rig.say('How are you?');
  await rig.readUntil('response-end');
  const scores = rig.of('trace-score');
  const steps = scores.slice(1).map(({ audioMs }, index) => audioMs - (scores[index]?.audioMs ?? 0));
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(60);
  expect(scores.some(({ isSpeech, score, threshold }) => isSpeech && score >= threshold)).toBe(true);
});

test('a client that did not ask is told nothing of it', async () => {
  await using rig = new Rig({ responder: REPLY });
  await rig.say('How are you?');
  await rig.readUntil('response-end');
  expect(rig.types().filter((type) => type.startsWith('trace'))).toEqual([]);
});
