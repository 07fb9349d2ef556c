import type { WireEvent } from './wire-event.ts';

export type Direction = 'client' | 'server';

/** An event as the page sent or received it. */
export interface EventRecord {
  readonly direction: Direction;
  /** On the page's clock, since the session was asked for. */
  readonly atMs: number;
  readonly event: WireEvent;
}

/** When the loudspeaker gives out an item's first sample, on the same clock. */
export interface PlaybackRecord {
  readonly direction: 'loudspeaker';
  readonly atMs: number;
  readonly itemId: string;
}

export type SessionRecord = EventRecord | PlaybackRecord;
