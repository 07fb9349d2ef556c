import { isIPv6 } from 'node:net';
import type { Clock } from '../../util/clock.ts';
import { isLoopbackAddress, plainAddress } from './loopback.ts';

export interface FailedAttemptsOptions {
  readonly clock: Clock;
  /** Failures that an address has at once. */
  readonly burst?: number;
  /** How long it takes to get one of them back. */
  readonly recoveryMs?: number;
  /** Addresses remembered; beyond it the one that failed least recently is forgotten. */
  readonly addresses?: number;
}

/** Slows guessing: an address that failed too often must wait. Loopback never waits. */
export class FailedAttempts {
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #recoveryMs: number;
  readonly #addresses: number;
  /** When the address will have all its attempts back; a map keeps the order of insertion. */
  readonly #recoveredAtMs = new Map<string, number>();

  constructor({ clock, burst = 30, recoveryMs = 2_000, addresses = 10_000 }: FailedAttemptsOptions) {
    this.#clock = clock;
    this.#burst = burst;
    this.#recoveryMs = recoveryMs;
    this.#addresses = addresses;
  }

  get size(): number {
    return this.#recoveredAtMs.size;
  }

  /** Milliseconds until the address may try again; 0 when it may now. */
  waitMs(address: string | undefined): number {
    // Where nobody failed, there is nothing to look up for each request.
    const source = this.size > 0 ? sourceOf(address) : undefined;
    if (source === undefined) return 0;
    const debtMs = Math.max(0, (this.#recoveredAtMs.get(source) ?? 0) - this.#clock.now());
    return Math.max(0, debtMs - (this.#burst - 1) * this.#recoveryMs);
  }

  record(address: string | undefined): void {
    const source = sourceOf(address);
    if (source === undefined) return;
    const now = this.#clock.now();
    const recoveredAtMs = Math.max(now, this.#recoveredAtMs.get(source) ?? 0) + this.#recoveryMs;
    this.#recoveredAtMs.delete(source);
    this.#recoveredAtMs.set(source, recoveredAtMs);
    for (const oldest of this.#recoveredAtMs.keys()) {
      if (this.#recoveredAtMs.size <= this.#addresses) break;
      this.#recoveredAtMs.delete(oldest);
    }
  }
}

/** An IPv6 host has 2^64 addresses to guess from, so its network counts. */
function sourceOf(address: string | undefined): string | undefined {
  if (address === undefined || isLoopbackAddress(address)) return undefined;
  const plain = plainAddress(address);
  return isIPv6(plain) ? networkOf(plain) : plain;
}

function networkOf(address: string): string {
  const [head = '', tail = ''] = (address.split('%')[0] ?? '').split('::');
  const groups = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  while (groups.length + after.length < 8) groups.push('0');
  return [...groups, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
