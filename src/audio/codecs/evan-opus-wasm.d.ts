declare module '@evan/opus/wasm/index.mjs' {
  export class Encoder {
    constructor(options: {
      readonly channels: 1 | 2;
      /** 8000, 12000, 16000, 24000 or 48000. */
      readonly sample_rate: number;
      readonly application: 'voip' | 'audio' | 'restricted_lowdelay';
    });
    /** A request of opus_defines.h: without `value` it asks, with it it sets. */
    ctl(request: number, value?: number): number;
    /** One frame of 16-bit samples to one packet. */
    encode(frame: Int16Array): Uint8Array;
    /** Frees the encoder's memory. */
    drop(): void;
  }
}
