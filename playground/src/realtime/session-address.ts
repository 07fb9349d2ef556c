import type { RealtimeSettings } from './settings.ts';

/** Where a session is asked for, below the address of the server. */
export function sessionPath({
  address,
  deployment,
}: Pick<RealtimeSettings, 'address' | 'deployment'>): string {
  const name = encodeURIComponent(deployment);
  if (address === 'preview') return `/openai/realtime?api-version=2024-10-01-preview&deployment=${name}`;
  return `${address === 'ga' ? '/openai' : ''}/v1/realtime?model=${name}`;
}

/** What the page asks for on top: events of the server's own marks and scores, which stock clients never see. */
export const TRACE = '&samtal-trace=1';

/** A browser can send no header with a WebSocket, so the credential goes as a protocol, never in the address. */
export function subprotocols({
  address,
  secret,
}: {
  readonly address: RealtimeSettings['address'];
  readonly secret: string | undefined;
}): readonly string[] {
  return [
    'realtime',
    ...(secret === undefined ? [] : [`openai-insecure-api-key.${secret}`]),
    ...(address === 'preview' ? ['openai-beta.realtime-v1'] : []),
  ];
}
