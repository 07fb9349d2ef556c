/** What an engine has to keep, as cases for any test runner. */
export type { ConformanceCase } from './conformance-case.ts';
