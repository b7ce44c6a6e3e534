import type { OpenDispatch } from '@understudy/dispatch';
import { changedAt } from '@understudy/job-store';
import { missingForPlanning, watchSystem } from '@understudy/metrics';
import type { Metrics, Monitoring } from '@understudy/metrics';
import type { Leadership } from './leadership.ts';
import type { OutboxPage } from './outbox-page.ts';
import type { Visit } from './visit-due-jobs.ts';

/** What the scheduler's duties tell of themselves. */
export interface SchedulerMeasures {
  visited(visits: readonly Visit[]): void;
  dropped(count: number): void;
  /** Everybody has heard of what this page holds. */
  relayed(page: OutboxPage): void;
}

/** Counts what this replica does while it leads; where metrics are off, nothing is counted. */
export function measureScheduler(
  { metrics, readyWhen }: Monitoring,
  dispatch: OpenDispatch,
  leadership: Leadership,
): SchedulerMeasures {
  readyWhen(() => missingForPlanning(dispatch));
  if (metrics === undefined) {
    return { visited: () => undefined, dropped: () => undefined, relayed: () => undefined };
  }
  metrics.onScrape(async () => metrics.schedulerLeads.set(leadership.isLeader() ? 1 : 0));
  watchSystem(metrics, dispatch);
  countCooldowns(metrics, dispatch, leadership);
  return {
    visited: (visits) => {
      for (const visit of visits) metrics.dueVisits.inc({ visit });
    },
    dropped: (count) => metrics.jobsDropped.inc(count),
    relayed: ({ entries }) => {
      const now = dispatch.clock.now();
      for (const entry of [...entries.values()].flat()) {
        metrics.relayLag.observe(Math.max(0, now - changedAt(entry)) / 1000);
      }
    },
  };
}

/** Every replica hears of every cool-down; the one that leads counts it. */
function countCooldowns(
  metrics: Metrics,
  { availability }: OpenDispatch,
  leadership: Leadership,
): void {
  /** When those that are remembered began; of forgotten names nothing is left. */
  let seen = new Map<string, number>();
  availability.onChange(() => {
    const remembered = new Map<string, number>();
    for (const {
      provider,
      model,
      scope,
      rule,
      cooling,
      started_at: startedAt,
    } of availability.cooldowns()) {
      const key = `${provider}\n${model}`;
      remembered.set(key, startedAt);
      if (!cooling || seen.get(key) === startedAt) continue;
      if (leadership.isLeader()) metrics.cooldownsStarted.inc({ provider, scope, rule });
    }
    seen = remembered;
  });
}
