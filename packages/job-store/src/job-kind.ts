import { isTerminal } from '@understudy/contracts';
import type { TERMINAL_STATUSES } from '@understudy/contracts';
import { z } from 'zod';
import type { JobOutline } from './job-outline.ts';

export type ListedStatus = 'unfinished' | (typeof TERMINAL_STATUSES)[number];

/**
 * What the lists tell jobs apart by. A job stands in the list of exactly one kind, so every filter
 * over these members is a union of lists, and how many jobs match is a sum of their lengths.
 */
export interface JobKind {
  /** `unfinished` is queued and in_progress: a job that starts changes no list. */
  status: ListedStatus;
  model: string;
  route: string;
  /** That gave the result or the deciding error, or in whose queue the job stands; '' for none. */
  provider: string;
  /** What decided over a job that failed: the rule, or else the error's code; '' for no failure. */
  error: string;
}

const kindSchema = z.tuple([
  z.enum(['unfinished', 'completed', 'failed', 'cancelled', 'expired']),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
]);

/** The kind of a job as it is now. */
export function kindOf(record: JobOutline): JobKind {
  const { status, request, progress } = record;
  return {
    status: isListedEnd(status) ? status : 'unfinished',
    model: request.model,
    route: progress.route,
    provider: providerOf(record) ?? '',
    error: decidingError(record) ?? '',
  };
}

/** As kinds are named in keys: one text for each kind, and the other way round. */
export function kindText({ status, model, route, provider, error }: JobKind): string {
  return JSON.stringify([status, model, route, provider, error]);
}

const UNFINISHED = `["unfinished",`;

/** Whether the text of a kind is that of unfinished jobs; tells it without reading the rest. */
export function isUnfinishedText(text: string): boolean {
  return text.startsWith(UNFINISHED);
}

/** Reads what `kindText` wrote. */
export function parseKind(text: string): JobKind {
  const [status, model, route, provider, error] = kindSchema.parse(JSON.parse(text));
  return { status, model, route, provider, error };
}

/** The provider that gave the result or the deciding error, or whose queue the job stands in. */
export function providerOf({ status, end, progress }: JobOutline): string | undefined {
  if (isTerminal(status)) return end?.result?.provider ?? end?.error?.provider;
  return progress.place.kind === 'queue' ? progress.place.planned.provider : undefined;
}

/** The rule that decided over a job that failed, or else the code of its error. */
export function decidingError({
  status,
  end,
}: Pick<JobOutline, 'status' | 'end'>): string | undefined {
  return status === 'failed' ? (end?.error?.rule ?? end?.error?.code) : undefined;
}

function isListedEnd(status: JobOutline['status']): status is Exclude<ListedStatus, 'unfinished'> {
  return isTerminal(status);
}
