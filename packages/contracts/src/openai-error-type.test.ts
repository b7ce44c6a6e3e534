import { expect, test } from 'vitest';
import { openAiErrorType } from './openai-error-type.ts';

test.each([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [409, 'invalid_request_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [504, 'api_error'],
])('an error with the status %i is of the type %s', (status, type) => {
  expect(openAiErrorType(status)).toBe(type);
});

test('the provider’s own word goes first', () => {
  expect(openAiErrorType(429, 'insufficient_quota')).toBe('insufficient_quota');
});
