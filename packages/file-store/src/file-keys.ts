import { isFileId } from './file-id.ts';
import { isFileKey } from './file-key-segments.ts';

/**
 * A file's keys in Redis. All keys of a project share a slot, so that a batch writes both in one
 * script.
 *
 * A batch's script that adds a written part to a file that grows does so only where `record` exists
 * (its owner may have removed the file) with `complete` 0: RPUSH of the part on `parts` and HINCRBY
 * of its bytes on `bytes` of `record`, and on `project` and the file's `key` of `used`. One that
 * replaces all parts by merged ones sets `complete` 1. Bytes of parts that are named no more are swept.
 */
export interface FileKeys {
  /** Hash: `rec` FileRecord as JSON, `bytes` of all parts, `complete` 0 or 1, `key` id or none. */
  record: string;
  /** List of FilePart as JSON, `{"key":"…","bytes":1}`, in order. */
  parts: string;
  /** When a removed file was made: its place in the list, for whoever pages on from it. */
  removed: string;
  /** Which upload the file is of, where that came with an idempotency key: a hash that the API makes. */
  uploaded: string;
  /** Of the project: sorted set of file ids by the time they were made. */
  list: string;
  /** Of the project: sorted set of file ids by the time they expire. */
  expiring: string;
  /** Of the project: hash of the bytes of its files, in `project` and by the key they came with. */
  used: string;
}

export function fileKeys(prefix: string, project: string, id: string): FileKeys {
  const base = `${prefix}:{p:${project}}:file`;
  return {
    record: `${base}:${id}`,
    parts: `${base}:${id}:parts`,
    removed: `${base}:${id}:removed`,
    uploaded: `${prefix}:{p:${project}}:uploaded:${id}`,
    list: `${base}s:all`,
    expiring: `${base}s:expiring`,
    used: usedBytesKey(prefix, project),
  };
}

/** Where the bytes of a project's files are counted; every script that changes `bytes` changes it. */
export function usedBytesKey(prefix: string, project: string): string {
  return `${prefix}:{p:${project}}:files:used`;
}

/** Where a part's bytes stand. */
export function partKey(project: string, file: string, part: string): string {
  return `${project}/${file}/${part}`;
}

/** Whose part a key is; undefined of one that is not made as `partKey` does. */
export function parsePartKey(key: string): { project: string; file: string } | undefined {
  const [project = '', file = '', ...parts] = key.split('/');
  if (parts.length !== 1 || !isFileId(file) || !isFileKey(key)) return undefined;
  return { project, file };
}

/** How this broker is known in the place where its files live, from the first sweep on. */
export function placeKey(prefix: string): string {
  return `${prefix}:{files}:place`;
}

/** Set of the projects that ever had a file. */
export function projectsKey(prefix: string): string {
  return `${prefix}:{files}:projects`;
}
