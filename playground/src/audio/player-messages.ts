import type { HeardItem } from './playback-queue.ts';

/** From the page to the worklet that plays; `samples` are 24 kHz mono. */
export type PlayerCommand =
  | { readonly type: 'append'; readonly itemId: string; readonly samples: Int16Array<ArrayBuffer> }
  | { readonly type: 'stop'; readonly stopId: number };

/**
 * And back. An item's `played` stretches, joined, are what the loudspeaker was given of it; `frame` is
 * when an item or a stretch begins on the loudspeaker's clock, in samples.
 */
export type PlayerReport =
  | { readonly type: 'started'; readonly itemId: string; readonly frame: number }
  | {
      readonly type: 'played';
      readonly itemId: string;
      readonly samples: Int16Array<ArrayBuffer>;
      readonly frame: number;
    }
  | { readonly type: 'drained' }
  | { readonly type: 'stopped'; readonly stopId: number; readonly heard: readonly HeardItem[] };
