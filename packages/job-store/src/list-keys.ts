import { createHash } from 'node:crypto';

/** Names every list of a project, so that trimming needs no scan. */
export function listsKey(prefix: string, project: string): string {
  return `${prefix}:{p:${project}}:lists`;
}

/** Names every kind of job that a project has a list of. */
export function kindsKey(prefix: string, project: string): string {
  return `${prefix}:{p:${project}}:kinds`;
}

/** Hash: model that unfinished jobs of a project ask for → the ways that were noted of it. */
export function waysKey(prefix: string, project: string): string {
  return `${prefix}:{p:${project}}:ways`;
}

/** Sorted set: the jobs of one kind; `kind` as `kindText` writes it. */
export function kindListKey(prefix: string, project: string, kind: string): string {
  return listKey(prefix, project, 'kind', kind);
}

/** Sorted set: the jobs of a batch's lines. */
export function batchListKey(prefix: string, project: string, batch: string): string {
  return listKey(prefix, project, 'batch', batch);
}

/** Sorted set: jobs of a project that have not ended, as far as was heard. */
export function unfinishedKey(prefix: string, project: string): string {
  return listKey(prefix, project, 'status', 'unfinished');
}

/** Sorted set: jobs of a project that were given a place and stand in no list yet. */
export function admittedKey(prefix: string, project: string): string {
  return `${prefix}:{p:${project}}:limits:admitted`;
}

/** Where it is said that the lists of a project have changed; the message is the project. */
export function listsChannel(prefix: string): string {
  return `${prefix}:{lists}:changed`;
}

export function projectsKey(prefix: string): string {
  return `${prefix}:{projects}:names`;
}

/** Lists that free metadata has at most in one project, however many values there are. */
const METADATA_LISTS = 1024;
/** Bits of a score below the instant: with the 41 of an instant they fit a double. */
const MARK_BITS = 11;
const MARKS = 2 ** MARK_BITS;

/** A sorted set of jobs that have one of some pairs of metadata. */
export interface MetadataList {
  key: string;
  /** Two bits of those that pairs set; in the score of a job those of its pairs are all set. */
  marks: number;
}

/**
 * Where the jobs stand that have these pairs of metadata. The score of a job in such a list is its
 * instant of creation and the marks of its pairs as a fraction: so jobs of other pairs that share a
 * list are passed over without reading their records, most of them. Neither name nor score tells
 * what a pair is.
 */
export function metadataLists(
  prefix: string,
  project: string,
  metadata: Readonly<Record<string, string>>,
): MetadataList[] {
  const lists = new Map<string, number>();
  for (const pair of Object.entries(metadata)) {
    const digest = createHash('sha256').update(JSON.stringify(pair)).digest();
    const key = listKey(prefix, project, 'metadata', `${digest.readUInt16BE(0) % METADATA_LISTS}`);
    const first = digest.readUInt8(2) % MARK_BITS;
    const second = (first + 1 + (digest.readUInt8(3) % (MARK_BITS - 1))) % MARK_BITS;
    lists.set(key, (lists.get(key) ?? 0) | (1 << first) | (1 << second));
  }
  return [...lists].map(([key, marks]) => ({ key, marks }));
}

/** The score of a job in a list, with the marks of its metadata where the list is of those. */
export function scoreOf(createdAt: number, marks = 0): number {
  return Math.floor(createdAt) + marks / MARKS;
}

/** The other way round. */
export function parseScore(score: number): { createdAt: number; marks: number } {
  const createdAt = Math.floor(score);
  return { createdAt, marks: (score - createdAt) * MARKS };
}

function listKey(prefix: string, project: string, what: string, value: string): string {
  return `${prefix}:{p:${project}}:jobs:${what}:${value}`;
}
