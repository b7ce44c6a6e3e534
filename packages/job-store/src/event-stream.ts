import { loadScript, repliesOf, subscribePatiently } from '@understudy/runtime';
import type { Redis, Subscriber } from '@understudy/runtime';
import { z } from 'zod';
import type { PublicEvent } from './public-event.ts';
import { parseStreamRows } from './stream-rows.ts';
import type { StreamRow } from './stream-rows.ts';

const appendScript = loadScript(new URL('./scripts/append-events.lua', import.meta.url));

const trimScript = loadScript(new URL('./scripts/trim-events.lua', import.meta.url));

/** Events of a project that a listener who was away can still catch up on. */
const KEPT_EVENTS = 10_000;
/** So many more may stand there before the oldest are dropped, to drop many at a time. */
const TRIM_SLACK = 200;
/** Outbox entries that one script appends, so that none holds Redis for long. */
const APPENDED_AT_ONCE = 200;

/** Before every entry of a stream. */
export const STREAM_START = '0-0';

/** The events that one entry of a shard's outbox tells. */
export interface RelayedEntry {
  shard: number;
  entryId: string;
  events: readonly PublicEvent[];
}

export interface StreamedEvent {
  /** Place in the project's stream: to go on from. */
  streamId: string;
  /** Of the event itself. */
  eventId: string;
  type: string;
  /** The event as JSON. */
  json: string;
}

export interface EventPage {
  /** Oldest first. */
  events: StreamedEvent[];
  /** The newest event that is no longer kept: whoever stands before it has missed some. */
  trimmed: string | undefined;
}

/** All keys of a project share a slot, so that another script of the project appends here too. */
export function streamKey(prefix: string, project: string): string {
  return `${prefix}:{p:${project}}:events`;
}

function relayedKey(prefix: string, project: string): string {
  return `${streamKey(prefix, project)}:relayed`;
}

/** Where it is said that a project's stream has grown; the message is the project. */
export function appendedChannel(prefix: string): string {
  return `${prefix}:{events}:appended`;
}

/**
 * Appends what outboxes tell to a project's stream. The entries of each shard come in the order of
 * their ids; one that was appended before is passed over, so repeating it after a crash tells
 * nothing twice. Listeners are woken once it is there.
 */
export async function appendEvents(
  redis: Redis,
  prefix: string,
  project: string,
  entries: readonly RelayedEntry[],
  kept: number = KEPT_EVENTS,
): Promise<void> {
  for (let start = 0; start < entries.length; start += APPENDED_AT_ONCE) {
    const told = entries.slice(start, start + APPENDED_AT_ONCE);
    await appendScript.run(
      redis,
      [streamKey(prefix, project), relayedKey(prefix, project)],
      [kept, TRIM_SLACK, appendedChannel(prefix), project, ...told.flatMap(argumentsOf)],
    );
  }
}

function argumentsOf({ shard, entryId, events }: RelayedEntry): (string | number)[] {
  return [
    shard,
    entryId,
    events.length,
    ...events.flatMap((event) => [event.id, event.type, JSON.stringify(event)]),
  ];
}

/** Drops what happened before `before`, in milliseconds since the epoch. */
export async function trimEvents(
  redis: Redis,
  prefix: string,
  project: string,
  before: number,
): Promise<void> {
  const keys = [streamKey(prefix, project), relayedKey(prefix, project)];
  await trimScript.run(redis, keys, [Math.floor(before)]);
}

/** Events after a place in the stream. The page and what is no longer kept are of one moment. */
export async function readEvents(
  redis: Redis,
  prefix: string,
  project: string,
  after: string,
  limit: number,
): Promise<EventPage> {
  const [rows, trimmed] = await repliesOf(
    redis
      .multi()
      .xrange(streamKey(prefix, project), `(${after}`, '+', 'COUNT', limit)
      .hget(relayedKey(prefix, project), 'trimmed')
      .exec(),
  );
  return {
    events: parseStreamRows(rows).map(parseEvent),
    trimmed: z.string().nullable().parse(trimmed) ?? undefined,
  };
}

function parseEvent([streamId, fields]: StreamRow): StreamedEvent {
  const [, eventId = '', , type = '', , json = ''] = fields;
  return { streamId, eventId, type, json };
}

/**
 * The place of the newest event of a project, also of one that is no longer kept: from there on a
 * new listener hears.
 */
export async function lastStreamId(redis: Redis, prefix: string, project: string): Promise<string> {
  const [rows, trimmed] = await repliesOf(
    redis
      .multi()
      .xrevrange(streamKey(prefix, project), '+', '-', 'COUNT', 1)
      .hget(relayedKey(prefix, project), 'trimmed')
      .exec(),
  );
  const [newest] = parseStreamRows(rows);
  return newest?.[0] ?? z.string().nullable().parse(trimmed) ?? STREAM_START;
}

/** The order of places, by which also those of several streams can be sorted. */
export function comparePlaces(streamId: string, other: string): number {
  const [time = 0, sequence = 0] = streamId.split('-').map(Number);
  const [otherTime = 0, otherSequence = 0] = other.split('-').map(Number);
  return time - otherTime || sequence - otherSequence;
}

/** Whether one place of a stream comes before another. */
export function isBefore(streamId: string, other: string): boolean {
  return comparePlaces(streamId, other) < 0;
}

/**
 * Calls back with the project whenever its stream has grown. Messages missed while Redis was away
 * are lost: whoever follows a stream reads again on reconnect.
 */
export function subscribeToEvents(
  subscriber: Subscriber,
  prefix: string,
  onAppended: (project: string) => void,
): void {
  const appended = appendedChannel(prefix);
  subscriber.on('message', (channel, project) => {
    if (channel === appended) onAppended(project);
  });
  void subscribePatiently(subscriber, appended);
}
