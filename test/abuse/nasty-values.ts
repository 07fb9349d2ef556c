/** Deeper than any request is, and less than the limit of 64. */
function nested(depth: number): unknown {
  return depth === 0 ? 'bottom' : [nested(depth - 1)];
}

/** Values that have broken servers, each with a name for the report. */
export const NASTY_VALUES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['null', null],
  ['true', true],
  ['false', false],
  ['zero', 0],
  ['negative zero', -0],
  ['minus one', -1],
  ['a fraction', 0.1],
  ['the largest safe integer and one', 2 ** 53],
  ['a huge number', 1.7976931348623157e308],
  ['the least number', 5e-324],
  ['minus 2 to the 63', -(2 ** 63)],
  ['the text NaN', 'NaN'],
  ['the text Infinity', '-Infinity'],
  ['the text null', 'null'],
  ['the text undefined', 'undefined'],
  ['the empty text', ''],
  ['white space', ' \t\n\r\v\f\u00a0\u2028\ufeff'],
  ['a number as text', '1e3'],
  ['a date', '2025-02-30T25:61:61Z'],
  ['a lone high surrogate', 'a\ud800b'],
  ['a lone low surrogate', '\udfff'],
  ['control characters', '\u0000\u0001\u0007\u001b[31m\u007f\u0085'],
  ['right to left', '\u202eevil\u202c \u0627\u0644\u0639\u0631\u0628\u064a\u0629'],
  ['joined emoji', '👨‍👩‍👧‍👦'.repeat(50)],
  ['stacked accents', `z${'\u0301'.repeat(2000)}`],
  ['markup', '<script>alert(1)</script>'],
  ['ssml', '<speak><audio src="file:///etc/passwd"/></speak>'],
  ['sql', "'; DROP TABLE completions; --"],
  ['a shell command', '$(touch /tmp/x) `id` ; id | id'],
  ['a format', '%s%n%x{{<%[%\'"}}%\\.'],
  ['a path', '../../../../etc/passwd\u0000.wav'],
  ['a name of every object', '__proto__'],
  ['another name of every object', 'constructor'],
  ['a name of a method', 'toString'],
  ['a megabyte', 'x'.repeat(1024 * 1024)],
  ['many words', 'word '.repeat(2000)],
  ['an empty object', {}],
  ['an object with a toString', { toString: 'no function', valueOf: 1, length: -1 }],
  [
    'an object with a prototype',
    JSON.parse('{"__proto__": {"admin": true}, "constructor": {"prototype": {}}}'),
  ],
  ['an object like an array', { 0: 'a', length: 4_294_967_295 }],
  ['an object like bytes', { type: 'Buffer', data: [1, 2, 3] }],
  ['an empty array', []],
  ['an array of nothing', [null, null]],
  ['10,000 elements', Array.from({ length: 10_000 }, (_, index) => index)],
  ['deep nesting', nested(50)],
]);

/** Where a value can stand in a request, such as `messages[0].content`. */
export interface Place {
  readonly name: string;
  /** The request with `value` at this place. */
  replaced(value: unknown): unknown;
}

/** Every member and element of `request`, the request itself included. */
export function placesIn(request: unknown, name = 'the body'): Place[] {
  const places: Place[] = [{ name, replaced: (value) => value }];
  if (typeof request !== 'object' || request === null) return places;
  for (const [key, member] of Object.entries(request)) {
    for (const place of placesIn(member, `${name}.${key}`)) {
      places.push({ name: place.name, replaced: (value) => withMember(request, key, place.replaced(value)) });
    }
  }
  return places;
}

function withMember(container: object, key: string, value: unknown): unknown {
  if (Array.isArray(container))
    return container.map((member, index) => (String(index) === key ? value : member));
  return { ...container, [key]: value };
}
