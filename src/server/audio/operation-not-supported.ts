import { ApiError } from '../../util/errors.ts';
import type { Deployment } from '../deployment.ts';

/** Azure's refusal of an operation that a deployment's model is not for, with what its operator can do. */
export function notFor(operation: string, deployment: Deployment, remedy: string): ApiError {
  return new ApiError(
    'operation-not-supported',
    `The ${operation} operation does not work with the specified model, ${deployment.model}. Please choose different model and try again. ${remedy}`,
  );
}
