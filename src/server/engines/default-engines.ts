import { countTokens } from '../../engine/token-count.ts';
import { findEspeak } from '../../engines/espeak/find-espeak.ts';
import { multilingual } from '../../engines/multilingual/multilingual.ts';
import { recognizerByLanguage } from '../../engines/multilingual/recognizer-by-language.ts';
import { discoverLanguageModel, openAiCompatible } from '../../engines/openai-compatible/index.ts';
import { findPocketsphinx, POCKETSPHINX_REMEDY } from '../../engines/pocketsphinx/index.ts';
import { castVoices } from './cast-voices.ts';
import { type Missing, toNotice } from './missing.ts';
import type { NamedEngines } from './named-engines.ts';
import type { OpenedEngine } from './opened-engine.ts';

/** What does the work of a role where nothing else is named. */
export interface DefaultEngine extends OpenedEngine {
  /** Why it is this one, as an end to "..., because". */
  readonly because?: string;
  /** Why it is none, or not as good as it could be. */
  readonly missing?: Missing;
  /** What an operator should know of it that is no fault. */
  readonly notices?: readonly string[];
}

/** What defaults are chosen from. */
export interface Machine {
  readonly named: NamedEngines;
  /** The models of a role that are worth running, the best first, without those that do not start. */
  readonly pick: (failed: ReadonlySet<string>) => readonly string[];
}

const DISCOVERY_MS = 5_000;

/** The pulled models, each for its languages; English by pocketsphinx where none of them hears it. */
export async function openDefaultEars({ named, pick }: Machine): Promise<DefaultEngine> {
  const { engines, notices } = await startPulled(named, pick);
  const [first, ...rest] = engines.flatMap(({ recognizer }) => recognizer ?? []);
  if (first) {
    const needsEnglish = ![first, ...rest].some((each) => speaksLanguage(each, 'en')) && findPocketsphinx();
    const english = needsEnglish ? (await named.openBuiltIn('pocketsphinx')).recognizer : undefined;
    const all = [...rest, ...(english ? [english] : [])];
    const recognizer = all.length === 0 ? first : recognizerByLanguage([first, ...all]);
    return { recognizer, because: 'it is the best of what has been pulled', notices };
  }
  if (findPocketsphinx()) {
    const because = 'it is installed on this machine, and no model has been pulled';
    return { ...(await named.openBuiltIn('pocketsphinx')), because, notices };
  }
  return {
    missing: {
      reason: 'Nothing can hear: no speech recognizer is installed.',
      remedy: `Get one: samtal pull parakeet-tdt-0.6b-v3. Or, for English on Debian or Ubuntu: ${POCKETSPHINX_REMEDY}`,
    },
    notices,
  };
}

/** The pulled models, each for its languages; English by flite and every other language by espeak-ng else. */
export async function openDefaultVoice({ named, pick }: Machine): Promise<DefaultEngine> {
  const { engines, notices } = await startPulled(named, pick);
  const neural = engines.flatMap(({ synthesizer }) => synthesizer ?? []);
  const built = [
    await named.openBuiltIn('flite'),
    (await findEspeak()) ? await named.openBuiltIn('espeak') : undefined,
  ].flatMap((engine) => engine?.synthesizer ?? []);
  const speaking = [...neural, ...built];
  const byDefault = speaking.find((each) => speaksLanguage(each, 'en'));
  if (!byDefault) throw new Error('flite was opened and speaks no English.');
  const others = speaking.filter(
    (each) => each !== byDefault && (neural.includes(each) || addsTo(byDefault, each)),
  );
  const missing = {
    reason: 'Only English can be spoken: espeak-ng is not installed.',
    remedy: 'On Debian or Ubuntu: apt-get install espeak-ng',
  };
  return {
    synthesizer: multilingual({ byDefault, others, cast: castVoices(engines) }),
    because:
      neural.length > 0
        ? 'it is the best of what has been pulled, for each language'
        : 'it comes with Samtal, and no model has been pulled',
    ...(isEnglishOnly(speaking) && { missing }),
    notices,
  };
}

/** The pulled model, else a model server of this machine if one answers, else the scripted model, which says so. */
export async function openDefaultMind(
  isLookingAround: boolean,
  { named, pick }: Machine,
): Promise<DefaultEngine> {
  const { engines, notices } = await startPulled(named, (failed) => pick(failed).slice(0, 1));
  const [languageModel] = engines.flatMap((engine) => engine.languageModel ?? []);
  if (languageModel) return { languageModel, because: 'it is the best of what has been pulled', notices };
  const { found } = isLookingAround
    ? await discoverLanguageModel({ signal: AbortSignal.timeout(DISCOVERY_MS) })
    : { found: undefined };
  if (found) {
    const notice = `${found.model} of ${found.name} at ${found.baseUrl} thinks.`;
    const because = `${found.name} answers at ${found.baseUrl}`;
    return { languageModel: openAiCompatible(found), because, notices: [...notices, notice] };
  }
  return {
    ...(await named.openBuiltIn('scripted')),
    because: 'no language model is connected',
    warm: loadTokenizer,
    missing: {
      reason: 'No language model is connected: the scripted model answers, which repeats what it hears.',
      remedy:
        'Get one that runs here: samtal pull qwen3-1.7b. Or start Ollama, LM Studio, llama.cpp or vLLM on this machine and then Samtal again, or name a server in samtal.config.json.',
    },
    notices,
  };
}

/** Starts what is picked, and what is picked instead of a model that does not start; tells why that one does not. */
async function startPulled(
  named: NamedEngines,
  pick: Machine['pick'],
): Promise<{ readonly engines: readonly OpenedEngine[]; readonly notices: readonly string[] }> {
  const failed = new Map<string, string>();
  for (;;) {
    const picked = pick(new Set(failed.keys()));
    const tried = await Promise.all(
      picked.map(async (name) => ({ name, engine: await named.tryStart(name) })),
    );
    const engines = tried.flatMap(({ engine }) => engine ?? []);
    if (engines.length === tried.length) return { engines, notices: [...failed.values()] };
    for (const { name, engine } of tried) if (!engine) failed.set(name, toNotice(named.missing(name)));
  }
}

interface Speaking {
  readonly languages: readonly string[];
}

function speaksLanguage({ languages }: Speaking, language: string): boolean {
  return languages.length === 0 || languages.includes(language);
}

function isEnglishOnly(speaking: readonly Speaking[]): boolean {
  return speaking.every(({ languages }) => languages.length === 1 && languages[0] === 'en');
}

function addsTo(known: Speaking, { languages }: Speaking): boolean {
  if (known.languages.length === 0) return false;
  return languages.length === 0 || languages.some((language) => !known.languages.includes(language));
}

async function loadTokenizer(): Promise<void> {
  await countTokens('');
}
