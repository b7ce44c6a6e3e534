import { openAiErrorType } from '@understudy/contracts';
import { SPENT_LINE } from '../spent-batch.ts';
import type { EndedRequest, LineEnd, LineFailure } from './line-end.ts';
import { wrapAnswer } from './wrap-answer.ts';

/** A line of the output or error file of a batch, in OpenAI's format. */
export function renderOpenAiLine({ id, customId, jobId, end }: EndedRequest): Buffer {
  const head = JSON.stringify({ id, custom_id: customId }).slice(0, -1);
  if (end.kind === 'answered') {
    const response = JSON.stringify({ status_code: 200, request_id: jobId }).slice(0, -1);
    return wrapAnswer(`${head},"response":${response},"body":`, end.answer, '},"error":null}');
  }
  if (end.kind === 'failed') {
    const { failure } = end;
    const response = {
      status_code: failure.status,
      request_id: jobId ?? id,
      body: { error: errorOf(failure) },
    };
    return Buffer.from(`${head},"response":${JSON.stringify(response)},"error":null}`);
  }
  return Buffer.from(`${head},"response":null,"error":${JSON.stringify(reasonOf(end))}}`);
}

function errorOf({ status, code, message, type, param }: LineFailure) {
  return { message, type: openAiErrorType(status, type), param: param ?? null, code };
}

const CANCELLED = {
  code: 'batch_cancelled',
  message: 'the request was cancelled before it was answered',
};
const EXPIRED = {
  code: 'batch_expired',
  message: 'the batch expired before the request was answered',
};

const REASONS = { cancelled: CANCELLED, expired: EXPIRED, spent: SPENT_LINE };

function reasonOf(end: Exclude<LineEnd, { kind: 'answered' | 'failed' }>) {
  if (end.kind === 'unanswered') return { code: end.code, message: end.message };
  return REASONS[end.kind];
}
