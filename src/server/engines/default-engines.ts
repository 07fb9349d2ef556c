import type { LanguageModel } from '../../engine/language-model.ts';
import { countTokens } from '../../engine/token-count.ts';
import { espeak } from '../../engines/espeak/espeak.ts';
import { findEspeak } from '../../engines/espeak/find-espeak.ts';
import { flite } from '../../engines/flite/flite.ts';
import { multilingual } from '../../engines/multilingual/multilingual.ts';
import { discoverLanguageModel, openAiCompatible } from '../../engines/openai-compatible/index.ts';
import { findPocketsphinx, POCKETSPHINX_REMEDY, pocketsphinx } from '../../engines/pocketsphinx/index.ts';
import { scripted } from '../../engines/scripted/index.ts';
import type { OpenedEngine } from './opened-engine.ts';

const DISCOVERY_MS = 5_000;

/** Tells the operator something, such as that nothing can hear. */
export type Notify = (notice: string) => void;

export function openDefaultEars(stack: AsyncDisposableStack, notify: Notify): OpenedEngine {
  if (!findPocketsphinx()) {
    notify(
      `Nothing can hear: no speech recognizer is installed. On Debian or Ubuntu: ${POCKETSPHINX_REMEDY}`,
    );
    return {};
  }
  const recognizer = stack.use(pocketsphinx());
  return {
    recognizer,
    warm: async () => await recognizer.warm(),
    trouble: () => recognizer.status.trouble,
  };
}

/** English by flite, every other language by espeak-ng where that is installed. */
export async function openDefaultVoice(stack: AsyncDisposableStack, notify: Notify): Promise<OpenedEngine> {
  const english = stack.use(flite());
  const program = await findEspeak();
  if (!program) {
    notify(
      'Only English can be spoken: espeak-ng is not installed. On Debian or Ubuntu: apt-get install espeak-ng',
    );
  }
  const others = program ? [await espeak({ program })] : [];
  return {
    synthesizer: multilingual({ byDefault: english, others }),
    warm: async () => await english.warm(),
    trouble: () => english.status.trouble,
  };
}

/** A model server of this machine if one answers, else the scripted model, which says of itself what it is. */
export async function openDefaultMind(
  isLookingAround: boolean,
  notify: Notify,
): Promise<OpenedEngine & { readonly languageModel: LanguageModel }> {
  const { found } = isLookingAround
    ? await discoverLanguageModel({ signal: AbortSignal.timeout(DISCOVERY_MS) })
    : { found: undefined };
  if (found) {
    notify(`${found.model} of ${found.name} at ${found.baseUrl} thinks.`);
    return { languageModel: openAiCompatible(found) };
  }
  notify(
    'No language model is connected: the scripted model answers, which repeats what it hears. Start Ollama, LM Studio, llama.cpp or vLLM on this machine and then Samtal again, or name a server in samtal.config.json.',
  );
  return { languageModel: await scripted(), warm: loadTokenizer };
}

async function loadTokenizer(): Promise<void> {
  await countTokens('');
}
