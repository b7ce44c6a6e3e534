import { STREAM_START, isBefore, lastStreamId, readEvents } from '@understudy/job-store';
import type { EventPage, StreamedEvent } from '@understudy/job-store';
import type { Redis } from '@understudy/runtime';
import type { Followed, Glance } from './event-frames.ts';
import { createListeners } from './listeners.ts';
import type { ServerSentEvent } from './server-sent-event.ts';

const READ_AT_ONCE = 100;

/**
 * Told of the lists of a project when a job was accepted, moved on or ended: by then they show it.
 * It is made for whoever listens and kept nowhere; several changes may be told as one.
 */
export const LISTS_CHANGED = 'jobs.changed';

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
  /**
   * Follows the events of every project.
   * @param projects those that are known; others are followed from their first event on
   * @param after place to go on from in each
   */
  followAll(
    projects: readonly string[],
    after: string,
    types: ReadonlySet<string>,
    wake: () => void,
  ): Followed;
  /** The stream of a project has grown: whoever follows it looks. */
  heard(project: string): void;
  /** The lists of a project have changed. */
  listsChanged(project: string): void;
  /** Something may not have been heard: what is read from now on is read anew. */
  refresh(): void;
}

export function createProjectEvents(redis: Redis, prefix: string): ProjectEvents {
  const reading = new Map<string, Promise<EventPage>>();
  const onStream = createListeners();
  const onLists = createListeners();
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

  /** What one project's stream tells after a place, each look from where the last one ended. */
  const follower = (
    project: string,
    after: string | undefined,
    types: ReadonlySet<string>,
  ): (() => Promise<Glance>) => {
    let place = after;
    return async () => {
      const { events, trimmed } = await read(project, place ?? STREAM_START);
      const gap = place === undefined ? undefined : gapAfter(place, trimmed);
      place = events.at(-1)?.streamId ?? gap?.id ?? place ?? STREAM_START;
      const told = events.filter(({ type }) => types.has(type)).map(sent);
      return {
        events: gap === undefined ? told : [gap, ...told],
        more: events.length === READ_AT_ONCE,
      };
    };
  };

  return {
    now: (project) => lastStreamId(redis, prefix, project),
    follow: (project, after, types, wake) => {
      const lookAtStream = follower(project, after, types);
      const changed = new Set<string>();
      const stops = [
        onStream.of(project, wake),
        ...(types.has(LISTS_CHANGED)
          ? [
              onLists.of(project, () => {
                changed.add(project);
                wake();
              }),
            ]
          : []),
      ];
      return {
        look: async () => {
          const changes = take(changed).map(listsEvent);
          const { events, more } = await lookAtStream();
          return { events: [...events, ...changes], more: more === true };
        },
        stop: () => stops.forEach((stop) => stop()),
      };
    },
    followAll: (projects, after, types, wake) => {
      const followers = new Map<string, () => Promise<Glance>>();
      const changed = new Set<string>();
      const grown = new Set(projects);
      const mark = (marked: Set<string>) => (project: string) => {
        marked.add(project);
        wake();
      };
      const stops = [
        onStream.ofAll(mark(grown)),
        ...(types.has(LISTS_CHANGED) ? [onLists.ofAll(mark(changed))] : []),
      ];
      const lookAt = async (project: string): Promise<readonly ServerSentEvent[]> => {
        const look = followers.get(project) ?? follower(project, after, types);
        followers.set(project, look);
        try {
          const { events, more } = await look();
          if (more === true) grown.add(project);
          return events;
        } catch (error) {
          // Nothing was told of it: it is looked at again.
          grown.add(project);
          throw error;
        }
      };
      return {
        look: async () => {
          const changes = take(changed).map(listsEvent);
          const told = await Promise.all(take(grown).map(lookAt));
          return { events: [...told.flat(), ...changes], more: grown.size > 0 };
        },
        stop: () => stops.forEach((stop) => stop()),
      };
    },
    heard: (project) => {
      // What is being read just now may lack what was just told of.
      reading.clear();
      onStream.tell(project);
    },
    listsChanged: onLists.tell,
    refresh: () => reading.clear(),
  };
}

function take(marked: Set<string>): string[] {
  const all = [...marked];
  marked.clear();
  return all;
}

/** No place of a stream: whoever resumes goes on from the event before it. */
function listsEvent(project: string): ServerSentEvent {
  const data = { object: 'event', type: LISTS_CHANGED, data: { object: 'project', project } };
  return { type: LISTS_CHANGED, data: JSON.stringify(data) };
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
