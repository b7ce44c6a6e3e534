import { eventIdOf, eventTypeSchema, isTerminal } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import { changedAt } from '@understudy/job-store';
import type { JobOutline, JobReference, OutboxEntry } from '@understudy/job-store';
import {
  createDeliveries,
  forgetJobPayload,
  openDeliveryMaking,
  wishesFor,
} from '@understudy/webhooks';
import type { DeliveryWish, WebhookEvent } from '@understudy/webhooks';
import { UntoldError, isBatchLine, tellsSomething } from './outbox-page.ts';
import type { OutboxPage } from './outbox-page.ts';
import { responseWishes } from './response-wishes.ts';

/** Wishes that are made deliveries at a time, so that a page of thousands is no flood. */
const MADE_AT_ONCE = 500;

/** Turns what the outboxes tell into deliveries of webhooks. */
export interface DeliveryRelay {
  /**
   * Relaying a page again makes nothing twice and completes what a crash left unfinished.
   * @throws UntoldError where an answer cannot be read: then no delivery is made
   */
  relay(page: OutboxPage): Promise<void>;
  /** Forgets what a job that has ended was asked and answered, in its deliveries too. */
  forget(job: JobReference): Promise<void>;
  close(): Promise<void>;
}

export function openDeliveryRelay(dispatch: OpenDispatch): DeliveryRelay {
  const making = openDeliveryMaking(dispatch, dispatch.views().settings.webhooks);
  const wishesOf = async (entry: OutboxEntry, page: OutboxPage): Promise<DeliveryWish[]> => {
    const record = page.recordOf(entry);
    const endpoints = await making.directory.ofProject(entry.project);
    const isHeard = endpoints.length > 0 || record?.request.callback !== undefined;
    if (!isHeard || isBatchLine(record)) return [];
    const events = eventsOf(entry, record);
    const wishes = events.flatMap((event) => wishesFor(event, record?.request.callback, endpoints));
    if (record === undefined || !isTerminal(entry.status)) return wishes;
    return [...wishes, ...(await responseWishes(entry, record, endpoints, dispatch.store))];
  };

  return {
    relay: async (page) => {
      const wishes: DeliveryWish[] = [];
      const untold: JobReference[] = [];
      for (const entry of [...page.entries.values()].flat()) {
        if (!tellsSomething(entry)) continue;
        try {
          wishes.push(...(await wishesOf(entry, page)));
        } catch (error) {
          if (!(error instanceof UntoldError)) throw error;
          untold.push(...error.jobs);
        }
      }
      if (untold.length > 0) throw new UntoldError(untold);
      for (let start = 0; start < wishes.length; start += MADE_AT_ONCE) {
        const some = wishes.slice(start, start + MADE_AT_ONCE);
        await createDeliveries(making.parts, some, dispatch.random);
      }
    },
    forget: (job) => forgetJobPayload(dispatch.store, making.parts, job),
    close: making.close,
  };
}

/** What one change of a job is told as. A record that is gone tells as much as its outbox kept. */
function eventsOf(entry: OutboxEntry, record: JobOutline | undefined): WebhookEvent[] {
  const { id, project, version, status, failedAttempts } = entry;
  const at = changedAt(entry);
  const traceparent = record?.request.traceparent;
  const traced = traceparent === undefined ? {} : { traceparent };
  const failures = failedAttempts.map((attempt): WebhookEvent => ({
    id: eventIdOf(id, { attempt }),
    type: 'job.attempt_failed',
    project,
    job: id,
    attempt,
    at,
    ...traced,
  }));
  if (!isTerminal(status)) return failures;
  const type = eventTypeSchema.parse(`job.${status}`);
  const ended = { id: eventIdOf(id, { version }), type, project, job: id, ...traced };
  return [...failures, { ...ended, at: record?.completedAt ?? at }];
}
