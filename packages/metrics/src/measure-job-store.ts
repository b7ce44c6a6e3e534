import { isTerminal } from '@understudy/contracts';
import type { JobProgress, JobRequest, JobStatus } from '@understudy/contracts';
import { isNewerRecord, isUnreadable } from '@understudy/job-store';
import type {
  BeginResult,
  ChangedJob,
  JobChange,
  JobStore,
  TransitionResult,
} from '@understudy/job-store';
import { countAttempts } from './count-attempts.ts';
import type { AttemptNames } from './count-attempts.ts';
import { countFallThroughs } from './count-fall-throughs.ts';
import type { Metrics } from './metrics.ts';
import { priorityClass } from './priority-class.ts';

/** Ends that cut a call off on purpose: its late outcome is no duplicate. */
const CUT_OFF: readonly (JobStatus | 'missing' | 'newer')[] = ['cancelled', 'expired'];

/**
 * Counts every change of a job where it is made: once, as only the change that the record took is
 * counted. Adds no round trip.
 */
export function measureJobStore(store: JobStore, metrics: Metrics, names: AttemptNames): JobStore {
  const timed = async <Result>(change: string, work: Promise<Result>): Promise<Result> => {
    const startedAt = performance.now();
    const result = await work;
    metrics.recordChangeDuration.observe({ change }, (performance.now() - startedAt) / 1000);
    return result;
  };
  // Told of as 0 from the start: a first count would not be seen as growth.
  const unreadable = {
    look: metrics.unreadableRecords.series({ met: 'look' }),
    turn: metrics.unreadableRecords.series({ met: 'turn' }),
  };
  const counted = <Found extends object | string | undefined>(found: Found[]): Found[] => {
    for (const one of found) {
      if (typeof one !== 'object') continue;
      if (isNewerRecord(one)) metrics.newerRecords.inc({ met: 'look' });
      else if (isUnreadable(one)) unreadable.look.inc();
    }
    return found;
  };
  return {
    ...store,
    create: async (request, progress, body, attempts, dueAt) => {
      const result = await timed('create', store.create(request, progress, body, attempts, dueAt));
      if (result.created) {
        metrics.jobsAccepted.inc({ ...doorOf(request), priority: priorityClass(request.priority) });
        countAttempts(metrics, names, attempts);
        countFallThroughs(metrics, attempts, progress.place);
      }
      return result;
    },
    createLines: async (lines) => {
      const created = await timed('create', store.createLines(lines));
      for (const [index, { request }] of lines.entries()) {
        if (created[index] !== true) continue;
        metrics.jobsAccepted.inc({
          ...doorOf(request),
          priority: priorityClass(request.priority),
        });
      }
      return created;
    },
    begin: async (job, ...start) => {
      const begun = await timed('begin', store.begin(job, ...start));
      countLostCall(metrics, names, begun);
      if (begun.kind === 'newer') metrics.newerRecords.inc({ met: 'turn' });
      if (begun.kind === 'unreadable') unreadable.turn.inc();
      return begun;
    },
    readEach: async (jobs) => counted(await store.readEach(jobs)),
    readStatuses: async (jobs) => counted(await store.readStatuses(jobs)),
    readHeads: async (jobs) => counted(await store.readHeads(jobs)),
    readEnds: async (jobs) => counted(await store.readEnds(jobs)),
    readOutlines: async (jobs) => counted(await store.readOutlines(jobs)),
    transition: async (job, change) => {
      const name = isTerminal(change.status) ? 'end' : 'move';
      const result = await timed(name, store.transition(job, change));
      countTransition(metrics, names, job, change, result);
      return result;
    },
  };
}

/** The start before this one never ended, which the record notes as an attempt of its own. */
function countLostCall(metrics: Metrics, names: AttemptNames, begun: BeginResult): void {
  if (begun.kind !== 'started' || !begun.interrupted) return;
  const { place } = begun.progress;
  if (place.kind !== 'queue') return;
  const { provider, model_sent: sent } = place.planned;
  const rule = 'interrupted';
  const model = names.modelLabel(provider, sent);
  metrics.attempts.inc({ provider, model, outcome: 'interrupted', verdict: 'none', rule });
  metrics.duplicateCalls.inc({ provider, cause: 'worker_lost' });
}

function countTransition(
  metrics: Metrics,
  names: AttemptNames,
  job: ChangedJob,
  change: JobChange,
  result: TransitionResult,
): void {
  const { appended, token } = change;
  if (!result.ok) {
    const provider = appended.at(-1)?.provider;
    if (token !== undefined && provider !== undefined && !CUT_OFF.includes(result.status)) {
      metrics.duplicateCalls.inc({ provider, cause: 'superseded' });
    }
    return;
  }
  // A folded attempt is one more of a skip that was counted, or the late answer of a lost call.
  const late = change.folded.filter(({ outcome }) => outcome !== 'skipped');
  countAttempts(metrics, names, [...late, ...appended]);
  for (const { provider, outcome, rule, maybe_billed: maybe } of appended) {
    if (outcome === 'interrupted' && maybe === true) {
      const cause = rule === 'drained' ? 'drained' : 'worker_lost';
      metrics.duplicateCalls.inc({ provider, cause });
    }
  }
  const next = nextStep(change.status, change.progress);
  if (next !== undefined) countFallThroughs(metrics, appended, next);
  if (isTerminal(change.status)) countEnd(metrics, job, change);
}

function nextStep(status: JobStatus, progress: JobProgress | undefined) {
  if (status === 'failed') return 'failed';
  return isTerminal(status) ? undefined : progress?.place;
}

function countEnd(metrics: Metrics, job: ChangedJob, { status, endedAt }: JobChange): void {
  const { created_at: createdAt, priority } = job;
  metrics.jobsEnded.inc({ status, ...doorOf(job) });
  if (createdAt === undefined || endedAt === undefined || priority === undefined) return;
  metrics.jobDuration.observe(
    { status, priority: priorityClass(priority) },
    Math.max(0, endedAt - createdAt) / 1000,
  );
}

function doorOf({ endpoint, surface, batch }: Partial<JobRequest>) {
  return {
    endpoint: endpoint ?? 'unknown',
    surface: batch === undefined ? (surface ?? 'understudy') : 'batch',
  };
}
