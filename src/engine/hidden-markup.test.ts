import { expect, test } from 'vitest';
import { HiddenMarkup, type TextPiece } from './hidden-markup.ts';

function read(deltas: readonly string[], options = {}): { text: string; calls: unknown[] } {
  const markup = new HiddenMarkup(options);
  const pieces: TextPiece[] = deltas.flatMap((delta) => markup.push(delta));
  pieces.push(...markup.end());
  return {
    text: pieces.map((piece) => (piece.type === 'text' ? piece.text : '')).join(''),
    calls: pieces.flatMap((piece) => (piece.type === 'call' ? [piece.call] : [])),
  };
}

const OSLO = { name: 'get_weather', arguments: '{"city":"Oslo"}' };

const CASES: readonly (readonly [written: string, text: string, calls: readonly unknown[]])[] = [
  ['Plain text, 1 < 2 and [brackets] too.', 'Plain text, 1 < 2 and [brackets] too.', []],
  ['<think>\nLet me see.\n</think>\n\nYes.', 'Yes.', []],
  ['<think>a</think>Yes.<think>b</think> No.', 'Yes. No.', []],
  ['Yes. <think>never closed, as when the limit is met', 'Yes. ', []],
  ['[THINK]hm[/THINK]Ja.', 'Ja.', []],
  [
    '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>',
    'Yes.',
    [],
  ],
  ['<|channel|>analysis<|message|>cut off', '', []],
  [
    '<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"city":"Oslo"}<|call|>',
    '',
    [OSLO],
  ],
  [
    '<|start|>assistant to=functions.get_weather<|channel|>commentary<|message|>{"city":"Oslo"}<|call|>',
    '',
    [OSLO],
  ],
  [
    'One moment.<tool_call>{"name":"get_weather","arguments":{"city":"Oslo"}}</tool_call>',
    'One moment.',
    [OSLO],
  ],
  ['<tool_call>{"name":"get_weather","arguments":{"city":"Oslo"}}', '', [OSLO]],
  ['<tool_call>{"name":"get_wea', '', []],
  [
    '<tool_call><function=get_weather><parameter=city>\nOslo\n</parameter></function></tool_call>',
    '',
    [OSLO],
  ],
  ['<|python_tag|>{"name":"get_weather","parameters":{"city":"Oslo"}}<|eom_id|>', '', [OSLO]],
  ['<|python_tag|>print("hello")<|eom_id|>', '', []],
  ['[TOOL_CALLS][{"name":"get_weather","arguments":{"city":"Oslo"}}]', '', [OSLO]],
  ['[TOOL_CALLS]get_weather[ARGS]{"city":"Oslo"}', '', [OSLO]],
  ['Yes.<|im_end|>', 'Yes.', []],
  ['Is 3 <', 'Is 3 <', []],
];

test.each(CASES)('%s', (written, text, calls) => {
  expect(read([written])).toEqual({ text, calls });
});

test('markup is found wherever the stream was cut', () => {
  for (const [written, text, calls] of CASES) {
    for (let at = 0; at <= written.length; at += 1) {
      expect(read([written.slice(0, at), written.slice(at)]), `${written} cut at ${at}`).toEqual({
        text,
        calls,
      });
    }
    expect(read(written.split('')), written).toEqual({ text, calls });
  }
});

test('text that can not be markup is passed on at once', () => {
  const markup = new HiddenMarkup();
  expect(markup.push('Hello there <')).toEqual([{ type: 'text', text: 'Hello there ' }]);
  expect(markup.push('b')).toEqual([{ type: 'text', text: '<b' }]);
});

test('a thought that the template opened ends with its tag', () => {
  expect(read(['hm', 'm</thi', 'nk>\nYes.'], { thinksFirst: true })).toEqual({ text: 'Yes.', calls: [] });
});
