import { describe, expect, test } from 'vitest';
import { LanguageGuess } from './language-guess.ts';

describe('the first piece of a reply', () => {
  test.each<readonly [string, readonly string[]]>([
    ['en', ['Hello there.', 'OK.', 'Great choice!', 'My name is Anna.', 'Björn Åkesson.', 'Pi is 3.14.']],
    [
      'en',
      ['The café serves crème brûlée.', 'I love you in Swedish is jag älskar dig.', 'Die Hard fans rejoice.'],
    ],
    [
      'en',
      ['My favourite films are Amélie and La Haine.', 'Step 1: preheat the oven to 200 degrees.', '42.', ''],
    ],
    [
      'sv',
      [
        'Hej!',
        'Hur mår du idag?',
        'Det kostar fem kronor.',
        'God morgon!',
        'Vi ses imorgon.',
        'Jag vet inte.',
      ],
    ],
    ['sv', ['Stockholm är Sveriges huvudstad.', 'Nej, det går inte.', 'Tåget går klockan tolv.']],
    [
      'fr',
      [
        'Bonjour !',
        'Comment allez-vous ?',
        'Le train part à midi.',
        'C’est une bonne question.',
        'À demain.',
      ],
    ],
    ['fr', ['Paris est la capitale de la France.', 'Je ne sais pas.', 'Merci beaucoup.']],
    ['de', ['Guten Tag.', 'Wie geht es Ihnen?', 'Vielen Dank.']],
    ['es', ['Hola, ¿cómo estás?', 'El tren sale a las doce.', 'Muchas gracias.']],
    ['ja', ['こんにちは。', '今日は天気がいいです。']],
    ['zh', ['你好。']],
    ['ru', ['Привет.', 'Как дела?']],
    ['ar', ['مرحبا']],
    ['el', ['Γεια σου']],
    ['he', ['שלום']],
    ['ko', ['안녕하세요']],
    ['th', ['สวัสดี']],
  ])('is taken for %s: %j', (language, pieces) => {
    expect(pieces.map((piece) => new LanguageGuess('en').next(piece).language)).toEqual(
      pieces.map(() => language),
    );
  });
});

test.each([
  ['en', 'This is what I think about it.'],
  ['sv', 'Det är jag som bor här och inte du.'],
  ['fr', 'Je ne sais pas ce que vous dites.'],
])('in a reply in %s a name or a short word changes nothing', (language, sentence) => {
  const guess = new LanguageGuess('en');
  const pieces = [
    sentence,
    'OK.',
    'Anna Lindström.',
    'Sure!',
    'Hej!',
    'Bonjour !',
    'Stockholm, Malmö.',
    '42.',
    '😀',
  ];
  expect(pieces.map((piece) => guess.next(piece).language)).toEqual(pieces.map(() => language));
});

test('a sentence that is plainly in another language changes it, and the next may change it back', () => {
  const guess = new LanguageGuess('en');
  const pieces = [
    'This is how it is said.',
    'Jag kan hjälpa dig med det.',
    'OK.',
    'That is what you should say.',
  ];
  expect(pieces.map((piece) => guess.next(piece).language)).toEqual(['en', 'sv', 'sv', 'en']);
});

test('a greeting is a hint, a sentence is sure', () => {
  const guess = new LanguageGuess('en');
  expect(guess.next('Hej!')).toEqual({ language: 'sv', isSure: false });
  expect(guess.next('Hur mår du idag?')).toEqual({ language: 'sv', isSure: true });
});

test.each(['--help -w /tmp/pwn', 'JSON schema validator'])(
  'letters alone do not make a few words sure: %s',
  (piece) => {
    expect(new LanguageGuess('en').next(piece).isSure).toBe(false);
  },
);

test.each([
  ['tl', 'Magandang umaga sa iyo kaibigan.'],
  ['cs', 'Příští vlak jede zítra.'],
])('more words or letters that English lacks are sure by themselves: %s', (language, piece) => {
  expect(new LanguageGuess('en').next(piece)).toEqual({ language, isSure: true });
});
