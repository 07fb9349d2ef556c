import type { TestServer } from '../support/test-server.ts';

export interface ManagementAnswer {
  readonly status: number;
  readonly etag: string | null;
  /** Empty where the answer has none. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ManagementClient {
  /** The path of the account. */
  readonly account: string;
  list(): Promise<ManagementAnswer>;
  get(name: string, headers?: Headers): Promise<ManagementAnswer>;
  put(name: string, body: unknown, headers?: Headers): Promise<ManagementAnswer>;
  patch(name: string, body: unknown, headers?: Headers): Promise<ManagementAnswer>;
  remove(name: string, headers?: Headers): Promise<ManagementAnswer>;
  /** Asks at a path below the account's, such as `/deployments`. */
  ask(
    method: string,
    path: string,
    init?: { readonly body?: unknown; readonly headers?: Headers },
  ): Promise<ManagementAnswer>;
}

type Headers = Readonly<Record<string, string>>;

const ACCOUNT =
  '/subscriptions/0000/resourceGroups/home/providers/Microsoft.CognitiveServices/accounts/samtal';

/** Speaks to the management plane of `server` in plain HTTP, with its default key unless `headers` name another. */
export function deploymentsOf(server: TestServer): ManagementClient {
  const ask: ManagementClient['ask'] = async (method, path, { body, headers } = {}) => {
    const url = `${ACCOUNT}${path}${path.includes('?') ? '' : '?api-version=2025-06-01'}`;
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await server.get(url, {
      method,
      headers: { ...json, ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  };
  const at = (name: string): string => `/deployments/${encodeURIComponent(name)}`;
  return {
    account: ACCOUNT,
    ask,
    list: async () => await ask('GET', '/deployments'),
    get: async (name, headers = {}) => await ask('GET', at(name), { headers }),
    put: async (name, body, headers = {}) => await ask('PUT', at(name), { body, headers }),
    patch: async (name, body, headers = {}) => await ask('PATCH', at(name), { body, headers }),
    remove: async (name, headers = {}) => await ask('DELETE', at(name), { headers }),
  };
}
