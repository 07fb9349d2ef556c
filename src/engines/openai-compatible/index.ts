export { discoverLanguageModel } from './discover.ts';
export { type OpenAiCompatibleOptions, openAiCompatible } from './openai-compatible.ts';
export { type OpenAiSpeechOptions, openAiSpeech } from './openai-speech.ts';
export { type OpenAiTranscriptionsOptions, openAiTranscriptions } from './openai-transcriptions.ts';
