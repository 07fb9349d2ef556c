import { expect, test } from 'vitest';
import { isPermitted, toRole } from './principal.ts';

test.each([
  ['user', 'user'],
  ['contributor', 'contributor'],
  ['Cognitive Services User', 'user'],
  ['Cognitive Services OpenAI User', 'user'],
  ['Cognitive Services Contributor', 'contributor'],
  ['Cognitive Services OpenAI Contributor', 'contributor'],
  ['Owner', undefined],
  ['toString', undefined],
])('the role %s is %s', (name, role) => {
  expect(toRole(name)).toBe(role);
});

test.each([
  ['user', 'call', true],
  ['user', 'manage', false],
  ['contributor', 'call', true],
  ['contributor', 'manage', true],
] as const)('a %s may %s: %s', (role, permission, expected) => {
  expect(isPermitted({ id: 'key:a', name: 'a', roles: [role] }, permission)).toBe(expected);
});

test('nobody without a role may do anything', () => {
  expect(isPermitted({ id: 'key:a', name: 'a', roles: [] }, 'call')).toBe(false);
});
