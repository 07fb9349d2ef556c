/** What a processor sees around it (W3C Web Audio API 1.1, section 1.32), which the DOM's types leave out. */
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
  abstract process(
    inputs: readonly (readonly Float32Array[])[],
    outputs: readonly (readonly Float32Array[])[],
  ): boolean;
}

declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** Of the context that the processor runs in. */
declare const sampleRate: number;

/** Frames that the context has rendered before this one. */
declare const currentFrame: number;
