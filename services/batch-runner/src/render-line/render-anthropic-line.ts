import { anthropicErrorType } from '@understudy/contracts';
import type { EndedRequest, LineEnd } from './line-end.ts';
import { wrapAnswer } from './wrap-answer.ts';

const NO_STATUS = 500;

/** A line of a batch's results, in Anthropic's format. */
export function renderAnthropicLine({ customId, jobId, end }: EndedRequest): Buffer {
  const head = JSON.stringify({ custom_id: customId }).slice(0, -1);
  if (end.kind === 'answered') {
    return wrapAnswer(`${head},"result":{"type":"succeeded","message":`, end.answer, '}}');
  }
  return Buffer.from(`${head},"result":${JSON.stringify(resultOf(end, jobId))}}`);
}

function resultOf(end: Exclude<LineEnd, { kind: 'answered' }>, jobId: string | undefined) {
  // It has no word for a line that nobody would pay for.
  if (end.kind === 'cancelled' || end.kind === 'spent') return { type: 'canceled' };
  if (end.kind === 'expired') return { type: 'expired' };
  if (end.kind === 'unanswered') return errored(anthropicErrorType(NO_STATUS), end.message, jobId);
  const { status, type, message } = end.failure;
  return errored(anthropicErrorType(status, type), message, jobId);
}

function errored(type: string, message: string, jobId: string | undefined) {
  const error = { type: 'error', error: { type, message }, request_id: jobId ?? null };
  return { type: 'errored', error };
}
