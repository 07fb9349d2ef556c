export { type OpenAiCompatibleOptions, openAiCompatible } from './openai-compatible.ts';
export type { UpstreamOptions, UpstreamTimeouts } from './upstream.ts';
