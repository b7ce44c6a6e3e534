import type { Attempt, JobEnd } from '@understudy/contracts';
import { isTerminal } from '@understudy/contracts';
import type { JobReference, StoredJob } from '@understudy/job-store';
import { publishCancel } from './cancel-channel.ts';
import type { DispatchContext } from './dispatch-context.ts';
import { END_TRIES } from './end-job.ts';
import { openAttempts } from './open-attempt.ts';
import { unplaceJob } from './place-job.ts';
import { traceWait } from './trace-step.ts';

/** A good answer of a start whose token has been taken over by another one. */
export interface LateAnswer {
  /** The fencing token of the start that brought it. */
  token: number;
  /** Of the calls of that start, the answered one last. */
  attempts: readonly Attempt[];
  /** How a job ends that made these calls. */
  endAfter(calls: readonly Attempt[]): JobEnd;
  result: Buffer;
}

/**
 * A paid answer is not thrown away: it ends a job that has not ended yet, wherever the job stands,
 * and a newer call is hung up. The attempt takes the place of the interrupted one that stood for it.
 * @returns false when the job had ended: then nothing changes
 * @throws NewerRecordError when a newer release has taken the job over
 */
export async function settleLateAnswer(
  context: DispatchContext,
  job: JobReference,
  late: LateAnswer,
): Promise<boolean> {
  for (let tries = 0; tries < END_TRIES; tries += 1) {
    const stored = await context.store.read(job);
    if (stored === undefined || isTerminal(stored.record.status)) return false;
    const { record } = stored;
    const now = context.clock.now();
    const { folded, appended, calls } = lateAttempts(stored, late, now);
    const result = await context.store.transition(record.request, {
      version: record.version,
      status: 'completed',
      nextTurn: record.turn + 1,
      progress: record.progress,
      folded,
      appended,
      result: late.result,
      end: late.endAfter(calls),
      endedAt: now,
      keepMs: context.views().settings.defaults.retentionMs,
    });
    if (!result.ok) continue;
    traceWait(record.request, record.progress, undefined, now);
    await publishCancel(context.redis, context.keyPrefix, job);
    if (record.status === 'queued') {
      await unplaceJob(context, record.request, record.progress, record.turn);
    }
    return true;
  }
  throw new Error(`job ${job.id} changed ${END_TRIES} times while a late answer was to end it`);
}

function lateAttempts(
  { record, attempts }: StoredJob,
  late: LateAnswer,
  now: number,
): { folded: Attempt[]; appended: Attempt[]; calls: Attempt[] } {
  const interrupted = attempts.find(
    ({ outcome, token }) => outcome === 'interrupted' && token === late.token,
  );
  const [first, ...rest] = late.attempts;
  const replaces = interrupted !== undefined && first !== undefined;
  const appended = (replaces ? rest : late.attempts).map((attempt, index) => ({
    ...attempt,
    number: attempts.length + 1 + index,
  }));
  const open = openAttempts(record, attempts.length + appended.length + 1, now);
  return {
    folded: replaces ? [{ ...first, number: interrupted.number }] : [],
    appended: [...appended, ...open],
    // All of them: the sum so far has the call that seemed lost for one of unknown cost.
    calls: [...attempts.filter((attempt) => attempt !== interrupted), ...late.attempts, ...open],
  };
}
