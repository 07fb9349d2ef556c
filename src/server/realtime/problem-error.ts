import type { ProblemCode, SessionProblem } from '../../realtime/session-event.ts';
import { ApiError, type ApiErrorKind } from '../../util/errors.ts';

/** A fault of a session's configuration, where it came in a request instead of an event. */
export function toApiError({ code, message, param }: SessionProblem): ApiError {
  return new ApiError(KINDS[code] ?? 'invalid-value', message, param === null ? {} : { param });
}

const KINDS: Partial<Readonly<Record<ProblemCode, ApiErrorKind>>> = {
  invalid_type: 'invalid-type',
  missing_required_parameter: 'missing-parameter',
  unknown_parameter: 'unknown-parameter',
  unsupported_parameter: 'unsupported-parameter',
};
