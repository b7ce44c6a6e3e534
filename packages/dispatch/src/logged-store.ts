import type { Attempt, JobEnd, Place } from '@understudy/contracts';
import { isUnreadable } from '@understudy/job-store';
import type { ChangedJob, JobChange, JobReference, JobStore } from '@understudy/job-store';
import { isRedisUnavailable, unreadableTeller } from '@understudy/runtime';
import type { LogFields, Logger } from '@understudy/runtime';
import { traceIdOf } from '@understudy/tracing';

/**
 * A store that logs one line for each step of each job, once it is taken, and one for each job that
 * cannot be read, whatever its reader makes of that: names and numbers, and never what was asked or
 * answered.
 */
export function loggedStore(store: JobStore, logger: Logger): JobStore {
  const tell = unreadableTeller(logger, 'a job cannot be read');
  const tellUnreadable = (job: JobReference, reason: Error): void =>
    tell(job, { job: job.id }, reason);
  const telling = <Found extends object | undefined>(
    jobs: readonly JobReference[],
    found: Found[],
  ): Found[] => {
    for (const [index, job] of jobs.entries()) {
      const one: object | undefined = found[index];
      if (isUnreadable(one)) tellUnreadable(job, one.unreadable);
    }
    return found;
  };
  return {
    ...store,
    readEach: async (jobs) => telling(jobs, await store.readEach(jobs)),
    readHeads: async (jobs) => telling(jobs, await store.readHeads(jobs)),
    readEnds: async (jobs) => telling(jobs, await store.readEnds(jobs)),
    readOutlines: async (jobs) => telling(jobs, await store.readOutlines(jobs)),
    readAttempts: async (wanted) => telling(wanted, await store.readAttempts(wanted)),
    readResult: async (job) => {
      try {
        return await store.readResult(job);
      } catch (error) {
        if (error instanceof Error && !isRedisUnavailable(error)) tellUnreadable(job, error);
        throw error;
      }
    },
    create: async (request, progress, body, attempts, dueAt) => {
      const result = await store.create(request, progress, body, attempts, dueAt);
      if (result.created && logger.isLevelEnabled('info')) {
        logger.info({ ...named(request), ...whereTo(progress.place) }, 'job accepted');
      }
      return result;
    },
    createLines: async (lines) => {
      const created = await store.createLines(lines);
      if (logger.isLevelEnabled('info')) {
        for (const [index, { request, progress }] of lines.entries()) {
          if (created[index] !== true) continue;
          logger.info({ ...named(request), ...whereTo(progress.place) }, 'job accepted');
        }
      }
      return created;
    },
    begin: async (job, ...start) => {
      const begun = await store.begin(job, ...start);
      if (begun.kind === 'unreadable') tellUnreadable(job, begun.reason);
      if (begun.kind === 'started' && logger.isLevelEnabled('info')) {
        const { request, progress, interrupted } = begun;
        // The line of the start before, which never ended, would else be the same.
        const again = interrupted ? { interrupted } : {};
        logger.info({ ...named(request), ...whereTo(progress.place), ...again }, 'job started');
      }
      return begun;
    },
    transition: async (job, change) => {
      const result = await store.transition(job, change);
      if (result.ok && logger.isLevelEnabled('info')) logger.info(...told(job, change));
      return result;
    },
  };
}

function told(job: ChangedJob, change: JobChange): [LogFields, string] {
  const { status, progress, end, appended } = change;
  const called = appended.findLast(({ outcome }) => outcome !== 'skipped');
  if (end !== undefined || progress === undefined) {
    return [{ ...named(job), ...outcomeOf(end, called) }, `job ${status}`];
  }
  const { place } = progress;
  const fields = { ...named(job), ...leaving(called), ...whereTo(place) };
  if (place.kind === 'waiting') return [fields, 'job waits'];
  if (called === undefined) return [fields, 'job queued again'];
  return [fields, called.rule === 'drained' ? 'job handed back' : 'job handed over'];
}

function named({ id, project, batch, traceparent }: ChangedJob): LogFields {
  return {
    job: id,
    project,
    ...(batch === undefined ? {} : { batch: batch.id }),
    ...(traceparent === undefined ? {} : { trace_id: traceIdOf(traceparent) }),
  };
}

function whereTo(place: Place): LogFields {
  if (place.kind === 'waiting') {
    return { reason: place.reason, until: new Date(place.until).toISOString() };
  }
  const { provider, model_sent: model } = place.planned;
  return { provider, ...(model === undefined ? {} : { model }) };
}

/** The call that leads a job on to another place. */
function leaving(called: Attempt | undefined): LogFields {
  if (called === undefined) return {};
  const { number, provider, rule, status_code: status } = called;
  return {
    attempt: number,
    from: provider,
    ...(rule === undefined ? {} : { rule }),
    ...(status === undefined ? {} : { status }),
  };
}

function outcomeOf(end: JobEnd | undefined, called: Attempt | undefined): LogFields {
  const { from: provider, ...fields } = leaving(called);
  return {
    ...fields,
    ...(provider === undefined ? {} : { provider }),
    ...(end?.error === undefined ? {} : { code: end.error.code }),
  };
}
