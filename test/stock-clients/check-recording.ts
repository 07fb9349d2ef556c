import { ConnectionCheck } from './connection-check.ts';
import type { RecordedConnection } from './recorder.ts';

/** Where the client did not leave in the middle of a response, the connection is to be whole. */
export function checkRecording({ path, frames }: RecordedConnection, { isWhole = false } = {}): void {
  const check = new ConnectionCheck(path);
  for (const { from, event } of frames) if (from === 'server') check.take(event);
  if (isWhole) check.finish();
}
