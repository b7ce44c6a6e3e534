import type { LineRejection } from '@understudy/batch-store';
import type { JobRecord, JobRequest } from '@understudy/contracts';
import { editTopLevel } from '@understudy/provider';
import { withIdPrefix } from '@understudy/submission';
import type { LineEnd } from './render-line/line-end.ts';
import { SPENT_LINE } from './spent-batch.ts';

/** What a line comes to whose job was erased before its answer was written. */
export const ERASED: LineEnd = {
  kind: 'unanswered',
  code: 'erased',
  message: 'the job of this line was erased before its answer was written here',
};

/** What a line comes to whose job, or answer, was changed in Redis so that nobody can read it. */
export const BROKEN: LineEnd = {
  kind: 'unanswered',
  code: 'unreadable',
  message: 'what became of this line can no longer be read',
};

/** What is written of the job of a line; `end` only where it is not an answer. */
export interface EndedJob extends Pick<JobRecord, 'status' | 'end'> {
  request: Pick<JobRequest, 'id' | 'dialect' | 'batch'>;
}

/** @param answer the bytes of the answer, of a job that completed */
export function lineEndOf({ request, status, end }: EndedJob, answer: Buffer | undefined): LineEnd {
  if (status === 'completed') {
    if (answer === undefined) return ERASED;
    // A Response is known to its caller by our id, whoever gave it.
    const ours = { id: withIdPrefix('resp_', request.id) };
    return {
      kind: 'answered',
      answer: request.dialect === 'responses' ? Buffer.from(editTopLevel(answer, ours)) : answer,
    };
  }
  if (status === 'cancelled' && end?.error?.code === SPENT_LINE.code) return { kind: 'spent' };
  if (status === 'cancelled' || status === 'expired') return { kind: status };
  const { code, message, status_code: failed, provider_error: said } = end?.error ?? {};
  if (failed === undefined || failed < 400) {
    return { kind: 'unanswered', code: code ?? 'failed', message: message ?? 'the job failed' };
  }
  const failure = {
    status: failed,
    code: said?.code ?? code ?? 'failed',
    message: said?.message ?? message ?? 'the job failed',
    ...(said?.type === undefined ? {} : { type: said.type }),
  };
  return { kind: 'failed', failure };
}

export function rejectedEnd({ statusCode, code, message, param }: LineRejection): LineEnd {
  const failure = { status: statusCode, code, message, ...(param === undefined ? {} : { param }) };
  return { kind: 'failed', failure };
}
