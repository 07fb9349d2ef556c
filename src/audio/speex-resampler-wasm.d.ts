declare module '@echogarden/speex-resampler-wasm/simd' {
  /** What speexdsp's `speex_resampler.h` declares; pointers are offsets into the heap. */
  export interface SpeexResamplerModule {
    readonly HEAP16: Int16Array;
    readonly HEAPU32: Uint32Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _speex_resampler_init(
      channels: number,
      inputRate: number,
      outputRate: number,
      quality: number,
      errorPointer: number,
    ): number;
    _speex_resampler_destroy(state: number): void;
    _speex_resampler_skip_zeros(state: number): number;
    _speex_resampler_get_input_latency(state: number): number;
    _speex_resampler_process_int(
      state: number,
      channel: number,
      inputPointer: number,
      inputLengthPointer: number,
      outputPointer: number,
      outputLengthPointer: number,
    ): number;
  }

  // biome-ignore lint/style/noDefaultExport: this is how the package exports it.
  export default function load(): Promise<SpeexResamplerModule>;
}
