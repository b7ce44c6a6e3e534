import type { RecordedCall } from '../support/fake-vendor-call.ts';
import type { Reply } from '../support/fake-vendor-reply.ts';
import { canary } from './canary-texts.ts';

/** How providers fail, each repeating the request and the credential that it refuses. */
export const LEAKY_FAILURES: Readonly<Record<string, (echo: string) => Reply>> = {
  key: (echo) => vendorError(401, 'invalid_api_key', `Incorrect API key provided: ${echo}`),
  billing: (echo) => vendorError(402, 'insufficient_quota', echo),
  forbidden: (echo) => vendorError(403, 'permission_error', echo),
  missing: (echo) => vendorError(404, 'model_not_found', `No model for ${echo}`),
  malformed: (echo) => vendorError(400, 'invalid_request_error', `Cannot use ${echo}`),
  policy: (echo) => vendorError(400, 'content_policy_violation', echo),
  large: (echo) => vendorError(413, 'request_too_large', echo),
  limited: (echo) => ({
    ...vendorError(429, 'rate_limit_exceeded', echo),
    headers: { 'retry-after': '1', 'x-request-id': 'req_1' },
  }),
  broken: (echo) => vendorError(500, 'server_error', echo),
  overloaded: (echo) => vendorError(529, 'overloaded_error', echo),
  page: (echo) => ({ status: 502, headers: { 'content-type': 'text/html' }, body: `<p>${echo}` }),
  inside: (echo) => ({ status: 200, body: { error: { code: 500, message: echo } } }),
  text: (echo) => ({ status: 200, body: `no JSON but ${echo}` }),
  half: (echo) => ({ status: 200, body: `{"choices":[{"message":{"content":"${echo}` }),
  cut: (echo) => ({ status: 200, body: { echo }, close: 'after-half-body' }),
  silent: () => ({ answer: 'never' }),
  redirect: (echo) => ({
    status: 307,
    headers: { location: `https://elsewhere.example.com/?${encodeURIComponent(echo)}` },
    body: '',
  }),
};

function vendorError(status: number, type: string, message: string): Reply {
  return { status, body: { error: { type, code: type, message, param: message } } };
}

/** Everything that the vendor was sent, in one line: headers with the key, and the body. */
export function echoOf({ headers, body }: RecordedCall): string {
  const key = `${headers.authorization ?? ''} ${String(headers['x-api-key'] ?? '')}`;
  return `${key} ${body.slice(0, 600)} ${canary('answer', '-in-an-error')}`;
}
