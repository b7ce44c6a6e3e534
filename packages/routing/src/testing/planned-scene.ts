import type { JobProgress, JobRequest } from '@understudy/contracts';
import type { RouteSettings, Settings } from '@understudy/configuration';
import { planNext } from '../plan-next.ts';
import type { Plan } from '../plan-next.ts';
import { NOON, jobProgress, jobRequest, scene } from './routing-scene.ts';
import type { SceneProvider } from './routing-scene.ts';

/** The route of the model `m` to two targets. */
export const ab = { m: { targets: [{ provider: 'a' }, { provider: 'b' }] } };

/** What a call of this job at each of these targets leaves behind. */
export const called = (...targets: string[]): Partial<JobProgress> => ({
  visited: targets,
  calls: targets.length,
  round_calls: targets.length,
});

/** Plans a job that has come this far, without jitter unless told. */
export function plan(
  providers: Record<string, SceneProvider>,
  progress: Partial<JobProgress> = {},
  routes: Record<string, Partial<RouteSettings>> = ab,
  given: {
    request?: Partial<JobRequest>;
    settings?: Partial<Settings>;
    now?: number;
    random?: number;
  } = {},
): Plan {
  return planNext(
    jobRequest(given.request),
    jobProgress(progress),
    scene(providers, routes, given.settings),
    given.now ?? NOON,
    given.random ?? 1,
  );
}

/** The target whose queue the plan leads to. */
export const queuedAt = ({ progress: { place } }: Plan): string | undefined =>
  place.kind === 'queue' ? place.planned.target : undefined;

/** Targets passed over, and why. */
export const skipped = ({ skips }: Plan): [string, string][] =>
  skips.map(({ candidate, rule }) => [candidate.planned.target, rule]);
