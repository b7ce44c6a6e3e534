import { STREAM_START, isBefore, lastStreamId, readEvents } from '@understudy/job-store';
import type { EventPage, StreamedEvent } from '@understudy/job-store';
import type { Redis } from 'ioredis';
import type { Followed, Glance } from './event-frames.ts';
import type { ServerSentEvent } from './server-sent-event.ts';

const READ_AT_ONCE = 100;

/** The event streams of projects, read once for all who listen at the same place. */
export interface ProjectEvents {
  /** The place from which only what is yet to come is heard. */
  now(project: string): Promise<string>;
  /**
   * Follows a project's events of some types.
   * @param after place to go on from; undefined for the oldest that is kept
   */
  follow(
    project: string,
    after: string | undefined,
    types: ReadonlySet<string>,
    wake: () => void,
  ): Followed;
  /** The stream of a project has grown: whoever follows it looks. */
  heard(project: string): void;
  /** Something may not have been heard: what is read from now on is read anew. */
  refresh(): void;
}

export function createProjectEvents(redis: Redis, prefix: string): ProjectEvents {
  const reading = new Map<string, Promise<EventPage>>();
  const wakers = new Map<string, Set<() => void>>();
  const read = (project: string, after: string): Promise<EventPage> => {
    const key = `${project} ${after}`;
    const known = reading.get(key);
    if (known !== undefined) return known;
    const page = readEvents(redis, prefix, project, after, READ_AT_ONCE);
    const forget = (): void => {
      if (reading.get(key) === page) reading.delete(key);
    };
    reading.set(key, page);
    page.then(forget, forget);
    return page;
  };

  return {
    now: (project) => lastStreamId(redis, prefix, project),
    follow: (project, after, types, wake) => {
      let place = after;
      const followers = wakers.get(project) ?? new Set();
      wakers.set(project, followers.add(wake));
      const look = async (): Promise<Glance> => {
        const { events, trimmed } = await read(project, place ?? STREAM_START);
        const gap = place === undefined ? undefined : gapAfter(place, trimmed);
        place = events.at(-1)?.streamId ?? gap?.id ?? place ?? STREAM_START;
        const told = events.filter(({ type }) => types.has(type)).map(sent);
        return {
          events: gap === undefined ? told : [gap, ...told],
          more: events.length === READ_AT_ONCE,
        };
      };
      const stop = (): void => {
        followers.delete(wake);
        if (followers.size === 0 && wakers.get(project) === followers) wakers.delete(project);
      };
      return { look, stop };
    },
    heard: (project) => {
      // What is being read just now may lack what was just told of.
      reading.clear();
      for (const wake of wakers.get(project) ?? []) wake();
    },
    refresh: () => reading.clear(),
  };
}

/** Says that events after `place` are gone, so that the listener looks at its jobs by itself. */
function gapAfter(place: string, trimmed: string | undefined): ServerSentEvent | undefined {
  if (trimmed === undefined || !isBefore(place, trimmed)) return undefined;
  const data = { object: 'event', type: 'stream.gap', data: { after: place, until: trimmed } };
  return { id: trimmed, type: 'stream.gap', data: JSON.stringify(data) };
}

function sent({ streamId, type, json }: StreamedEvent): ServerSentEvent {
  return { id: streamId, type, data: json };
}
