declare module '@echogarden/fvad-wasm' {
  /** What libfvad's `fvad.h` declares; pointers are offsets into the heap. */
  export interface FvadModule {
    /** Replaced whenever the heap grows, so it is never kept. */
    readonly HEAP16: Int16Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** A new detector, or 0 when there is no memory left. */
    _fvad_new(): number;
    _fvad_free(detector: number): void;
    /** Forgets all, the mode and the sample rate too. */
    _fvad_reset(detector: number): void;
    _fvad_set_mode(detector: number, mode: number): number;
    _fvad_set_sample_rate(detector: number, sampleRate: number): number;
    /** 1 for speech, 0 for none, -1 when the length is not 10, 20 or 30 ms. */
    _fvad_process(detector: number, samplesPointer: number, length: number): number;
  }

  // biome-ignore lint/style/noDefaultExport: this is how the package exports it.
  export default function load(): Promise<FvadModule>;
}
