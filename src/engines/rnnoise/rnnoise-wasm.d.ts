declare module '@echogarden/rnnoise-wasm' {
  /** What RNNoise's `rnnoise.h` declares; pointers are offsets into the heap. */
  export interface RnnoiseModule {
    /** Replaced whenever the heap grows, so it is never kept. */
    readonly HEAPF32: Float32Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** With 0, by the model that is built in. */
    _rnnoise_create(model: number): number;
    _rnnoise_destroy(state: number): void;
    /** 480 floats on the scale of 16 bits, at 48 kHz; returns the probability of speech. May work in place. */
    _rnnoise_process_frame(state: number, outputPointer: number, inputPointer: number): number;
  }

  // biome-ignore lint/style/noDefaultExport: this is how the package exports it.
  export default function load(): Promise<RnnoiseModule>;
}
