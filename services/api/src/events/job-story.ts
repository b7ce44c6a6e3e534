import { isTerminal } from '@understudy/contracts';
import type { JobRecord } from '@understudy/contracts';
import { attemptEvent, isFailedAttempt, statusEvent } from '@understudy/job-store';
import type { JobReference, PublicEvent, StoredJob } from '@understudy/job-store';
import type { ChangeSource } from './long-polls.ts';
import type { Followed } from './event-frames.ts';
import type { PlacedEvent } from './server-sent-event.ts';

/** How much of a job's story a listener has heard; `0-0` is nothing. */
export interface StoryPlace {
  /** Version of the record whose status was told last. */
  version: number;
  /** Attempts that were told, or were nothing to tell. */
  attempts: number;
}

export const STORY_START: StoryPlace = { version: 0, attempts: 0 };

/** @returns undefined for text that is no place */
export function parseStoryPlace(text: string): StoryPlace | undefined {
  const [, version, attempts] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  if (version === undefined) return undefined;
  return { version: Number(version), attempts: Number(attempts) };
}

export interface StoryPart {
  events: PlacedEvent[];
  /** Where the next part begins. */
  place: StoryPlace;
  /** The job has ended and that was told. */
  ended: boolean;
}

/**
 * What a listener has not heard yet of a job: failed attempts in order, then the status, where the
 * record has changed since. The record holds the whole story, so nothing is missed however long
 * the listener was away; of changes that follow each other faster than it looks, it hears the last.
 */
export function untold({ record, attempts }: StoredJob, heard: StoryPlace): StoryPart {
  // A place beyond the record is none of this job's: its story begins anew.
  const known = heard.version <= record.version && heard.attempts <= attempts.length;
  const from = known ? heard : STORY_START;
  const { id } = record.request;
  const events = attempts
    .filter((attempt) => attempt.number > from.attempts && isFailedAttempt(attempt))
    .map((attempt) => {
      const place = { version: from.version, attempts: attempt.number };
      return sent(place, attemptEvent(id, attempt, record));
    });
  const place = { version: record.version, attempts: attempts.length };
  if (record.version > from.version) {
    const { version, status } = record;
    events.push(sent(place, statusEvent({ id, version, status, at: cameAt(record) }, record)));
  }
  return { events, place, ended: isTerminal(record.status) };
}

function sent({ version, attempts }: StoryPlace, event: PublicEvent): PlacedEvent {
  return { id: `${version}-${attempts}`, type: event.type, data: JSON.stringify(event) };
}

/** When the job came to the status it has. */
function cameAt({ completedAt, runningSince, progress }: JobRecord): number {
  return completedAt ?? runningSince ?? progress.place.since;
}

/** Follows one job to its end. Listens before it reads. */
export function followJob(
  job: JobReference,
  from: StoryPlace,
  changes: ChangeSource,
  read: (job: JobReference) => Promise<StoredJob | undefined>,
  wake: () => void,
): Followed {
  let place = from;
  const unwatch = changes.watch(job.id, (event) => {
    if (event === undefined || event.project === job.project) wake();
  });
  return {
    look: async () => {
      const stored = await read(job);
      if (stored === undefined) return { events: [], ended: true };
      const part = untold(stored, place);
      place = part.place;
      return part;
    },
    stop: unwatch,
  };
}
