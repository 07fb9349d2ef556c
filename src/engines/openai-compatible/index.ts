export { azureUpstream } from './azure-upstream.ts';
export { discoverLanguageModel } from './discover.ts';
export { type OpenAiAudioOptions, openAiAudio } from './openai-audio.ts';
export { type OpenAiCompatibleOptions, openAiCompatible } from './openai-compatible.ts';
export { openAiRealtime } from './openai-realtime.ts';
export { type OpenAiSpeechOptions, openAiSpeech } from './openai-speech.ts';
export { type OpenAiTranscriptionsOptions, openAiTranscriptions } from './openai-transcriptions.ts';
