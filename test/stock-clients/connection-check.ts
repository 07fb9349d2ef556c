import { checkServerEvent } from '../support/realtime-contract.ts';
import { objectIn, type WireObject } from './wire-event.ts';
import { WireOrder } from './wire-order.ts';

/**
 * Holds every frame that a server sends over one connection against its schema, and all of them against the
 * order of the contract; throws at the first that breaks a rule.
 */
export class ConnectionCheck {
  readonly #order: WireOrder;
  #dialect: 'preview' | 'ga' = 'preview';

  /** `path` is what was asked for, with its query. */
  constructor(path: string) {
    this.#order = new WireOrder({ hasCaptions: !path.includes('api-version=2024-10-01-preview') });
  }

  take(event: { readonly type: string } & WireObject): void {
    // The first session of a connection tells its revision; the first update may change it once.
    if (event.type.startsWith('session.')) {
      const { type } = objectIn(event, 'session');
      this.#dialect = type === undefined ? 'preview' : 'ga';
    }
    checkServerEvent(this.#dialect, event);
    this.#order.take(event);
  }

  /** What must hold where the client did not leave in the middle of a response. */
  finish(): void {
    this.#order.finish();
  }
}
