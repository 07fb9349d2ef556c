import { expect, test } from 'vitest';
import { UploadBudget } from './upload-budget.ts';

test('requests share what there is, and the one that would take more is refused', () => {
  const budget = new UploadBudget(100);
  const [one, two] = [budget.open(), budget.open()];
  one.hold(60);
  two.hold(40);
  expect(() => two.hold(1)).toThrow(expect.objectContaining({ kind: 'overloaded', retryAfterSeconds: 1 }));
});

test('what is released is there for others, once', () => {
  const budget = new UploadBudget(100);
  const one = budget.open();
  one.hold(60);
  one.release();
  one.release();
  const two = budget.open();
  two.hold(100);
  expect(() => two.hold(1)).toThrow();
});

test('what is held after the release does not stay held', () => {
  const budget = new UploadBudget(100);
  const gone = budget.open();
  gone.release();
  gone.hold(100);
  budget.open().hold(100);
});
