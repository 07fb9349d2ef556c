import { CHATML } from './templates.ts';
import { tinyModel } from './tiny-model.ts';

const SENTENCE = [
  'Every',
  ' good',
  ' talk',
  ' begins',
  ' with',
  ' someone',
  ' who',
  ' listens',
  '.',
] as const;

/** Where nothing is certain, what ends a string, an object or a list is likelier than what goes on with it. */
const LEANINGS = { '"': 6, '}': 5, ']': 5, '<|im_end|>': 8 } as const;

/** Says "Every good talk begins with someone who listens." to whatever it is told. */
export function sayingModel(): Uint8Array {
  return tinyModel({ template: CHATML, chains: [['\n', ...SENTENCE, '<|im_end|>']], leanings: LEANINGS });
}

/** Says the same, after it has thought `thought`, of which the first and the last are the tags around it. */
export function thinkingModel(template: string, thought: readonly string[]): Uint8Array {
  const [opener = '', ...words] = thought;
  const closer = words.pop() ?? '';
  return tinyModel({
    template,
    tags: [opener, closer],
    chains: [['\n', opener, ...words, closer, '\n\n', ...SENTENCE, '<|im_end|>']],
    leanings: LEANINGS,
  });
}

/** Begins each reply with `opener`, as its template has a tool call begin. */
export function callingModel(template: string, opener: string): Uint8Array {
  return tinyModel({
    template,
    tags: [opener, '</tool_call>'],
    chains: [['\n\n', opener]],
    leanings: LEANINGS,
  });
}

/** Never comes to an end. */
export function endlessModel(): Uint8Array {
  return tinyModel({
    template: CHATML,
    chains: [['\n', 'On', ' and', ' on', ' and']],
    leanings: { '<|im_end|>': 20 },
  });
}
