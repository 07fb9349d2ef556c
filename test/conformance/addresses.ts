/** One of the three published forms of an address (contract 1.1), and how its paths are made. */
export interface ApiAddress {
  readonly name: string;
  readonly family: 'azure' | 'openai';
  /** Where `deployment` does `operation`, such as `/chat/completions`. */
  of(deployment: string, operation: string): string;
  /** Where `operation` stands that no deployment does, such as `/models`. */
  resource(operation: string): string;
}

const VERSION = 'api-version=2025-01-01-preview';

export const ADDRESSES: readonly ApiAddress[] = [
  {
    name: 'the Azure deployment address',
    family: 'azure',
    of: (deployment, operation) => `/openai/deployments/${deployment}${operation}?${VERSION}`,
    resource: (operation) => `/openai${operation}?${VERSION}`,
  },
  {
    name: 'the Azure v1 address',
    family: 'azure',
    of: (_, operation) => `/openai/v1${operation}`,
    resource: (operation) => `/openai/v1${operation}`,
  },
  {
    name: 'the OpenAI address',
    family: 'openai',
    of: (_, operation) => `/v1${operation}`,
    resource: (operation) => `/v1${operation}`,
  },
];
