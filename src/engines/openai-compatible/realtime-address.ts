import type { UpstreamSessionRequest } from '../../engine/realtime-upstream.ts';
import type { AzureDeployment } from './azure-upstream.ts';

/** What to connect to, and the headers that ask for the dialect. */
export interface RealtimeAddress {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Azure's last version with the preview dialect. */
const PREVIEW_VERSION = '2025-04-01-preview';

/** The address below the base URL of a server with OpenAI's API, or of an Azure resource. */
export function realtimeAddress(
  { dialect, purpose, isTraced }: UpstreamSessionRequest,
  { model, azure }: { readonly model: string; readonly azure?: AzureDeployment | undefined },
): RealtimeAddress {
  const isTranscription = purpose === 'transcription';
  const extra = {
    ...(isTranscription && { intent: 'transcription' }),
    ...(isTraced && { 'samtal-trace': '1' }),
  };
  if (azure) {
    const { deployment, apiVersion = PREVIEW_VERSION } = azure;
    return dialect === 'ga'
      ? { path: '/openai/v1/realtime', query: { model: deployment, ...extra }, headers: {} }
      : { path: '/openai/realtime', query: { 'api-version': apiVersion, deployment, ...extra }, headers: {} };
  }
  return {
    path: '/realtime',
    // OpenAI lets the first update of a transcription session name what transcribes.
    query: { ...(!isTranscription && { model }), ...extra },
    headers: dialect === 'preview' ? { 'openai-beta': 'realtime=v1' } : {},
  };
}
