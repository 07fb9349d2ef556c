import { expect, test } from 'vitest';
import { ClientSecrets, type SessionGrant } from './client-secrets.ts';

const grant: SessionGrant = {
  principal: { id: 'key:a', name: 'a', roles: ['user'] },
  deployment: 'talk',
  config: undefined,
};

function secretsAt(now: { ms: number }, bounds: { perOwner?: number; inAll?: number } = {}): ClientSecrets {
  return new ClientSecrets({ clock: { now: () => now.ms, after: () => () => {} }, ...bounds });
}

test('a secret opens what it was made for, as often as it is shown', () => {
  const secrets = secretsAt({ ms: 1_000_500 });
  const { value, expiresAt } = secrets.issue(grant, 60);
  expect(value).toMatch(/^ek_[0-9A-Za-z]{43}$/);
  expect(expiresAt).toBe(1_060);
  expect([secrets.find(value), secrets.find(value)]).toMatchObject([grant, grant]);
});

test('a secret opens nothing once it has expired', () => {
  const now = { ms: 1_000_000 };
  const secrets = secretsAt(now);
  const { value } = secrets.issue(grant, 60);
  now.ms = 1_059_999;
  expect(secrets.find(value)).toBeDefined();
  now.ms = 1_060_000;
  expect(secrets.find(value)).toBeUndefined();
});

test('a guess opens nothing', () => {
  const secrets = secretsAt({ ms: 0 });
  const { value } = secrets.issue(grant, 60);
  expect([secrets.find(`${value}x`), secrets.find(value.slice(0, -1)), secrets.find('')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('an owner has no more than its share until some expire, and takes nothing from others', () => {
  const now = { ms: 0 };
  const secrets = secretsAt(now, { perOwner: 1 });
  secrets.issue(grant, 60);
  expect(() => secrets.issue(grant, 60)).toThrow(
    expect.objectContaining({ kind: 'too-many-requests', retryAfterSeconds: 60 }),
  );
  const other = { ...grant, principal: { ...grant.principal, id: 'key:b' } };
  expect(() => secrets.issue(other, 60)).not.toThrow();
  now.ms = 60_000;
  expect(() => secrets.issue(grant, 60)).not.toThrow();
});

test('all owners together have no more than there is room for', () => {
  const secrets = secretsAt({ ms: 0 }, { inAll: 1 });
  secrets.issue(grant, 60);
  const other = { ...grant, principal: { ...grant.principal, id: 'key:b' } };
  expect(() => secrets.issue(other, 60)).toThrow(expect.objectContaining({ kind: 'too-many-requests' }));
});
