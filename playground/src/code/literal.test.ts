import { execFileSync } from 'node:child_process';
import { runInThisContext } from 'node:vm';
import { expect, test } from 'vitest';
import {
  Expression,
  hereDocumentLiterals,
  pythonLiterals,
  typescriptLiterals,
  writeLiteral,
} from './literal.ts';

const nasty = {
  text: `"quoted" 'single' \\ back\\"slash $HOME \${x} \`pwd\` $(id)\nline\ttab\u2028`,
  list: [1, -0.5, true, false, null, [], {}],
  'odd-name': 'ä 你好 🐕',
};

test('what is read as TypeScript is what was written', () => {
  const source = writeLiteral(nasty, typescriptLiterals);
  expect(runInThisContext(`(${source})`)).toEqual(nasty);
});

test('what a shell makes of a here-document is JSON of what was written', () => {
  const source = writeLiteral(nasty, hereDocumentLiterals);
  const script = `cat <<JSON\n${source}\nJSON`;
  expect(JSON.parse(execFileSync('sh', ['-c', script]).toString())).toEqual(nasty);
});

test('what fits a line stands on it, and an expression stands as it is', () => {
  const value = { data: new Expression("await readFile('a.wav', 'base64')"), format: 'wav' };
  expect(writeLiteral(value, typescriptLiterals)).toBe(
    "{ data: await readFile('a.wav', 'base64'), format: 'wav' }",
  );
});

test('what does not fit is broken where it must be', () => {
  const value = { role: 'user', content: ['a'.repeat(50), 'b'.repeat(50)], isTrue: true };
  expect(writeLiteral(value, pythonLiterals)).toBe(
    [
      '{',
      '    "role": "user",',
      '    "content": [',
      `        "${'a'.repeat(50)}",`,
      `        "${'b'.repeat(50)}",`,
      '    ],',
      '    "isTrue": True,',
      '}',
    ].join('\n'),
  );
});
