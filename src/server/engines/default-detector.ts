import type { VoiceActivityDetector } from '../../engine/voice-activity-detector.ts';
import { webrtcVad } from '../../engines/webrtc-vad/webrtc-vad.ts';
import { EngineError } from '../../util/errors.ts';
import type { Config } from '../config/index.ts';
import type { DefaultEngine } from './default-engines.ts';
import { hasSileroModel } from './find-silero.ts';
import { type Missing, MissingEngine } from './missing.ts';
import type { NamedEngines } from './named-engines.ts';
import { type OpenEngineOptions, openEngine } from './open-engine.ts';
import type { OpenedEngine } from './opened-engine.ts';

export interface OpenedDetector extends DefaultEngine {
  readonly voiceActivity: VoiceActivityDetector;
}

interface OpenDetectorOptions extends OpenEngineOptions {
  readonly named: NamedEngines;
  /** The engines of the configuration. */
  readonly configured: readonly OpenedEngine[];
  /** What has been opened before, which goes on where nothing better has come. */
  readonly before?: OpenedDetector | undefined;
}

/**
 * The detector of every realtime session: the one that is named, else the first of the configuration, else Silero's
 * where its model has been put in the home, and WebRTC's everywhere else.
 * @throws {EngineError} `unavailable` when the one that is named can not be used.
 */
export async function openDetector(
  { voiceActivity: name, engines }: Config,
  { named, configured, before, ...options }: OpenDetectorOptions,
): Promise<OpenedDetector> {
  if (before && before.voiceActivity.name !== WEBRTC) return before;
  if (name !== undefined && Object.hasOwn(engines, name)) return detectorOf(await named.open(name));
  if (name === 'webrtc') return before ?? { voiceActivity: await webrtcVad() };
  if (name === 'silero') return await openSilero(options);
  const [first] = configured.filter(({ voiceActivity }) => voiceActivity);
  if (first) return detectorOf(first);
  if (!(await hasSileroModel(options.home))) return before ?? { voiceActivity: await webrtcVad() };
  try {
    return await openSilero(options);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { voiceActivity: await webrtcVad(), missing: toMissing(error) };
  }
}

const WEBRTC = 'webrtc-vad';

async function openSilero(options: OpenEngineOptions): Promise<OpenedDetector> {
  return detectorOf(await openEngine('silero', { type: 'silero' }, options));
}

function detectorOf(engine: OpenedEngine): OpenedDetector {
  const { voiceActivity } = engine;
  if (voiceActivity) return { ...engine, voiceActivity };
  throw new Error('The engine was opened and is no detector of speech.');
}

function toMissing(error: EngineError): Missing {
  if (error instanceof MissingEngine) return error.missing;
  return { reason: error.message, remedy: 'Until then the detector of WebRTC does its work.' };
}
