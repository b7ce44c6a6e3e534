import type { Attempt, JobProgress, JobRequest, PlannedTarget } from '@understudy/contracts';

/** What an attempt says of its job and its target before anything has happened. */
export function plannedAttempt(
  request: JobRequest,
  { round }: Pick<JobProgress, 'round'>,
  planned: PlannedTarget,
  number: number,
): Omit<Attempt, 'outcome' | 'started_at'> {
  const { target, provider, kind, model_drawn, model_sent, dialect } = planned;
  return {
    number,
    round,
    target,
    provider,
    ...(kind === undefined ? {} : { kind }),
    dialect: dialect ?? request.dialect,
    model_requested: request.model,
    ...(model_drawn === undefined ? {} : { model_drawn }),
    ...(model_sent === undefined ? {} : { model_sent }),
  };
}
