import { createHash } from 'node:crypto';

/** All that makes a run the one it is: who has the same of all this means the same run. */
export interface RunIdentity {
  /** Of the requests as they are sent. */
  sha256: string;
  /** Absolute: the same prompts into another file are another run. */
  answersPath: string;
  generation: string;
  options: BatchOptions;
}

export interface BatchOptions {
  priority?: string | number;
  /** Such as `12h`: when the broker gives up on what has no answer yet. */
  expiresIn?: string;
  metadata?: Readonly<Record<string, string>>;
  /** USD after which no further line is begun. */
  maxCost?: number;
}

/**
 * The idempotency key of a run's batch. Made of what is on the command line and in the file alone,
 * so that a run which has lost everything else finds its batch again.
 * @param round 0 for the whole file; then those that had failed before
 */
export function runKey(run: RunIdentity, round: number): string {
  const { sha256, answersPath, generation, options } = run;
  const { priority = '', expiresIn, maxCost } = options;
  const metadata = Object.entries(options.metadata ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const identity = [sha256, answersPath, generation, priority, metadata, round];
  // Behind the others, and only where they are said: a run that an older command began keeps its key.
  if (expiresIn !== undefined) identity.push(expiresIn);
  if (maxCost !== undefined) identity.push(maxCost);
  const digest = createHash('sha256').update(JSON.stringify(identity)).digest('base64url');
  return `batch-run-${digest}`;
}
