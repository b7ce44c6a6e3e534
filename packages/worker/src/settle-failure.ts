import type { Attempt, JobProgress } from '@understudy/contracts';
import { SCHEMA_VERSION } from '@understudy/contracts';
import { failureSummary, moveJob } from '@understudy/dispatch';
import type { TurnOutcome } from './call-surfaces.ts';
import type { HeldTurn } from './held-turn.ts';
import { jobCost } from './job-cost.ts';
import { reportFailedCall } from './report-availability.ts';
import type { TurnCall } from './settle-answer.ts';
import type { WorkerContext } from './worker-context.ts';

/** Carries out the verdict: cools the target where the rule says so, then moves the job on. */
export async function settleFailure(
  worker: WorkerContext,
  held: HeldTurn,
  outcome: Extract<TurnOutcome, { kind: 'failed' }>,
  call: TurnCall,
): Promise<void> {
  const { dispatch, settings } = worker;
  const { request, token, turn } = held;
  const { judgement } = outcome;
  const cooldown = await reportFailedCall(worker, held, { ...outcome, ...call });
  const attempts = withCooldown(outcome.attempts, cooldown);
  const passesOn = judgement.rule.refusal === true && call.route?.onRefusal === 'next';

  if (judgement.verdict === 'terminal' && !passesOn) {
    const message = 'the provider says that no one will accept this request';
    await dispatch.store.transition(request, {
      token,
      status: 'failed',
      nextTurn: turn + 1,
      progress: afterCalls(held, attempts, call.probe),
      appended: attempts,
      folded: [],
      end: {
        v: SCHEMA_VERSION,
        error: failureSummary('provider_rejected', message, attempts),
        ...jobCost(held.progress, attempts),
      },
      endedAt: dispatch.clock.now(),
      keepMs: settings().defaults.retentionMs,
    });
    return;
  }
  const closes = passesOn || judgement.verdict === 'next_for_good';
  const progress = afterCalls(held, attempts, call.probe);
  await moveJob(
    dispatch,
    {
      request,
      progress: {
        ...progress,
        ...(closes ? { closed: closing(held, judgement.rule.id) } : {}),
        ...(judgement.rule.windowExceeded === true ? windowExceeded(held, call) : {}),
      },
      turn,
      attemptsStored: held.attemptsStored,
      attemptsMade: attempts,
      span: held.span,
    },
    { token },
  );
}

/** The route wants another target's answer where this one declined. */
export async function continueAfterRefusal(
  { dispatch }: WorkerContext,
  held: HeldTurn,
  outcome: Extract<TurnOutcome, { kind: 'answered' }>,
): Promise<void> {
  const rule = 'refusal';
  const attempts = outcome.attempts.map((attempt): Attempt =>
    attempt.outcome === 'succeeded'
      ? { ...attempt, outcome: 'failed', verdict: 'next_for_good', rule }
      : attempt,
  );
  await moveJob(
    dispatch,
    {
      request: held.request,
      progress: { ...afterCalls(held, attempts, false), closed: closing(held, rule) },
      turn: held.turn,
      attemptsStored: held.attemptsStored,
      attemptsMade: attempts,
      span: held.span,
    },
    { token: held.token },
  );
}

/** Counts the calls. A failed probe costs the job none of its own. */
function afterCalls(held: HeldTurn, attempts: readonly Attempt[], probe: boolean): JobProgress {
  const { progress, planned } = held;
  const { [planned.target]: _ended, ...skips } = progress.skips;
  return {
    ...progress,
    calls: progress.calls + (probe ? 0 : attempts.length),
    round_calls: progress.round_calls + attempts.length,
    skips,
    ...jobCost(progress, attempts),
  };
}

function closing({ progress, planned }: HeldTurn, rule: string): JobProgress['closed'] {
  return { ...progress.closed, [planned.target]: rule };
}

function windowExceeded(held: HeldTurn, { route }: TurnCall): Pick<JobProgress, 'window_exceeded'> {
  const arms = (route?.targets ?? []).flatMap((target) =>
    'split' in target ? target.split : [target],
  );
  const own = arms.find(
    ({ provider, model }) =>
      provider === held.planned.provider && model === held.planned.model_drawn,
  );
  const known = [held.progress.window_exceeded ?? 0, own?.contextWindow ?? 0];
  return { window_exceeded: Math.max(...known) };
}

function withCooldown(
  attempts: readonly Attempt[],
  cooldown: { scope: 'model' | 'provider'; until: number } | undefined,
): Attempt[] {
  const { scope, until } = cooldown ?? {};
  if (scope === undefined || until === undefined) return [...attempts];
  return attempts.map((attempt, index) =>
    index === attempts.length - 1 ? { ...attempt, cooldown: { scope, until } } : attempt,
  );
}
