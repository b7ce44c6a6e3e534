/** A file's keys in Redis. All keys of a project share a slot, so that a batch writes both in one script. */
export interface FileKeys {
  /** Hash: `rec` FileRecord as JSON, `bytes`, `complete` 0 or 1. */
  record: string;
  /** List of FilePart as JSON, in order. */
  parts: string;
  /** Of the project: sorted set of file ids by the time they were made. */
  list: string;
  /** Of the project: sorted set of file ids by the time they expire. */
  expiring: string;
}

export function fileKeys(prefix: string, project: string, id: string): FileKeys {
  const base = `${prefix}:{p:${project}}:file`;
  return {
    record: `${base}:${id}`,
    parts: `${base}:${id}:parts`,
    list: `${base}s:all`,
    expiring: `${base}s:expiring`,
  };
}

/** Where a part's bytes stand. */
export function partKey(project: string, file: string, part: string): string {
  return `${project}/${file}/${part}`;
}
