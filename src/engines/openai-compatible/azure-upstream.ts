import type { UpstreamOptions } from './upstream.ts';

/** A deployment of an Azure resource, whose endpoint is the base URL. */
export interface AzureDeployment {
  readonly deployment: string;
  /** Such as `2025-01-01-preview`; without one the version 1 address is asked. */
  readonly apiVersion?: string | undefined;
}

/** Azure's address and header of a deployment, for what else is said in OpenAI's words. */
export function azureUpstream(
  options: UpstreamOptions,
  { deployment, apiVersion }: AzureDeployment,
): UpstreamOptions {
  const { baseUrl, apiKey, headers } = options;
  const endpoint = baseUrl.replace(/\/+$/, '');
  const path = apiVersion
    ? `/openai/deployments/${encodeURIComponent(deployment)}?api-version=${encodeURIComponent(apiVersion)}`
    : '/openai/v1';
  return {
    ...options,
    baseUrl: endpoint + path,
    model: deployment,
    apiKey: undefined,
    headers: { ...(apiKey && { 'api-key': apiKey }), ...headers },
  };
}
