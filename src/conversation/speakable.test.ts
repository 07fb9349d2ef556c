import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSpeechCleaner, speakable } from './speakable.ts';

describe('what is said of a piece', () => {
  test.each<readonly [string, string]>([
    ['Hello there. ', 'Hello there.'],
    ['## The weather\n', 'The weather.'],
    ['This is **very** important, _really_ and *truly*.', 'This is very important, really and truly.'],
    ['~~Old~~ new', 'Old new'],
    ['- milk\n', 'milk.'],
    ['* [x] done\n', 'done.'],
    ['1. First of all\n', '1. First of all.'],
    ['> Quoted words', 'Quoted words.'],
    ['---\n', ''],
    ['| Name | Age |\n|------|:---:|\n| Ann | 30 |\n', 'Name, Age. Ann, 30.'],
    ['See [the manual](https://example.com/a(b)c "Title").', 'See the manual.'],
    ['![A cat](cat.png) sleeps', 'A cat sleeps'],
    ['Go to https://www.example.com/path?x=1.', 'Go to example.com.'],
    ['Go to <https://example.com:8080/a> now', 'Go to example.com now'],
    ['Use `npm install` first', 'Use npm install first'],
    ['Set max_output_tokens to 5', 'Set max output tokens to 5'],
    ['2 * 3 = 6', '2 * 3 = 6'],
    ['Well done! 🎉👩🏽‍💻 Bye 🇸🇪', 'Well done! Bye'],
    ['👍', ''],
    ['5 % & 20 °C for 3 €', '5 % & 20 °C for 3 €'],
    ['Tom &amp; Ann<br>here', 'Tom & Ann here'],
    ['It is so[^1] and【4†source】 more.', 'It is so and more.'],
    ['a\u0000b\u200Bc\td', 'abc d'],
    ['3 < 5 and 7 > 2', '3 < 5 and 7 > 2'],
    ['\\# 1 \\[sic\\]', '# 1 [sic]'],
    ['Write to <mailto:ann@example.com> today', 'Write to ann@example.com today'],
    ['...', ''],
    ['', ''],
    ['<think>Hmm.</think>Yes.', 'Yes.'],
    ['Yes.</think>', 'Yes.'],
    ['<thinkers> may go on.', 'may go on.'],
    ['```js\nlet a;\n```\nThat was it.', 'That was it.'],
    ['Han sa: "Är du där?" Ja.', 'Han sa: "Är du där?" Ja.'],
    ['C’est l’été\u00A0!', 'C’est l’été!'],
  ])('%j', (piece, expected) => {
    expect(speakable(piece)).toBe(expected);
  });
});

test('a code block that spans pieces is left out', () => {
  const cleaner = createSpeechCleaner();
  const pieces = ['Here it is:\n', '```python\n', 'print("<think>")\n', '```\n', 'Did it work?'];
  expect(pieces.map((piece) => cleaner.clean(piece))).toEqual(['Here it is:', '', '', '', 'Did it work?']);
});

test('a thought that spans pieces is left out', () => {
  const cleaner = createSpeechCleaner();
  const pieces = ['<think>First. ', 'Then ``` that.\n', '</think>\n', 'Hello.'];
  expect(pieces.map((piece) => cleaner.clean(piece))).toEqual(['', '', '', 'Hello.']);
});

test('cleaning any text ends soon and leaves no control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 250 }), (text) => {
      expect(speakable(text)).not.toMatch(/\p{Cc}/u);
    }),
  );
  for (const unit of ['[', '*', '_', '|', '>', '`', '<a', '![', '](', 'http://', ' ', '\\', '-', '~'])
    speakable(unit.repeat(1_000));
});
