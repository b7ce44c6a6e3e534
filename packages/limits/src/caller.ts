import { own } from '@understudy/contracts';
import type { Limits } from '@understudy/contracts';

/** Who asks for work: a key, and the project it belongs to. */
export interface Caller {
  project: string;
  /** Id of the key; absent of work from before keys were noted. */
  key?: string;
  /** What was given to the key when it was made; its project's limits hold beside them. */
  keyLimits?: Limits;
}

/** For whom something is counted: a project as a whole, or one of its keys. */
export interface Holder {
  kind: 'project' | 'key';
  /** Of the key; empty for the project. */
  key: string;
  limits: Limits;
}

/**
 * Everybody whose limits bind a caller. Each counts for itself, so that the stricter one wins.
 * @param projects the operator's limits, by the name of the project
 */
export function holdersOf(
  { project, key, keyLimits = {} }: Caller,
  projects: Readonly<Record<string, Limits>>,
): Holder[] {
  const holders: Holder[] = [{ kind: 'project', key: '', limits: own(projects, project) ?? {} }];
  if (key !== undefined) holders.push({ kind: 'key', key, limits: keyLimits });
  return holders;
}

/** Whether anything limits how often the holder may ask. */
export function limitsRequests({ limits }: Holder): boolean {
  return limits.requests_per_minute !== undefined || limits.spend_per_day !== undefined;
}
