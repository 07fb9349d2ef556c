/** Where an operation stands in each of the three address forms (contract 1.1). */
export function addressForms(operation: string): readonly string[] {
  return [`/openai/deployments/:deployment${operation}`, `/openai/v1${operation}`, `/v1${operation}`];
}
