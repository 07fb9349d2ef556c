import koffi, { type LibraryHandle } from 'koffi';
import type { PocketsphinxLocation } from './find-pocketsphinx.ts';

/** An address in the library's memory. */
export type Pointer = unknown;

/** The functions of libpocketsphinx 5prealpha (`pocketsphinx.h`, `cmd_ln.h`, `cmn.h`) that a decoder needs. */
export interface PocketsphinxLibrary {
  readonly parseArguments: (argv: readonly string[]) => Pointer;
  /** Null when the model can not be used. */
  readonly init: (config: Pointer) => Pointer;
  readonly startStream: (decoder: Pointer) => number;
  readonly startUtterance: (decoder: Pointer) => number;
  /** `noSearch` computes features only. */
  readonly processRaw: (decoder: Pointer, samples: Int16Array, noSearch: boolean) => number;
  readonly endUtterance: (decoder: Pointer) => number;
  readonly hypothesis: (decoder: Pointer) => string | null;
  readonly segments: (decoder: Pointer) => readonly PocketsphinxSegment[];
  /** The state of cepstral mean normalisation within a decoder. */
  readonly meanOf: (decoder: Pointer) => Pointer;
  readonly getMean: (mean: Pointer) => Float32Array;
  readonly setMean: (mean: Pointer, value: Float32Array) => void;
}

/** A word, filler or sentence mark of the hypothesis, in frames of 10 ms; `last` belongs to it. */
export interface PocketsphinxSegment {
  readonly word: string;
  readonly first: number;
  readonly last: number;
}

/** Cepstral coefficients of a frame, `-ceplen`. */
export const CEPSTRUM_LENGTH = 13;

/** `feat_t` of sphinxbase/feat.h up to the member that is read. */
const FEATURES = koffi.struct({
  refcount: 'int',
  name: 'void *',
  cepsize: 'int32_t',
  n_stream: 'int32_t',
  stream_len: 'void *',
  window_size: 'int32_t',
  n_sv: 'int32_t',
  sv_len: 'void *',
  subvecs: 'void *',
  sv_buf: 'void *',
  sv_dim: 'int32_t',
  cmn: 'int',
  varnorm: 'int32_t',
  agc: 'int',
  compute_feat: 'void *',
  cmn_struct: 'void *',
});

/**
 * Loads the library into this process: call it in a child, since its failures can be fatal.
 * @throws {Error} when it can not be loaded.
 */
export function loadPocketsphinx(location: PocketsphinxLocation): PocketsphinxLibrary {
  const base = koffi.load(location.baseLibrary);
  const library = koffi.load(location.library);
  const parse = base.func('void *cmd_ln_parse_r(void *, void *, int, const char **, int)');
  const definitions = library.func('void *ps_args()');
  const process = library.func('int ps_process_raw(void *, const int16_t *, size_t, int, int)');
  const hypothesis = library.func('const char *ps_get_hyp(void *, _Out_ int32_t *)');
  const features = library.func('void *ps_get_feat(void *)');
  const getMean = base.func('void cmn_live_get(void *, _Out_ float *)');
  return {
    parseArguments: (argv) => parse(null, definitions(), argv.length, argv, 1),
    init: library.func('void *ps_init(void *)'),
    startStream: library.func('int ps_start_stream(void *)'),
    startUtterance: library.func('int ps_start_utt(void *)'),
    processRaw: (decoder, samples, noSearch) =>
      process(decoder, samples, samples.length, Number(noSearch), 0),
    endUtterance: library.func('int ps_end_utt(void *)'),
    hypothesis: (decoder) => hypothesis(decoder, [0]),
    segments: segmentsIn(library),
    meanOf: (decoder) => koffi.decode(features(decoder), FEATURES).cmn_struct,
    getMean: (mean) => {
      const value = new Float32Array(CEPSTRUM_LENGTH);
      getMean(mean, value);
      return value;
    },
    setMean: base.func('void cmn_live_set(void *, const float *)'),
  };
}

function segmentsIn(library: LibraryHandle): PocketsphinxLibrary['segments'] {
  const first = library.func('void *ps_seg_iter(void *)');
  const next = library.func('void *ps_seg_next(void *)');
  const word = library.func('const char *ps_seg_word(void *)');
  const frames = library.func('void ps_seg_frames(void *, _Out_ int *, _Out_ int *)');
  return (decoder) => {
    const segments: PocketsphinxSegment[] = [];
    for (let segment: Pointer = first(decoder); segment; segment = next(segment)) {
      const start = [0];
      const end = [0];
      frames(segment, start, end);
      segments.push({ word: word(segment), first: start[0] ?? 0, last: end[0] ?? 0 });
    }
    return segments;
  };
}
