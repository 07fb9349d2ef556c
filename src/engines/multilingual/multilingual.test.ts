import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { speechSynthesizerConformance } from '../../engine/conformance/speech-synthesizer.ts';
import type {
  SpeechSynthesizer,
  SynthesisEvent,
  SynthesizeOptions,
} from '../../engine/speech-synthesizer.ts';
import { espeak } from '../espeak/espeak.ts';
import { findEspeak } from '../espeak/find-espeak.ts';
import { flite } from '../flite/flite.ts';
import { multilingual } from './multilingual.ts';

const program = await findEspeak();
if (!program) console.warn('multilingual: left out what needs espeak-ng, which is not installed.');

const english = flite();
const narrowEnglish = flite({ workers: 1, waiting: 0 });

beforeAll(async () => {
  await english.warm();
});

afterAll(async () => {
  await english[Symbol.asyncDispose]();
  await narrowEnglish[Symbol.asyncDispose]();
});

describe('multilingual is a speech synthesizer', () => {
  const synthesizer = multilingual({ byDefault: english, others: [] });
  const narrow = multilingual({ byDefault: narrowEnglish, others: [] });
  // The longest text takes seconds, and to speak it is the work of the engine beneath.
  const cases = speechSynthesizerConformance.filter(({ name }) => !name.includes('ten thousand'));

  test.each(cases)('$name', async ({ run }) => {
    await run({ synthesizer, narrow, voice: 'alloy' });
  });
});

test('a language that no engine speaks is refused with its name and the remedy', async () => {
  const speech = speak(multilingual({ byDefault: english, others: [] }), ['Hur mår du idag?']);
  await expect(speech).rejects.toMatchObject({ reason: 'unsupported' });
  await expect(speech).rejects.toThrow(/Swedish \(sv\).*flite.*apt-get install espeak-ng/);
});

describe('a reply that has begun in English', () => {
  const synthesizer = multilingual({ byDefault: english, others: [] });
  const [before, swedish, after] = ['This is how it is said. ', 'Hur mår du idag min vän? ', 'That is all.'];
  const japanese = 'ありがとうございます。';

  test('goes on over a sentence in another language, with one notice', async () => {
    const notices: string[] = [];
    const pieces = [before, swedish, after, swedish];
    const events = await speak(synthesizer, pieces, { onNotice: (notice) => notices.push(notice) });
    expect(spokenOf(events).map(({ text }) => text)).toEqual(pieces);
    const ends = spokenOf(events).map(({ endMs }) => endMs);
    expect((ends[1] ?? 0) - (ends[0] ?? 0)).toBeGreaterThan(500);
    expect(notices).toEqual([
      'A part of the text is in Swedish (sv), which flite can not speak: it is read by the voice of the text before it. espeak-ng speaks about a hundred languages; install it, such as: apt-get install espeak-ng.',
    ]);
  });

  test('leaves out a sentence whose letters its voice does not know, with a notice', async () => {
    const notices: string[] = [];
    const pieces = [before, japanese, after];
    const given: string[] = [];
    const listening = multilingual({ byDefault: noting(english, given), others: [] });
    const events = await speak(listening, pieces, { onNotice: (notice) => notices.push(notice) });
    expect(given).toEqual([before, after]);
    expect(spokenOf(events).map(({ text }) => text)).toEqual(pieces);
    const ends = spokenOf(events).map(({ endMs }) => endMs);
    expect([ends[1] === ends[0], (ends[2] ?? 0) > (ends[1] ?? 0)]).toEqual([true, true]);
    expect(notices).toEqual([
      expect.stringContaining('Japanese (ja), which flite can not speak: it is left out'),
    ]);
  });

  test('is refused where nobody takes notices', async () => {
    await expect(speak(synthesizer, [before, swedish])).rejects.toMatchObject({ reason: 'unsupported' });
  });

  test('is not what a text is that begins in another language', async () => {
    const speech = speak(synthesizer, [swedish, before], { onNotice: () => {} });
    await expect(speech).rejects.toMatchObject({ reason: 'unsupported' });
  });
});

