import { checkServerEvent } from '../support/realtime-contract.ts';
import type { RecordedConnection } from './recorder.ts';
import { objectIn } from './wire-event.ts';
import { WireOrder } from './wire-order.ts';

/**
 * Holds every frame of the server against its schema, and all of them against the order of the contract. Where
 * the client did not leave in the middle of a response, the connection is to be whole.
 */
export function checkRecording({ frames }: RecordedConnection, { isWhole = false } = {}): void {
  const order = new WireOrder();
  let dialect: 'preview' | 'ga' = 'preview';
  for (const { from, event } of frames) {
    if (from === 'client') continue;
    // The first session of a connection tells its revision; the first update may change it once.
    if (event.type.startsWith('session.')) {
      const { type } = objectIn(event, 'session');
      dialect = type === undefined ? 'preview' : 'ga';
    }
    checkServerEvent(dialect, event);
    order.take(event);
  }
  if (isWhole) order.finish();
}
