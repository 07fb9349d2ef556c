import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BEHAVIOURS, STARTS, STEPS, Walk, type WalkPlan } from './walk.ts';

const WALKS = Number(process.env['WALKS'] ?? (process.env['CI'] ? 100_000 : 5_000));

const plans: fc.Arbitrary<WalkPlan> = fc.record({
  start: fc.constantFrom(...keysOf(STARTS)),
  engines: fc.array(fc.constantFrom(...keysOf(BEHAVIOURS)), { minLength: 1, maxLength: 3 }),
  steps: fc.array(fc.constantFrom(...keysOf(STEPS)), { maxLength: 16, size: 'max' }),
});

test(`${WALKS} random walks break no rule and leave nothing behind`, { timeout: 600_000 }, async () => {
  let responses = 0;
  const property = fc.asyncProperty(plans, async (plan) => {
    const walk = new Walk(plan);
    try {
      await walk.take(plan.steps);
      await walk.finish();
    } finally {
      await walk.end();
    }
    responses += walk.rig.checker.responses;
  });
  // A failure is reported with its seed and its path, and made as short as it can be.
  await fc.assert(property, { numRuns: WALKS });
  expect(responses).toBeGreaterThan(WALKS / 2);
});

function keysOf<T extends object>(table: T): (keyof T)[] {
  return Object.keys(table) as (keyof T)[];
}
