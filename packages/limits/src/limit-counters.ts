import type { Redis } from '@understudy/runtime';
import type { Holder } from './caller.ts';
import type { PolicyState } from './quota-exceeded.ts';

export interface CountedRequest {
  /** Limits on requests, for the caller to see; after this request where it was counted. */
  states: PolicyState[];
  /** What refuses the request; empty when it was counted. */
  violated: PolicyState[];
}

export interface AdmittedJobs {
  /** So many of the ids, from the first on, have a place. */
  admitted: number;
  /** Places that were taken for them just now. */
  taken: number;
  /** What refuses the rest; empty when there is none. */
  violated: PolicyState[];
}

/** What a project or a key has used. */
export interface Use {
  /** In the last 60 s; only where there is a limit. */
  requests?: number;
  /** Of a key only where there is a limit. */
  jobsWaiting?: number;
  bytesStored: number;
  /** USD since midnight UTC. */
  spentToday: number;
}

/**
 * What is counted against limits. All holders of a call are of one project; a call whose holders
 * have no limit of that kind costs no round trip.
 */
export interface LimitCounters {
  /** Counts a request unless a limit forbids it. One round trip; atomic over both holders. */
  countRequest(project: string, holders: readonly Holder[], now: number): Promise<CountedRequest>;
  /**
   * Keeps places for jobs that are about to be made; atomic over both holders. A place is given up
   * when the job ends, by `releaseJobs`, or when it is wanted and no such job was made for a minute.
   */
  admitJobs(
    project: string,
    holders: readonly Holder[],
    ids: readonly string[],
    now: number,
  ): Promise<AdmittedJobs>;
  /** For how many more jobs there is room now; Infinity where nothing limits them. */
  room(project: string, holders: readonly Holder[], now: number): Promise<number>;
  /** Gives places back whose jobs were not made. */
  releaseJobs(project: string, holders: readonly Holder[], ids: readonly string[]): Promise<void>;
  /** What each holder has used, in the order given. One round trip. */
  use(project: string, holders: readonly Holder[], now: number): Promise<Use[]>;
}

/** Where limits are counted. */
export interface LimitPlace {
  redis: Redis;
  prefix: string;
  /** Where the bytes of a project's files are counted: a hash by key, and `project`. */
  bytesKey(project: string): string;
  /** By project, when its unfinished jobs were looked at in search of ended ones. */
  unfinishedLooks: Map<string, number>;
}
