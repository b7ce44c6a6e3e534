import type { JobProgress } from '@understudy/contracts';
import { takeStep } from '@understudy/dispatch';
import { lookupName } from '@understudy/models';
import { UnsafeModelNameError } from '@understudy/provider';
import { planNext, resolveRoute } from '@understudy/routing';
import type { TargetCandidate } from '@understudy/routing';
import { callSurfaces } from './call-surfaces.ts';
import type { HeldTurn } from './held-turn.ts';
import { askPermission, returnPermit } from './probe-permit.ts';
import { settleAnswer } from './settle-answer.ts';
import { settleFailure } from './settle-failure.ts';
import { handBack } from './hand-back.ts';
import type { WorkerContext } from './worker-context.ts';

/** Checks the target once more, calls it, and moves the job on by what came of it. */
export async function takeTurn(worker: WorkerContext, held: HeldTurn): Promise<void> {
  const { dispatch } = worker;
  const { request, planned, provider } = held;
  const now = dispatch.clock.now();
  const today = new Date(now).toISOString().slice(0, 10);

  // What was planned from the registry is looked up again in the worker's own table.
  const name = lookupName(request.model, planned.model_drawn, provider.registration, today);
  if (name.kind !== 'mapped') return passOver(worker, held, name.kind, true);
  if (!provider.connection.dialects.includes(request.dialect)) {
    return passOver(worker, held, 'dialect_unsupported', true);
  }
  if (!isCallable(held, name.model)) return passOver(worker, held, 'unsafe_model_name', true);
  const permission = await askPermission(worker, held, name.model);
  if (permission === 'refused') return passOver(worker, held, 'cooling_down', false);

  const route = resolveRoute(request.model, dispatch.views(), today);
  const outcome = await callSurfaces(held, {
    model: name.model,
    route,
    timeoutMs: planned.timeout_ms ?? provider.settings.timeoutMs,
    probe: permission === 'probe',
    now: () => dispatch.clock.now(),
  });
  const call = { model: name.model, route, probe: permission === 'probe' };
  switch (outcome.kind) {
    case 'answered':
      return settleAnswer(worker, held, outcome, call);
    case 'failed':
      return settleFailure(worker, held, outcome, call);
    case 'stopped':
      if (call.probe) await returnPermit(worker, held, name.model);
      if (held.running.signal.reason === 'drain') await handBack(worker, held, outcome);
      // Otherwise the job has ended, and whoever ended it wrote this attempt.
      return;
  }
}

/** A name that could change the path of a provider's URL is sent nowhere. */
function isCallable({ provider, request }: HeldTurn, model: string): boolean {
  try {
    provider.connection.surfaces(request.dialect, model);
    return true;
  } catch (error) {
    if (error instanceof UnsafeModelNameError) return false;
    throw error;
  }
}

/** The target cannot take this job, or not now: on to the next one without a call. */
async function passOver(
  { dispatch }: WorkerContext,
  held: HeldTurn,
  rule: string,
  forGood: boolean,
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
    { request, progress, turn, attemptsStored, attemptsMade: [] },
    { token },
    { ...plan, skips: [{ candidate, rule }, ...plan.skips] },
  );
}
