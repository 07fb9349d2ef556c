import { basename } from 'node:path';
import type { RecognizerDescription } from './model-description.ts';
import { ALONE, type ModelFolder } from './model-folder.ts';
import { type OnnxMetadata, splitList } from './onnx-metadata.ts';
import type { ModelConfig } from './sherpa-onnx.ts';

const SAMPLE_RATE = 16_000;

/** What is found in a folder before it is known which family that is. */
interface Networks {
  readonly encoder: string | undefined;
  readonly decoder: string | undefined;
  readonly joiner: string | undefined;
  readonly model: string | undefined;
  readonly metadata: OnnxMetadata;
}

type Found = Pick<RecognizerDescription, 'family' | 'isStreaming'> & { readonly config: ModelConfig };

/** A network alone, by what its metadata calls it or, for want of that, by its name. */
interface SingleFamily {
  readonly family: string;
  readonly modelType?: RegExp;
  readonly name?: RegExp;
  /** What takes its place when the network hears a stream. */
  readonly streaming?: string;
}

const SINGLE: readonly SingleFamily[] = [
  { family: 'nemoCtc', modelType: /^EncDec/, streaming: 'nemoCtc' },
  { family: 'zipformerCtc', modelType: /^zipformer/, streaming: 'zipformer2Ctc' },
  { family: 'wenetCtc', modelType: /^wenet_ctc/ },
  { family: 'paraformer', modelType: /^paraformer/ },
  { family: 'senseVoice', modelType: /^sense_voice/ },
  { family: 'toneCtc', modelType: /^t-one/, streaming: 'toneCtc' },
  { family: 'omnilingual', modelType: /^omnilingual/ },
  { family: 'medasr', modelType: /^medasr/ },
  { family: 'tdnn', modelType: /^tdnn/ },
  { family: 'dolphin', modelType: /dolphin/i, name: /dolphin/i },
  { family: 'fireRedAsrCtc', modelType: /fire-?red/i, name: /fire-?red/i },
  { family: 'senseVoice', name: /sense-?voice/i },
  { family: 'nemoCtc', name: /nemo|parakeet|giga-?am/i, streaming: 'nemoCtc' },
  { family: 'zipformerCtc', name: /zipformer/i, streaming: 'zipformer2Ctc' },
];

/** The recognizer in `folder`; undefined when what is there is none. @throws {EngineError} `unavailable`. */
export async function describeRecognizer(folder: ModelFolder): Promise<RecognizerDescription | undefined> {
  const networks = await findNetworks(folder);
  const found =
    moonshine(folder, networks) ??
    transducer(folder, networks) ??
    pair(folder, networks) ??
    single(folder, networks);
  if (!found) return undefined;
  const { family, isStreaming, config } = found;
  return {
    role: 'recognizer',
    family,
    isStreaming,
    onlyGrows: isStreaming && family !== 'paraformer',
    languages: languagesOf(family, networks.metadata),
    sampleRate: SAMPLE_RATE,
    config: { ...config, tokens: folder.tokens() },
    rules: { fsts: [], fars: [] },
    bytes: folder.bytes,
  };
}

async function findNetworks(folder: ModelFolder): Promise<Networks> {
  const encoder = folder.network(/(?:^|[-_.])encode/i);
  const decoder = folder.network(/(?:^|[-_.])decoder/i);
  const joiner = folder.network(/(?:^|[-_.])joiner/i);
  const model = encoder === undefined ? folder.network(ALONE) : undefined;
  const main = encoder ?? model;
  return { encoder, decoder, joiner, model, metadata: main === undefined ? {} : await folder.metadata(main) };
}

function moonshine(folder: ModelFolder, { encoder, decoder }: Networks): Found | undefined {
  const preprocessor = folder.network(/^preprocess/i);
  if (preprocessor !== undefined) {
    const uncachedDecoder = folder.network(/(?:^|[-_.])uncached_decode/i);
    const cachedDecoder = folder.network(/^cached_decode/i);
    if (encoder === undefined) throw folder.missing('encode.onnx');
    if (uncachedDecoder === undefined) throw folder.missing('uncached_decode.onnx');
    if (cachedDecoder === undefined) throw folder.missing('cached_decode.onnx');
    return offline('moonshine', { preprocessor, encoder, uncachedDecoder, cachedDecoder });
  }
  if (decoder === undefined || !/merged/i.test(basename(decoder))) return undefined;
  if (encoder === undefined) throw folder.missing('encoder_model.ort');
  return offline('moonshine', { encoder, mergedDecoder: decoder });
}

