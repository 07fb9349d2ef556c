import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

/** A folder imports only from folders before it. */
const ORDER = ['util', 'audio', 'engine', 'conversation', 'realtime', 'wire', 'transport', 'server', 'cli'];
const ENGINES_SEE = ['util', 'audio', 'engine'];
const COMPOSITION_ROOT = /^server\/engines\//;

const PAGE = '../playground/src/';
const PAGE_SEES = ['audio/g711.ts', 'wire/voices.ts'];

const source = resolve(import.meta.dirname, '..', 'src');
const files = filesBelow('');
const pageFiles = filesBelow(PAGE);

/** Their paths are told from `src`, as those of imports are. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => folder + file.split(sep).join('/'));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  const paths = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '');
  return paths.map((path) =>
    relative(source, resolve(source, dirname(file), path))
      .split(sep)
      .join('/'),
  );
}

function isAllowed(from: string, to: string): boolean {
  const [fromFolder = '', fromEngine] = from.split('/');
  const [toFolder = '', toEngine] = to.split('/');
  if (fromFolder === 'engines') {
    if (from.endsWith('.test.ts') && toFolder === 'engines') return true;
    return toFolder === 'engines' ? fromEngine === toEngine : ENGINES_SEE.includes(toFolder);
  }
  if (toFolder === 'engines') return COMPOSITION_ROOT.test(from) || from.endsWith('.test.ts');
  const dialect = /^wire\/realtime\/(ga|preview)\//.exec(to)?.[1];
  if (dialect && !from.startsWith(`wire/realtime/${dialect}/`)) return from === 'wire/realtime/index.ts';
  return ORDER.includes(toFolder) && ORDER.indexOf(toFolder) <= ORDER.indexOf(fromFolder);
}

test('the sources are found', () => {
  expect(files).toContain('conversation/responder.ts');
  expect(pageFiles).toContain('../playground/src/main.tsx');
});

test('no folder imports upwards, and engines see only what an engine needs', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => !isAllowed(file, imported))
      .map((imported) => `${file} imports ${imported}`),
  );
  expect(wrong).toEqual([]);
});

test('the page sees nothing of the server but what both have to write alike', () => {
  const seen = pageFiles
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => importsOf(file).filter((imported) => !imported.startsWith(PAGE)));
  expect([...new Set(seen)].sort()).toEqual(PAGE_SEES);
});
