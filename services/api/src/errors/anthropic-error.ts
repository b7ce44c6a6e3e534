import { anthropicErrorType } from '@understudy/contracts';
import type { ShownError } from './shown-error.ts';

/** Anthropic's envelope: its SDKs read the type and the message of the inner `error`. */
export interface AnthropicError {
  type: 'error';
  error: { type: string; message: string };
  request_id: string;
}

export function anthropicError(
  { status, type, message }: ShownError,
  requestId: string,
): AnthropicError {
  return {
    type: 'error',
    error: { type: anthropicErrorType(status, type), message },
    request_id: requestId,
  };
}
