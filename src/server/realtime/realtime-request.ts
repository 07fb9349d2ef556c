import { type Address, collapseSlashes, parseAddress } from '../../wire/address/address.ts';

/** What the address and the headers of an upgrade ask for, before anybody has looked whether it is there. */
export interface RealtimeRequest {
  readonly address: Address;
  readonly dialect: 'preview' | 'ga';
  readonly deployment: string | undefined;
  readonly purpose: 'conversation' | 'transcription';
  /** Whether the client asks to be told why the session does what it does, in events of ours. */
  readonly isTraced: boolean;
}

export interface UpgradeHead {
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** `undefined` at an address where no session can be had. Contract 2.1 and 3.1. */
export function parseRealtimeRequest({ url = '/', headers }: UpgradeHead): RealtimeRequest | undefined {
  const collapsed = collapseSlashes(url);
  const [path = ''] = collapsed.split('?');
  const address = parseAddress(collapsed, headers);
  if (!/^\/(openai\/|openai\/v1\/|v1\/)realtime\/?$/.test(path)) return undefined;
  const query = new URLSearchParams(collapsed.slice(path.length));
  // Either name is seen at every address; the one that is documented for it goes first.
  const names = address.form === 'azure-resource' ? ['deployment', 'model'] : ['model', 'deployment'];
  return {
    address,
    dialect: isPreview(address, headers) ? 'preview' : 'ga',
    deployment:
      names.map((name) => query.get(name)).find((value) => value !== null && value !== '') ?? undefined,
    purpose: query.get('intent') === 'transcription' ? 'transcription' : 'conversation',
    isTraced: query.get('samtal-trace') === '1',
  };
}

function isPreview(address: Address, headers: UpgradeHead['headers']): boolean {
  if (address.form === 'azure-resource') return true;
  if (address.form === 'azure-v1') return false;
  return (
    listed(headers['openai-beta']).includes('realtime=v1') ||
    listed(headers['sec-websocket-protocol']).includes('openai-beta.realtime-v1')
  );
}

function listed(header: string | readonly string[] | undefined): readonly string[] {
  return [header ?? []].flat().flatMap((value) => value.split(',').map((entry) => entry.trim()));
}