test('a language that is no language is refused too', async () => {
  const speech = speak(multilingual({ byDefault: english, others: [] }), ['Hello.'], { language: '!' });
  await expect(speech).rejects.toThrow(/an unknown language/);
});

test('words of a command line that look like a language of their letters are spoken all the same', async () => {
  const events = await speak(multilingual({ byDefault: english, others: [] }), ['--help -w /tmp/pwn']);
  expect(events.filter(({ type }) => type === 'spoken')).toHaveLength(1);
});

test('a greeting that only hints at another language is spoken all the same', async () => {
  const events = await speak(multilingual({ byDefault: english, others: [] }), [
    'Bonjour! ',
    'How can I help you?',
  ]);
  expect(events.filter(({ type }) => type === 'spoken')).toHaveLength(2);
});

describe.runIf(program)('with espeak', () => {
  async function both(): Promise<SpeechSynthesizer> {
    return multilingual({ byDefault: english, others: [await espeak({ program })] });
  }

  test('it speaks the languages of both', async () => {
    const synthesizer = await both();
    expect(synthesizer.name).toBe('flite+espeak');
    expect(synthesizer.languages).toEqual(expect.arrayContaining(['en', 'sv', 'fr', 'ja']));
  });

  test('each piece is spoken by the engine of its language, one after the other', async () => {
    const pieces = ['This is how it is said. ', 'Jag kan hjälpa dig med det. ', 'And that is all there is.'];
    const events = await speak(await both(), pieces);
    const marks = spokenOf(events);
    expect(marks.map((mark) => mark.text)).toEqual(pieces);
    const ends = marks.map((mark) => mark.endMs);
    expect(ends).toEqual(ends.toSorted((one, other) => one - other));
    expect(Math.abs((ends[2] ?? 0) - lengthMs(events))).toBeLessThan(5);
  });

  test('Swedish sounds as espeak says it, not flite', async () => {
    const swedish = await speak(await both(), ['Jag kan hjälpa dig med det.']);
    const asEspeak = await speak(
      multilingual({ byDefault: await espeak({ program }), others: [] }),
      ['Jag kan hjälpa dig med det.'],
      { language: 'sv' },
    );
    expect(samplesOf(swedish)).toEqual(samplesOf(asEspeak));
  });

  test('the language that is asked for decides over the text', async () => {
    const asked = await speak(await both(), ['Hello there, my friend.'], { language: 'sv-SE' });
    const guessed = await speak(await both(), ['Hello there, my friend.']);
    expect(samplesOf(asked)).not.toEqual(samplesOf(guessed));
  });
});

async function speak(
  synthesizer: SpeechSynthesizer,
  pieces: readonly string[],
  wish: Pick<SynthesizeOptions, 'language' | 'onNotice'> = {},
): Promise<SynthesisEvent[]> {
  async function* written(): AsyncGenerator<string> {
    yield* pieces;
  }
  const options = { signal: new AbortController().signal, voice: 'alloy', speed: 1, ...wish };
  return await Array.fromAsync(synthesizer.synthesize(written(), options));
}

/** `synthesizer`, which notes in `given` what it is given to speak. */
function noting(synthesizer: SpeechSynthesizer, given: string[]): SpeechSynthesizer {
  async function* noted(text: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const piece of text) {
      given.push(piece);
      yield piece;
    }
  }
  return {
    ...synthesizer,
    synthesize: (text, options) => synthesizer.synthesize(noted(text), options),
  };
}

function spokenOf(events: readonly SynthesisEvent[]) {
  return events.flatMap((event) => (event.type === 'spoken' ? [event] : []));
}

function samplesOf(events: readonly SynthesisEvent[]): number[] {
  return events.flatMap((event) => (event.type === 'audio' ? [...event.chunk.samples] : []));
}

function lengthMs(events: readonly SynthesisEvent[]): number {
  return (samplesOf(events).length / 24_000) * 1000;
}
