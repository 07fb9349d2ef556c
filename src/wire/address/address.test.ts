import { describe, expect, test } from 'vitest';
import { collapseSlashes, hasServedVersion, parseAddress } from './address.ts';

test('the Azure deployment form names deployment, version and operation', () => {
  expect(
    parseAddress('/openai/deployments/my%20voice/chat/completions?api-version=2025-01-01-preview'),
  ).toEqual({
    family: 'azure',
    form: 'azure-deployment',
    deployment: 'my voice',
    apiVersion: '2025-01-01-preview',
    operation: '/chat/completions',
  });
});

test.each([
  ['/openai/v1/chat/completions', 'azure', 'azure-v1'],
  ['/v1/chat/completions', 'openai', 'openai'],
  ['/openai/models?api-version=2024-10-21', 'azure', 'azure-resource'],
  ['/favicon.ico', 'openai', 'other'],
])('%s is of the %s family in the form %s', (url, family, form) => {
  expect(parseAddress(url)).toMatchObject({ family, form });
});

test('a deployment name that is not valid percent-encoding is taken as it is', () => {
  expect(parseAddress('/openai/deployments/%zz/audio/speech').deployment).toBe('%zz');
});

test('repeated slashes collapse in the path and stay in the query', () => {
  expect(collapseSlashes('//openai///v1/models?next=a//b')).toBe('/openai/v1/models?next=a//b');
});

describe('the api-version of a dated address', () => {
  const of = (query: string, headers = {}) =>
    hasServedVersion(parseAddress(`/openai/deployments/d/chat/completions${query}`, headers));

  test.each(['2025-01-01-preview', '2024-10-01-preview', '2024-12-17', '2025-04-01-preview'])(
    '%s is served',
    (version) => {
      expect(of(`?api-version=${version}`)).toBe(true);
    },
  );

  test.each(['', '?api-version=', '?api-version=latest', '?api-version=2025-13', '?api-version=v1'])(
    '%j is not served',
    (query) => {
      expect(of(query)).toBe(false);
    },
  );

  test('counts as a header too, as some clients send it', () => {
    expect(of('', { 'api-version': '2025-01-01-preview' })).toBe(true);
  });

  test('is not asked for on the v1 addresses', () => {
    expect(hasServedVersion(parseAddress('/openai/v1/chat/completions'))).toBe(true);
  });
});
