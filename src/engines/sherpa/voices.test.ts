import { expect, test } from 'vitest';
import { offeredVoices, voicesOf } from './voices.ts';

const API_VOICES = 'alloy ash ballad coral echo fable nova onyx sage shimmer verse marin cedar'.split(' ');

/** As https://k2-fsa.github.io/sherpa/onnx/tts/pretrained_models/kokoro.html lists them. */
const KOKORO_0_19 =
  'af af_bella af_nicole af_sarah af_sky am_adam am_michael bf_emma bf_isabella bm_george bm_lewis';
const KOKORO_1_0 = `af_alloy af_aoede af_bella af_heart af_jessica af_kore af_nicole af_nova af_river af_sarah af_sky
  am_adam am_echo am_eric am_fenrir am_liam am_michael am_onyx am_puck am_santa bf_alice bf_emma bf_isabella bf_lily
  bm_daniel bm_fable bm_george bm_lewis ef_dora em_alex ff_siwis hf_alpha hf_beta hm_omega hm_psi if_sara im_nicola
  jf_alpha jf_gongitsune jf_nezumi jf_tebukuro jm_kumo pf_dora pm_alex pm_santa zf_xiaobei zf_xiaoni zf_xiaoxiao
  zf_xiaoyi zm_yunjian zm_yunxi zm_yunxia zm_yunyang`;

function speakersOf(names: string): readonly string[] {
  return names.split(/\s+/);
}

function numbers(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}

function assigned(speakers: readonly string[]): readonly number[] {
  const voices = voicesOf({ speakers });
  return API_VOICES.map((voice) => voices.get(voice) ?? Number.NaN);
}

test('who has the name of a voice speaks with it', () => {
  const voices = voicesOf({ speakers: speakersOf(KOKORO_1_0) });
  expect(['alloy', 'echo', 'fable', 'nova', 'onyx'].map((voice) => voices.get(voice))).toEqual([
    0, 12, 25, 7, 17,
  ]);
});

test('thirteen speakers are enough for all voices of the API to be different', () => {
  for (const speakers of [speakersOf(KOKORO_1_0), numbers(13), numbers(103), numbers(904)]) {
    expect(new Set(assigned(speakers)).size).toBe(13);
  }
});

test('of fewer speakers none is without a voice, and no voice without a speaker', () => {
  expect(new Set(assigned(speakersOf(KOKORO_0_19))).size).toBe(11);
  expect(new Set(assigned(numbers(8))).size).toBe(8);
  expect(assigned(['0'])).toEqual(new Array(13).fill(0));
});

test('those of Kokoro who speak English have the voices of the API', () => {
  const speakers = speakersOf(KOKORO_1_0);
  for (const number of assigned(speakers)) expect(speakers[number]).toMatch(/^[ab][fm]_/);
});

test('numbers without names are far from each other', () => {
  const sorted = assigned(numbers(904)).toSorted((one, other) => one - other);
  const distances = sorted.slice(1).map((number, index) => number - (sorted[index] ?? 0));
  expect(Math.min(...distances)).toBeGreaterThanOrEqual(69);
});

test("a model's own names and numbers are voices, and what is chosen goes before all", () => {
  const voices = voicesOf({ speakers: ['anna', 'bertil'] }, { alloy: 'bertil', nova: 0, narrator: 1 });
  expect(voices.get('anna')).toBe(0);
  expect(voices.get('1')).toBe(1);
  expect(['alloy', 'nova', 'narrator'].map((voice) => voices.get(voice))).toEqual([1, 0, 1]);
  expect(voices.get('carl')).toBeUndefined();
});

test('names are offered beside the voices of the API, and numbers only where they are few', () => {
  const offeredBeside = (speakers: readonly string[]): readonly string[] =>
    offeredVoices({ speakers }, { narrator: 0 }).slice(API_VOICES.length);
  expect(offeredBeside(['anna', 'bertil'])).toEqual(['narrator', 'anna', 'bertil']);
  expect(offeredBeside(numbers(3))).toEqual(['narrator', '0', '1', '2']);
  expect(offeredBeside(numbers(904))).toEqual(['narrator']);
  expect(offeredBeside(['0'])).toEqual(['narrator']);
});
