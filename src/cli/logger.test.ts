import { expect, test } from 'vitest';
import { prettyLine } from './logger.ts';

test('a log line for people has its time, level, message and fields', () => {
  const line = '{"level":40,"time":1735732800123,"pid":7,"hostname":"box","engine":"flite","msg":"slow"}\n';
  expect(prettyLine(line)).toMatch(/^\d\d:\d\d:00 WARN {2}slow {2}engine="flite"\n$/);
});

test('an error is followed by its stack', () => {
  const line = '{"level":50,"time":1735732800123,"err":{"stack":"Error: no\\n  at x"},"msg":"failed"}\n';
  expect(prettyLine(line)).toMatch(/ERROR failed\nError: no\n {2}at x\n$/);
});
