import { countTokens } from '../../engine/token-count.ts';
import { findEspeak } from '../../engines/espeak/find-espeak.ts';
import { multilingual } from '../../engines/multilingual/multilingual.ts';
import { discoverLanguageModel, openAiCompatible } from '../../engines/openai-compatible/index.ts';
import { findPocketsphinx, POCKETSPHINX_REMEDY } from '../../engines/pocketsphinx/index.ts';
import type { Missing } from './missing.ts';
import type { NamedEngines } from './named-engines.ts';
import type { OpenedEngine } from './opened-engine.ts';

/** What does the work of a role where nothing else is named. */
export interface DefaultEngine extends OpenedEngine {
  /** Why it is none, or not as good as it could be. */
  readonly missing?: Missing;
  /** What an operator should know of it that is no fault. */
  readonly notice?: string;
}

const DISCOVERY_MS = 5_000;

export async function openDefaultEars(named: NamedEngines): Promise<DefaultEngine> {
  if (findPocketsphinx()) return await named.openBuiltIn('pocketsphinx');
  return {
    missing: {
      reason: 'Nothing can hear: no speech recognizer is installed.',
      remedy: `On Debian or Ubuntu: ${POCKETSPHINX_REMEDY}`,
    },
  };
}

/** English by flite, every other language by espeak-ng where that is installed. */
export async function openDefaultVoice(named: NamedEngines): Promise<DefaultEngine> {
  const english = await named.openBuiltIn('flite');
  const others = (await findEspeak()) ? await named.openBuiltIn('espeak') : undefined;
  const speaking = [english, others].flatMap((engine) => engine?.synthesizer ?? []);
  const [byDefault, ...rest] = speaking;
  if (!byDefault) throw new Error('flite was opened and is no synthesizer.');
  const missing = {
    reason: 'Only English can be spoken: espeak-ng is not installed.',
    remedy: 'On Debian or Ubuntu: apt-get install espeak-ng',
  };
  return { synthesizer: multilingual({ byDefault, others: rest }), ...(!others && { missing }) };
}

/** A model server of this machine if one answers, else the scripted model, which says of itself what it is. */
export async function openDefaultMind(isLookingAround: boolean, named: NamedEngines): Promise<DefaultEngine> {
  const { found } = isLookingAround
    ? await discoverLanguageModel({ signal: AbortSignal.timeout(DISCOVERY_MS) })
    : { found: undefined };
  if (found) {
    const notice = `${found.model} of ${found.name} at ${found.baseUrl} thinks.`;
    return { languageModel: openAiCompatible(found), notice };
  }
  return {
    ...(await named.openBuiltIn('scripted')),
    warm: loadTokenizer,
    missing: {
      reason: 'No language model is connected: the scripted model answers, which repeats what it hears.',
      remedy:
        'Start Ollama, LM Studio, llama.cpp or vLLM on this machine and then Samtal again, or name a server in samtal.config.json.',
    },
  };
}

async function loadTokenizer(): Promise<void> {
  await countTokens('');
}
