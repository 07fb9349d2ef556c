import { expect, test } from 'vitest';
import { LocalAgreement } from './local-agreement.ts';

test('what two hypotheses in a row begin with is agreed on', () => {
  const agreement = new LocalAgreement();
  agreement.agree('turn of');
  expect(agreement.agree('turn off the lie')).toBe('turn');
  expect(agreement.agree('turn off the lights in')).toBe('turn off the');
  expect(agreement.agree('turn off the lights in the kitchen')).toBe('turn off the lights in');
});

test('of a first hypothesis all is told but its last word, which may be cut off', () => {
  expect(new LocalAgreement().agree('turn off the lie')).toBe('turn off the');
  expect(new LocalAgreement().agree('turn')).toBe('');
});

test('what is heard otherwise is no longer agreed on', () => {
  const agreement = new LocalAgreement();
  agreement.agree('ice cream is');
  expect(agreement.agree('I scream is what')).toBe('');
  expect(agreement.agree('I scream is what she said')).toBe('I scream is what');
});
