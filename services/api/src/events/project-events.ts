import {
  STREAM_START,
  comparePlaces,
  isBefore,
  lastStreamId,
  readEvents,
  readProjects,
} from '@understudy/job-store';
import type { EventPage, StreamedEvent } from '@understudy/job-store';
import type { Redis } from '@understudy/runtime';
import type { Followed } from './event-frames.ts';
import { createListeners } from './listeners.ts';
import type { PlacedEvent, ServerSentEvent } from './server-sent-event.ts';

const READ_AT_ONCE = 100;

/**
 * Told of the lists of a project when a job was accepted, moved on or ended: by then they show it.
 * It is made for whoever listens and kept nowhere; several changes may be told as one.
 */
export const LISTS_CHANGED = 'jobs.changed';

/** Where a listener to all projects stands. */
export interface PlaceInAll {
  /** As it is told to the listener. */
  place: string;
  /**
   * What it goes on from in each project: the same place, or one before it; undefined for the oldest
   * event that is kept of each.
   */
  after: string | undefined;
}

/** What one project's stream tells. */
interface Follower {
  /** Goes on where the look before ended. Its events stand in order. */
  look(): Promise<{ events: PlacedEvent[]; more: boolean }>;
  /** Of the last event that was read, told or not; undefined before the oldest that is kept. */
  place(): string | undefined;
}

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
   * Follows the events of every project. Those of a look stand in order; as long as a project has
   * more to be read, the others' carry no later id than its last one that was read, so that whoever
   * resumes from any of them misses nothing. Several may carry the same.
   * @param projects those that are known; others are followed from their first event on
   */
  followAll(
    projects: readonly string[],
    from: PlaceInAll,
    types: ReadonlySet<string>,
    wake: () => void,
  ): Followed;
  /** The stream of a project has grown: whoever follows it looks. */
  heard(project: string): void;
  /** The lists of a project have changed. */
  listsChanged(project: string): void;
  /** Something may not have been heard: all is read anew, also which projects there are. */
  refresh(): void;
}

export function createProjectEvents(redis: Redis, prefix: string): ProjectEvents {
  const reading = new Map<string, Promise<EventPage>>();
  const onStream = createListeners();
  const onLists = createListeners();
  const onRefresh = new Set<() => void>();
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

  const follower = (
    project: string,
    after: string | undefined,
    types: ReadonlySet<string>,
  ): Follower => {
    let place = after;
    return {
      look: async () => {
        const { events, trimmed } = await read(project, place ?? STREAM_START);
        const gap = place === undefined ? undefined : gapAfter(place, trimmed);
        // Whoever asked for what is kept has missed nothing of what was dropped before.
        place = events.at(-1)?.streamId ?? gap?.id ?? place ?? trimmed ?? STREAM_START;
        const told = events.filter(({ type }) => types.has(type)).map(sent);
        return {
          events: gap === undefined ? told : [gap, ...told],
          more: events.length === READ_AT_ONCE,
        };
      },
      place: () => place,
    };
  };

  return {
    now: (project) => lastStreamId(redis, prefix, project),
    follow: (project, after, types, wake) => {
      const stream = follower(project, after, types);
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
          const { events, more } = await stream.look();
          const changes = take(changed).map(listsEvent);
          return { events: [...events, ...changes], more };
        },
        place: stream.place,
        stop: () => stops.forEach((stop) => stop()),
      };
    },
    followAll: (projects, from, types, wake) => {
      const followers = new Map<string, Follower>();
      // What was read, and where the listener stands: not beyond what is still to be read.
      let reached = from.place;
      let newest = from.place;
      const changed = new Set<string>();
      const grown = new Set(projects);
      let mayMiss = false;
      const lookAtAll = (): void => {
        mayMiss = true;
        wake();
      };
      onRefresh.add(lookAtAll);
      // Which of them has grown nobody said: any may have, and one may have begun.
      const markAll = async (): Promise<void> => {
        mayMiss = false;
        try {
          for (const project of await readProjects(redis, prefix)) grown.add(project);
        } catch (error) {
          mayMiss = true;
          throw error;
        }
      };
      const mark = (marked: Set<string>) => (project: string) => {
        marked.add(project);
        wake();
      };
      const stops = [
        onStream.ofAll(mark(grown)),
        ...(types.has(LISTS_CHANGED) ? [onLists.ofAll(mark(changed))] : []),
        () => onRefresh.delete(lookAtAll),
      ];
      const lookAt = async (project: string) => {
        const stream = followers.get(project) ?? follower(project, from.after, types);
        followers.set(project, stream);
        try {
          const { events, more } = await stream.look();
          if (more) grown.add(project);
          return { events, place: stream.place() ?? from.place, more };
        } catch (error) {
          // Nothing was told of it: it is looked at again.
          grown.add(project);
          throw error;
        }
      };
      return {
        look: async () => {
          if (mayMiss) await markAll();
          const looks = await Promise.allSettled(take(grown).map(lookAt));
          const told = looks.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
          reached = told.reduce((latest, { place }) => later(latest, place), reached);
          const failed = looks.find((one) => one.status === 'rejected');
          const behind = told.filter(({ more }) => more).map(({ place }) => place);
          const safe = behind.toSorted(comparePlaces)[0] ?? reached;
          // What could not be read lies after the place so far, which therefore stays.
          if (failed === undefined) newest = later(newest, safe);
          const events = inOrder(told.flatMap((one) => one.events)).map(notBeyond(newest));
          // What was read of the others goes out first: it would not be read again.
          if (failed !== undefined && events.length === 0) throw failed.reason;
          const changes = take(changed).map(listsEvent);
          return { events: [...events, ...changes], more: grown.size > 0 };
        },
        place: () => newest,
        stop: () => stops.forEach((stop) => stop()),
      };
    },
    heard: (project) => {
      // What is being read just now may lack what was just told of.
      reading.clear();
      onStream.tell(project);
    },
    listsChanged: onLists.tell,
    refresh: () => {
      reading.clear();
      for (const lookAtAll of onRefresh) lookAtAll();
    },
  };
}

function take(marked: Set<string>): string[] {
  const all = [...marked];
  marked.clear();
  return all;
}

function later(place: string, other: string): string {
  return isBefore(place, other) ? other : place;
}

function inOrder(events: readonly PlacedEvent[]): PlacedEvent[] {
  return events.toSorted((one, other) => comparePlaces(one.id, other.id));
}

/** Whoever resumes goes on from the id, and must not pass over what is still to be read. */
function notBeyond(place: string): (event: PlacedEvent) => PlacedEvent {
  return (event) => (isBefore(place, event.id) ? { ...event, id: place } : event);
}

/** No place of a stream: whoever resumes goes on from the event before it. */
function listsEvent(project: string): ServerSentEvent {
  const data = { object: 'event', type: LISTS_CHANGED, data: { object: 'project', project } };
  return { type: LISTS_CHANGED, data: JSON.stringify(data) };
}

/** Says that events after `place` are gone, so that the listener looks at its jobs by itself. */
function gapAfter(place: string, trimmed: string | undefined): PlacedEvent | undefined {
  if (trimmed === undefined || !isBefore(place, trimmed)) return undefined;
  const data = { object: 'event', type: 'stream.gap', data: { after: place, until: trimmed } };
  return { id: trimmed, type: 'stream.gap', data: JSON.stringify(data) };
}

function sent({ streamId, type, json }: StreamedEvent): PlacedEvent {
  return { id: streamId, type, data: json };
}
