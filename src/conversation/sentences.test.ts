import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sentences } from './sentences.ts';

async function pieces(chunks: readonly string[]): Promise<string[]> {
  async function* written(): AsyncGenerator<string> {
    yield* chunks;
  }
  return await Array.fromAsync(sentences(written()));
}

describe('one sentence is one piece', () => {
  test.each<readonly [string, readonly string[]]>([
    ['Hello there. How are you? Fine!', ['Hello there. ', 'How are you? ', 'Fine!']],
    ['Pi is 3.14 today. Really.', ['Pi is 3.14 today. ', 'Really.']],
    ['Det kostar 1 000,50 kr. Billigt.', ['Det kostar 1 000,50 kr. ', 'Billigt.']],
    ['Dr. Smith met Mrs. Jones. They spoke.', ['Dr. Smith met Mrs. Jones. ', 'They spoke.']],
    ['Fruit, e.g. Apples. More.', ['Fruit, e.g. Apples. ', 'More.']],
    ['Vi har t.ex. Volvo och bl.a. Saab. Bra.', ['Vi har t.ex. Volvo och bl.a. Saab. ', 'Bra.']],
    ['Bonjour M. Dupont. Ça va ?', ['Bonjour M. Dupont. ', 'Ça va ?']],
    [
      'J. R. Smith and George W. Bush came. Then left.',
      ['J. R. Smith and George W. Bush came. ', 'Then left.'],
    ],
    ['He took vitamin C. Then he slept.', ['He took vitamin C. ', 'Then he slept.']],
    ['It was I. Nobody else.', ['It was I. ', 'Nobody else.']],
    ['See https://example.com/a.b?c=d. Then go.', ['See https://example.com/a.b?c=d. ', 'Then go.']],
    ['Write to ann.lee@example.com. Thanks.', ['Write to ann.lee@example.com. ', 'Thanks.']],
    ['Well... maybe. Yes… no. Wait... What?', ['Well... maybe. ', 'Yes… no. ', 'Wait... ', 'What?']],
    [
      'He said "Stop!" and left. (It was late.) Good.',
      ['He said "Stop!" and left. ', '(It was late.) ', 'Good.'],
    ],
    ['“Who?” she asked. «Moi.» Voilà.', ['“Who?” she asked. ', '«Moi.» ', 'Voilà.']],
    ['**Bold end.** Next one.', ['**Bold end.** ', 'Next one.']],
    ['你好。今天天气很好！「是的。」再见', ['你好。', '今天天气很好！', '「是的。」', '再见']],
    ['1. First thing\n2. Second thing\n', ['1. First thing\n', '2. Second thing\n']],
    ['A title\n\nA line.\nMore', ['A title\n', '\nA line.\n', 'More']],
    ['We meet at 5 p.m. Be there.', ['We meet at 5 p.m. ', 'Be there.']],
    ['The U.S. Army is no. 5. Right.', ['The U.S. Army is no. 5. ', 'Right.']],
    ['What?! No way.', ['What?! ', 'No way.']],
    ['आप कैसे हैं। मैं ठीक हूँ।', ['आप कैसे हैं। ', 'मैं ठीक हूँ।']],
    ['Come with me. Then go.', ['Come with me. ', 'Then go.']],
    ['', []],
  ])('%s', async (text, expected) => {
    expect(await pieces([text])).toEqual(expected);
  });
});

test('a long first sentence gives its first clause early', async () => {
  const text =
    'Well, as you have asked me so kindly, I will tell you all that I know about the matter, which is little.';
  expect(await pieces([text])).toEqual([
    'Well, as you have asked me so kindly, ',
    'I will tell you all that I know about the matter, which is little.',
  ]);
});

test('a sentence is given as soon as the next one begins', async () => {
  const given: string[] = [];
  async function* written(): AsyncGenerator<string> {
    yield 'It is so. T';
    expect(given).toEqual(['It is so. ']);
    yield 'hen';
  }
  for await (const piece of sentences(written())) given.push(piece);
  expect(given).toEqual(['It is so. ', 'Then']);
});

test('a full stop at the end of a chunk waits for what follows', async () => {
  expect(await pieces(['It is 3.', '14 now.'])).toEqual(['It is 3.14 now.']);
  expect(await pieces(['Send a.', 'b@c.', 'com', ' now. ', 'Ok'])).toEqual(['Send a.b@c.com now. ', 'Ok']);
});

test('text without an end is cut at a clause or a space', async () => {
  const text = `W${'word '.repeat(40)}here, ${'word '.repeat(40)}`;
  const given = await pieces(['Hi. ', text]);
  expect(given.map((piece) => piece.length)).toEqual([4, 207, 200]);
  expect(given[1]?.endsWith('here, ')).toBe(true);
});

test('text without a space is cut between characters', async () => {
  const given = await pieces([`a${'😀'.repeat(400)}`]);
  expect(given.map((piece) => piece.length)).toEqual([249, 250, 250, 52]);
  expect(given.every((piece) => piece.isWellFormed())).toBe(true);
});

const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '.',
        '!',
        '?',
        '…',
        '...',
        ' ',
        '\n',
        ', ',
        '. ',
        '"',
        ')',
        '。',
        '、',
        'Dr.',
        'e.g.',
        '3.14',
        'J.',
        '1. ',
      ),
      fc.constantFrom('Hello', 'word', 'A', 'z', '😀', '例', 'x'.repeat(70), ' '.repeat(80)),
      fc.string({ unit: 'binary', maxLength: 8 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

const anyTextInChunks = anyText.chain((text) =>
  fc.array(fc.nat({ max: text.length }), { maxLength: 30 }).map((at) => {
    const edges = [0, ...at.toSorted((one, other) => one - other), text.length];
    return { text, chunks: edges.slice(1).map((edge, index) => text.slice(edges[index], edge)) };
  }),
);

test('the pieces joined are the text, none is too long, and chunks do not change them', async () => {
  await fc.assert(
    fc.asyncProperty(anyTextInChunks, async ({ text, chunks }) => {
      const given = await pieces(chunks);
      expect(given.join('')).toBe(text);
      expect(given.every((piece) => piece.length > 0 && piece.length <= 250)).toBe(true);
      expect(given).toEqual(await pieces([text]));
      expect(given).toEqual(await pieces(text.split('')));
    }),
    { numRuns: 300 },
  );
});
