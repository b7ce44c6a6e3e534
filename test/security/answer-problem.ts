import type { HostileRequest } from './hostile-request.ts';
import type { RawAnswer } from './raw-client.ts';

/** What must never stand in an answer: a stack, a path of the source, another's header. */
const LEAKS = [/\n? {4}at \S+ \(/, /node_modules/, /\/src\/\S+\.ts/, /\r\nx-injected:/i];

const PUBLIC_PATHS = /^\/(?:|healthz|readyz|openapi\.json|docs(?:[/?].*)?)(?:[?#].*)?$/;

/**
 * What is wrong with how the API answered a request that may be anything at all.
 * @param key what the request was let in with, which no answer repeats; undefined without one
 * @returns undefined where nothing is
 */
export function answerProblem(
  { method, target }: HostileRequest,
  { status, text, abandoned }: RawAnswer,
  key: string | undefined,
): string | undefined {
  if (abandoned) return 'it took longer than the client had patience for';
  if (status === undefined) return 'the connection was closed without an answer';
  const leak = LEAKS.find((pattern) => pattern.test(text));
  if (leak !== undefined) return `the answer shows ${leak}`;
  if (key !== undefined && text.includes(key)) return 'the answer shows the key';
  if (status >= 500 && !isEndOfWait(status, text)) return `a request is no reason for a ${status}`;
  if (key === undefined && status < 400 && !PUBLIC_PATHS.test(target) && method !== 'OPTIONS') {
    return `without a key it was answered with ${status}`;
  }
  return status >= 400 && method !== 'HEAD' ? shapeProblem(text) : undefined;
}

/** A call's time may be over before its job is, which is no fault of the API, nor of the request. */
function isEndOfWait(status: number, text: string): boolean {
  return status === 504 && /\r\nunderstudy-job: job_/i.test(text);
}

/** Every refusal says in JSON what is wrong, in a form that the callers' SDKs read. */
function shapeProblem(text: string): string | undefined {
  const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s, 2);
  if (head.startsWith('HTTP/1.1 416 ')) return undefined;
  if (!/\r\ncontent-type: application\/(?:problem\+)?json/i.test(head)) {
    return 'the refusal is no JSON';
  }
  if (!/\r\nx-request-id: req_/i.test(head)) return 'the refusal has no x-request-id';
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } };
    if (typeof error?.message === 'string') return undefined;
  } catch {
    // Told below, as what is missing.
  }
  return 'the refusal has no error.message';
}
