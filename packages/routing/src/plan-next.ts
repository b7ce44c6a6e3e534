import type { TargetSettings } from '@understudy/configuration';
import { utcDay } from '@understudy/contracts';
import type { Attempt, JobProgress, JobRequest, Place } from '@understudy/contracts';
import { targetName } from './draw-arm.ts';
import { endLastWait, waitFor } from './plan-wait.ts';
import type { PlanningTime } from './plan-wait.ts';
import { resolveRoute } from './resolve-route.ts';
import type { Route } from './resolve-route.ts';
import type { RoutingViews, TargetAvailability } from './routing-views.ts';
import { spentCost } from './spent-cost.ts';
import { STALE_NAME, hasFirmTarget } from './stale-name.ts';
import { drawTargets, judgeTarget } from './target-candidate.ts';
import type { TargetCandidate } from './target-candidate.ts';

/** A target that was passed over without a call, and the rule that says why. */
export interface Skip {
  candidate: TargetCandidate;
  rule: string;
  /** What the rule found, where its name does not say it. */
  detail?: Pick<Attempt, 'warnings' | 'error'>;
}

/** Where a job goes next. `progress` already says so; the caller writes it. */
export type Plan =
  | { kind: 'queue'; progress: JobProgress; skips: Skip[] }
  | { kind: 'wait'; progress: JobProgress; skips: Skip[] }
  | {
      kind: 'fail';
      code: 'route_gone' | 'no_target_left' | 'max_calls' | 'max_cost';
      message: string;
      progress: JobProgress;
      skips: Skip[];
    };

/**
 * The next step of a job that no worker holds: the first target of its route, as configured now,
 * that is open to it; else a wait; else its failure. Pure: `random` (0 to 1) is for jitter.
 */
export function planNext(
  request: JobRequest,
  before: JobProgress,
  views: RoutingViews,
  now: number,
  random: number,
): Plan {
  const spent = spentCost(request, before);
  if (spent !== undefined) {
    return { kind: 'fail', code: 'max_cost', message: spent, progress: before, skips: [] };
  }
  const route = resolveRoute(request.model, views, utcDay(now), request);
  if (route === undefined) {
    return {
      kind: 'fail',
      code: 'route_gone',
      message: `no route leads to the model "${request.model}" any more`,
      progress: before,
      skips: [],
    };
  }
  const { targets, draws } = drawTargets(route, request, before.draws, views.settings);
  const progress: JobProgress = { ...before, route: route.name, draws };
  const judge = (target: TargetSettings): TargetCandidate =>
    judgeTarget(target, route, request, progress, views, now);
  return choose(targets, judge, route, progress, { now, latest: request.expires_at, random });
}

/** Mostly the first target is open, so each is judged only when its turn has come. */
function choose(
  targets: readonly TargetSettings[],
  judge: (target: TargetSettings) => TargetCandidate,
  route: Route,
  progress: JobProgress,
  time: PlanningTime,
): Plan {
  const { now } = time;
  const closed = { ...progress.closed };
  const skips: Skip[] = [];
  const dead: TargetCandidate[] = [];
  const standing: TargetCandidate[] = [];
  const exhausted = progress.calls >= route.maxCalls;
  let hasFirm: boolean | undefined;

  for (const settings of targets) {
    const target = targetName(settings);
    if (Object.hasOwn(closed, target)) continue;
    const candidate = judge(settings);
    if (candidate.barred !== undefined) {
      closed[target] = candidate.barred;
      skips.push({ candidate, rule: candidate.barred });
      continue;
    }
    const passedBy = progress.visited.includes(target) || exhausted;
    if (candidate.stale !== undefined) {
      hasFirm ??= hasFirmTarget(targets.map(judge), progress.closed);
      if (hasFirm) {
        // It does not stand: a job that has others waits for those alone.
        if (!passedBy) skips.push({ candidate, rule: STALE_NAME });
        continue;
      }
    }
    standing.push(candidate);
    if (passedBy) continue;
    const closedBy = closingRule(candidate.availability);
    if (closedBy !== undefined) {
      skips.push({ candidate, rule: closedBy });
    } else if (candidate.alive) {
      return enqueue(candidate, { ...progress, closed }, skips, now);
    } else {
      dead.push(candidate);
      skips.push({ candidate, rule: 'no_worker' });
    }
  }

  const settled = { ...progress, closed };
  if (exhausted) {
    const message = `${progress.calls} calls were made, the most that one job may cost`;
    return { kind: 'fail', code: 'max_calls', message, progress: settled, skips };
  }
  if (standing.length === 0) {
    const message = 'no target of the route can answer this job';
    return { kind: 'fail', code: 'no_target_left', message, progress: settled, skips };
  }
  const firstDead = dead[0];
  if (firstDead !== undefined && standing.length === dead.length) {
    // Nobody else is left to hope for: the job waits in the queue for a worker to come.
    const others = skips.filter(({ candidate }) => candidate !== firstDead);
    return enqueue(firstDead, settled, others, now);
  }
  return { kind: 'wait', progress: waitFor(standing, settled, time), skips };
}

/** The rule by which a target is passed over for the time being; undefined where it is open. */
export function closingRule(
  availability: TargetAvailability,
): 'cooling_down' | 'paused' | undefined {
  if (availability.kind === 'paused') return 'paused';
  const cools =
    availability.kind === 'cooling' || (availability.kind === 'half_open' && availability.probing);
  return cools ? 'cooling_down' : undefined;
}

function enqueue(
  candidate: TargetCandidate,
  progress: JobProgress,
  skips: Skip[],
  now: number,
): Plan {
  const { planned, maxQueueWaitMs } = candidate;
  const place: Place = {
    kind: 'queue',
    since: now,
    ...(maxQueueWaitMs === undefined ? {} : { leave_at: now + maxQueueWaitMs }),
    planned,
  };
  return {
    kind: 'queue',
    skips,
    progress: {
      ...progress,
      visited: [...progress.visited, planned.target],
      place,
      waits: endLastWait(progress.waits, now),
    },
  };
}
