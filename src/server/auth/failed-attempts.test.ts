import { expect, test } from 'vitest';
import { namedKeySchema, openNamedKeys } from './api-keys.ts';
import { createAuthenticator } from './authenticator.ts';
import { readCredentials } from './credentials.ts';
import { FailedAttempts } from './failed-attempts.ts';
import { StillClock } from './testing/tenant.ts';

function attemptsOf(clock: StillClock, addresses = 100): FailedAttempts {
  return new FailedAttempts({ clock, burst: 3, recoveryMs: 2_000, addresses });
}

function fail(attempts: FailedAttempts, address: string, times: number): void {
  for (let time = 0; time < times; time += 1) attempts.record(address);
}

test('an address waits once its attempts are spent, and gets one back at a time', () => {
  const clock = new StillClock();
  const attempts = attemptsOf(clock);
  fail(attempts, '192.0.2.7', 2);
  expect(attempts.waitMs('192.0.2.7')).toBe(0);
  fail(attempts, '192.0.2.7', 1);
  expect(attempts.waitMs('192.0.2.7')).toBe(2_000);
  clock.advance(2_000);
  expect(attempts.waitMs('192.0.2.7')).toBe(0);
  fail(attempts, '192.0.2.7', 1);
  expect(attempts.waitMs('192.0.2.7')).toBe(2_000);
  expect(attempts.waitMs('192.0.2.8')).toBe(0);
});

test.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])(
  'loopback address %s never waits',
  (address) => {
    const attempts = attemptsOf(new StillClock());
    fail(attempts, address, 100);
    expect(attempts.waitMs(address)).toBe(0);
    expect(attempts.size).toBe(0);
  },
);

test('the addresses of one IPv6 network count as one', () => {
  const attempts = attemptsOf(new StillClock());
  fail(attempts, '2001:db8:0:1::1', 1);
  fail(attempts, '2001:db8::1:0:0:0:2', 1);
  fail(attempts, '2001:0db8:0000:0001:ffff::', 1);
  expect(attempts.waitMs('2001:db8:0:1::9')).toBe(2_000);
  expect(attempts.waitMs('2001:db8:0:2::9')).toBe(0);
});

test('an IPv4 address written as IPv6 is the same address', () => {
  const attempts = attemptsOf(new StillClock());
  fail(attempts, '::ffff:192.0.2.7', 3);
  expect(attempts.waitMs('192.0.2.7')).toBe(2_000);
});

test('no more addresses are remembered than the bound, the latest ones first', () => {
  const attempts = attemptsOf(new StillClock(), 10);
  for (let host = 0; host < 50; host += 1) fail(attempts, `192.0.2.${host}`, 3);
  expect(attempts.size).toBe(10);
  expect(attempts.waitMs('192.0.2.39')).toBe(0);
  expect(attempts.waitMs('192.0.2.40')).toBe(2_000);
});

test('an address that goes on failing is not forgotten for others', () => {
  const attempts = attemptsOf(new StillClock(), 10);
  for (let host = 0; host < 50; host += 1) {
    fail(attempts, '198.51.100.1', 1);
    fail(attempts, `192.0.2.${host}`, 1);
  }
  expect(attempts.waitMs('198.51.100.1')).toBe(96_000);
});

test('after too many wrong keys even the right one must wait, and then is accepted', async () => {
  const clock = new StillClock();
  const key = 'samtal-right-0123456789abcdefghijklmnopqrstuv';
  const keys = await openNamedKeys([namedKeySchema.parse({ name: 'right', from: { env: 'KEY' } })], {
    KEY: key,
  });
  const authenticator = createAuthenticator({ keys, verifiers: [], attempts: attemptsOf(clock), clock });
  const ask = async (secret: string, address: string): Promise<unknown> =>
    await authenticator.authenticate(readCredentials({ rawHeaders: ['api-key', secret], address }));
  for (let time = 0; time < 3; time += 1) {
    expect(await ask('wrong', '192.0.2.7')).toMatchObject({ failure: 'wrong-key' });
  }
  expect(await ask(key, '192.0.2.7')).toMatchObject({ failure: 'too-many-requests', retryAfterSeconds: 2 });
  expect(await ask(key, '192.0.2.8')).toMatchObject({ ok: true });
  clock.advance(2_000);
  expect(await ask(key, '192.0.2.7')).toMatchObject({ ok: true });
});

test('requests without credentials are no guesses', async () => {
  const clock = new StillClock();
  const attempts = attemptsOf(clock);
  const authenticator = createAuthenticator({ keys: [], verifiers: [], attempts, clock });
  await authenticator.authenticate({ presented: [], address: '192.0.2.7' });
  expect(attempts.size).toBe(0);
});
