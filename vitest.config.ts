import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'playground/src/**/*.test.ts'],
    // Engines, browsers and programs of other languages take their time where two cores do everything.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two workers: the engines under test are native processes that want the other cores.
    maxWorkers: 2,
  },
});
