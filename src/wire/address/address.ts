/**
 * Which of the three published address forms a request came by (contract 1.1), or that it is for the management
 * plane. It decides the envelope of errors, where the deployment's name stands, and what Azure adds to answers.
 */
export interface Address {
  readonly family: 'azure' | 'openai';
  readonly form: 'azure-deployment' | 'azure-resource' | 'azure-v1' | 'openai' | 'management' | 'other';
  /** The deployment that the path names; in the other forms the body's `model` does. */
  readonly deployment: string | undefined;
  readonly apiVersion: string | undefined;
  /** What is asked of it, such as `/chat/completions`. */
  readonly operation: string;
}

/** SDKs of the 4.x generation join an endpoint that ends in a slash with one more: `//openai/…`. */
export function collapseSlashes(url: string): string {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  return path.replace(/\/{2,}/g, '/') + (query < 0 ? '' : url.slice(query));
}

/** Reads the address from a path and query whose slashes are collapsed. Never throws. */
export function parseAddress(url: string, headers: Readonly<Record<string, unknown>> = {}): Address {
  const [path, query] = splitOnce(url, '?');
  const inQuery = query === '' ? null : new URLSearchParams(query).get('api-version');
  const asked = inQuery ?? headers['api-version'];
  const apiVersion = typeof asked === 'string' && asked !== '' ? asked : undefined;
  const deployment = /^\/openai\/deployments\/([^/]+)(\/.*)$/.exec(path);
  if (deployment) {
    const [, name = '', operation = ''] = deployment;
    return { family: 'azure', form: 'azure-deployment', deployment: decode(name), apiVersion, operation };
  }
  const v1 = /^\/openai\/v1(\/.*)$/.exec(path);
  if (v1)
    return { family: 'azure', form: 'azure-v1', deployment: undefined, apiVersion, operation: v1[1] ?? '' };
  const resource = /^\/openai(\/.*)$/.exec(path);
  if (resource) {
    const operation = resource[1] ?? '';
    return { family: 'azure', form: 'azure-resource', deployment: undefined, apiVersion, operation };
  }
  const openai = /^\/v1(\/.*)$/.exec(path);
  if (openai)
    return {
      family: 'openai',
      form: 'openai',
      deployment: undefined,
      apiVersion,
      operation: openai[1] ?? '',
    };
  if (path.startsWith('/subscriptions/')) {
    const [, operation = path] = /\/accounts\/[^/]+(\/.*)$/.exec(path) ?? [];
    return { family: 'azure', form: 'management', deployment: undefined, apiVersion, operation };
  }
  return { family: 'openai', form: 'other', deployment: undefined, apiVersion, operation: path };
}

/**
 * Azure's dated addresses want an api-version; every published one is a date. The v1 address takes none, `v1`,
 * `preview`, or what an SDK that was configured with a date adds.
 */
export function hasServedVersion(address: Address): boolean {
  if (address.form !== 'azure-deployment' && address.form !== 'azure-resource') return true;
  return /^20\d{2}-\d{2}-\d{2}(-preview)?$/.test(address.apiVersion ?? '');
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + separator.length)];
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
