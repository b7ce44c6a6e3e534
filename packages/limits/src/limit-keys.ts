/** Everything that is counted for a project and its keys shares the project's slot. */
function base(prefix: string, project: string): string {
  return `${prefix}:{p:${project}}:limits`;
}

/** Hash: requests in each second of the last minute. @param key of the key, empty for the project */
export function requestsKey(prefix: string, project: string, key: string): string {
  return `${base(prefix, project)}:requests:${key}`;
}

/** Sorted set by time: jobs of a key that were admitted and not yet heard of. */
export function admittedOfKey(prefix: string, project: string, key: string): string {
  return `${base(prefix, project)}:admitted:${key}`;
}

/** Sorted set by time: jobs of a key that exist and have not ended. */
export function waitingOfKey(prefix: string, project: string, key: string): string {
  return `${base(prefix, project)}:waiting:${key}`;
}

/** Hash: what was spent on one day, in billionths of a USD, by key; `project` for all together. */
export function spendKey(prefix: string, project: string, day: string): string {
  return `${base(prefix, project)}:spend:${day}`;
}

/** Hash: up to which entry of each shard's outbox was spent. */
export function settledKey(prefix: string, project: string): string {
  return `${base(prefix, project)}:spend:settled`;
}
