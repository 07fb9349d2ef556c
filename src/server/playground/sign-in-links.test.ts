import { expect, test } from 'vitest';
import { StillClock } from '../auth/testing/tenant.ts';
import { SignInLinks } from './sign-in-links.ts';

test('a secret signs in once', () => {
  const links = new SignInLinks({ clock: new StillClock() });
  const { secret } = links.issue();
  expect(secret).toMatch(/^[0-9A-Za-z]{43}$/);
  expect(links.redeem(secret)).toBe(true);
  expect(links.redeem(secret)).toBe(false);
});

test('a secret that was never issued signs nobody in, and spends no other', () => {
  const links = new SignInLinks({ clock: new StillClock() });
  const { secret } = links.issue();
  expect(links.redeem('A'.repeat(43))).toBe(false);
  expect(links.redeem(secret)).toBe(true);
});

test('a secret works until its quarter of an hour has passed', () => {
  const clock = new StillClock();
  const links = new SignInLinks({ clock });
  const [early, late] = [links.issue(), links.issue()];
  expect(early.expiresAtMs - clock.now()).toBe(900_000);
  clock.advance(899_999);
  expect(links.redeem(early.secret)).toBe(true);
  clock.advance(1);
  expect(links.redeem(late.secret)).toBe(false);
});

test('no more secrets wait than the bound, the latest ones first', () => {
  const links = new SignInLinks({ clock: new StillClock(), waiting: 2 });
  const secrets = [links.issue(), links.issue(), links.issue()].map(({ secret }) => secret);
  expect(secrets.map((secret) => links.redeem(secret))).toEqual([false, true, true]);
});
