import { crc32 } from 'node:zlib';

export const SHARD_COUNT = 64;

/** A job, named: the project comes from the credential alone and is part of every key. */
export interface JobReference {
  project: string;
  id: string;
}

export interface JobKeys {
  shard: number;
  record: string;
  request: string;
  attempts: string;
  result: string;
  /** What is left of an idempotency key when the job is no longer kept. */
  tombstone: string;
  due: string;
  outbox: string;
  /** Where changes of this shard's jobs are published. */
  channel: string;
  /** The job's member in the shard's sorted set of due times. */
  member: string;
}

/** Everything of a job shares one hash slot, so that one script changes it together. */
export function shardOf(id: string): number {
  return crc32(id) % SHARD_COUNT;
}

function shardTag(shard: number): string {
  return `{u${String(shard).padStart(2, '0')}}`;
}

export function dueKey(prefix: string, shard: number): string {
  return `${prefix}:${shardTag(shard)}:due`;
}

export function outboxKey(prefix: string, shard: number): string {
  return `${prefix}:${shardTag(shard)}:outbox`;
}

export function changesChannel(prefix: string, shard: number): string {
  return `${prefix}:${shardTag(shard)}:changed`;
}

export function jobKeys(prefix: string, { project, id }: JobReference): JobKeys {
  const shard = shardOf(id);
  const record = `${prefix}:${shardTag(shard)}:${project}:job:${id}`;
  return {
    shard,
    record,
    request: `${record}:request`,
    attempts: `${record}:attempts`,
    result: `${record}:result`,
    tombstone: `${record}:tombstone`,
    due: dueKey(prefix, shard),
    outbox: outboxKey(prefix, shard),
    channel: changesChannel(prefix, shard),
    member: `${project}/${id}`,
  };
}

/** Reads `project/id` back, of a job or of whatever else a project has. Project names hold no slash. */
export function parseMember(member: string): JobReference {
  const slash = member.indexOf('/');
  return { project: member.slice(0, slash), id: member.slice(slash + 1) };
}
