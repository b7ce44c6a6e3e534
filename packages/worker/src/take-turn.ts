import type { Attempt, JobProgress } from '@understudy/contracts';
import { takeStep } from '@understudy/dispatch';
import { planNext } from '@understudy/routing';
import type { TargetCandidate } from '@understudy/routing';
import { callSurfaces } from './call-surfaces.ts';
import { handBack } from './hand-back.ts';
import type { HeldTurn } from './held-turn.ts';
import { prepareCall } from './prepare-call.ts';
import type { PreparedCall } from './prepare-call.ts';
import { askPermission, returnPermit } from './probe-permit.ts';
import { settleAnswer } from './settle-answer.ts';
import { settleFailure } from './settle-failure.ts';
import { settlingWorker } from './settling-worker.ts';
import type { WorkerContext } from './worker-context.ts';

/** Checks the target once more, calls it, and moves the job on by what came of it. */
export async function takeTurn(worker: WorkerContext, held: HeldTurn): Promise<void> {
  const { dispatch } = worker;
  const { planned, provider } = held;
  const prepared = await prepareCall(worker, held);
  if (prepared.kind === 'stopped') return stop(worker, held, []);
  if (prepared.kind === 'passed_over') return passOver(worker, held, prepared);
  const { model, shaped, route } = prepared;
  const permission = await askPermission(worker, held, model);
  if (permission === 'cooling_down' || permission === 'paused') {
    return passOver(worker, held, { rule: permission, forGood: false });
  }

  const outcome = await callSurfaces(held, {
    model,
    shaped,
    route,
    timeoutMs: planned.timeout_ms ?? provider.settings.timeoutMs,
    probe: permission === 'probe',
    now: () => dispatch.clock.now(),
  });
  const call = { model, route, probe: permission === 'probe' };
  const settling = settlingWorker(worker, held.running);
  switch (outcome.kind) {
    case 'answered':
      return settleAnswer(settling, held, outcome, call);
    case 'failed':
      return settleFailure(settling, held, outcome, call);
    case 'stopped':
      if (call.probe) await returnPermit(worker, held, model);
      return stop(worker, held, [...outcome.attempts, outcome.openAttempt]);
  }
}

/** Where not this process but the job has ended, whoever ended it wrote the attempt under way. */
async function stop(
  worker: WorkerContext,
  held: HeldTurn,
  attempts: readonly Attempt[],
): Promise<void> {
  if (held.running.signal.reason === 'drain') await handBack(worker, held, attempts);
}

/** The target cannot take this job, or not now: on to the next one without a call. */
async function passOver(
  { dispatch }: WorkerContext,
  held: HeldTurn,
  { rule, forGood, detail }: Omit<Extract<PreparedCall, { kind: 'passed_over' }>, 'kind'>,
): Promise<void> {
  const { request, planned, turn, token, attemptsStored } = held;
  const progress: JobProgress = forGood
    ? { ...held.progress, closed: { ...held.progress.closed, [planned.target]: rule } }
    : held.progress;
  const plan = planNext(
    request,
    progress,
    dispatch.views(),
    dispatch.clock.now(),
    dispatch.random(),
  );
  const candidate: TargetCandidate = { planned, alive: true, availability: { kind: 'open' } };
  await takeStep(
    dispatch,
    { request, progress, turn, attemptsStored, attemptsMade: [], span: held.span },
    { token },
    {
      ...plan,
      skips: [{ candidate, rule, ...(detail === undefined ? {} : { detail }) }, ...plan.skips],
    },
  );
}