function transducer(folder: ModelFolder, networks: Networks): Found | undefined {
  const { encoder, decoder, joiner, metadata } = networks;
  if (joiner === undefined) return undefined;
  if (encoder === undefined) throw folder.missing('encoder.onnx');
  if (decoder === undefined) throw folder.missing('decoder.onnx');
  const isStreaming = hearsStreams(metadata, `${folder.name}/${basename(encoder)}`);
  const files = { transducer: { encoder, decoder, joiner } };
  if (isStreaming) return { family: 'transducer', isStreaming, config: files };
  // Without this, sherpa-onnx loads the encoder once more to find out.
  const modelType = /^EncDec/.test(metadata['model_type'] ?? '') ? 'nemo_transducer' : 'transducer';
  return { family: 'transducer', isStreaming, config: { ...files, modelType } };
}

function pair(folder: ModelFolder, { encoder, decoder, metadata }: Networks): Found | undefined {
  if (encoder === undefined) return undefined;
  if (decoder === undefined) throw folder.missing('decoder.onnx');
  const type = metadata['model_type'] ?? '';
  const files = { encoder, decoder };
  if (/^whisper/.test(type)) return offline('whisper', files);
  if (/^EncDecMultiTask/.test(type)) return offline('canary', { ...files, usePnc: 1 });
  if (/cohere/.test(type)) return offline('cohereTranscribe', { ...files, usePunct: 1, useItn: 1 });
  if (/^paraformer/.test(type)) {
    return { family: 'paraformer', isStreaming: true, config: { paraformer: files } };
  }
  if (metadata['cmvn_mean'] !== undefined || /fire-?red/i.test(folder.name))
    return offline('fireRedAsr', files);
  return undefined;
}

function single(folder: ModelFolder, { model, metadata }: Networks): Found | undefined {
  if (model === undefined) return undefined;
  const type = metadata['model_type'] ?? '';
  const name = `${folder.name}/${basename(model)}`;
  if (/^telespeech/.test(type)) {
    return { family: 'teleSpeechCtc', isStreaming: false, config: { teleSpeechCtc: model } };
  }
  const found = SINGLE.find((each) => (type === '' ? each.name?.test(name) : each.modelType?.test(type)));
  if (!found) return undefined;
  const { family, streaming } = found;
  const isStreaming = streaming !== undefined && (family === 'toneCtc' || hearsStreams(metadata, name));
  const own = isStreaming ? streaming : family;
  const settings = family === 'senseVoice' ? { model, useInverseTextNormalization: 1 } : { model };
  return { family: own, isStreaming, config: { [own]: settings } };
}

function offline(family: string, files: Readonly<Record<string, string | number>>): Found {
  return { family, isStreaming: false, config: { [family]: files } };
}

/** Networks that hear a stream tell how much of it they take at a time. */
function hearsStreams(metadata: OnnxMetadata, name: string): boolean {
  const sizes = ['decode_chunk_len', 'chunk_shift', 'chunk_feature_frames', 'T'];
  if (sizes.some((key) => metadata[key] !== undefined) || metadata['model_type'] === 'lstm') return true;
  // Only what says nothing of itself is judged by its name.
  return (
    metadata['model_type'] === undefined && /streaming|chunk-\d+/i.test(name.replace(/non-?streaming/gi, ''))
  );
}

function languagesOf(family: string, metadata: OnnxMetadata): readonly string[] {
  switch (family) {
    case 'whisper':
      return metadata['is_multilingual'] === '0' ? ['en'] : splitList(metadata['all_language_codes']);
    case 'senseVoice':
      return ['zh', 'en', 'ja', 'ko', 'yue'];
    case 'canary':
      return ['en', 'es', 'de', 'fr'];
    case 'toneCtc':
      return ['ru'];
    case 'medasr':
      return ['en'];
    default:
      return [];
  }
}
