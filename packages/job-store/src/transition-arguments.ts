import { SCHEMA_VERSION } from '@understudy/contracts';
import type { Attempt, JobEnd, JobEvent, JobStatus } from '@understudy/contracts';
import type { Sealer } from '@understudy/sealing';
import { tallyText } from './attempt-tally.ts';
import { isFailedAttempt } from './failed-attempt.ts';
import type { JobKeys, JobReference } from './job-keys.ts';
import type { ChangedJob, JobChange } from './job-store.ts';
import type { RecordSeal } from './record-seal.ts';
import { answeredText } from './told-job.ts';

/** What a change of a job is written with. */
export interface TransitionParts {
  keys: JobKeys;
  seal: RecordSeal;
  sealer: Sealer;
  /** The newest form of a record that may be changed. */
  newest: number;
  /** The form that is written; absent for the first. */
  written: number | undefined;
}

/** The arguments of `transition.lua`, in its order. */
export function transitionArguments(
  job: ChangedJob,
  change: JobChange,
  { keys, seal, sealer, newest, written }: TransitionParts,
): (string | number | Buffer)[] {
  const { progress, end, result, appended, folded } = change;
  const endText = end === undefined ? '' : seal.endText(end);
  return [
    change.token ?? '',
    change.turn ?? '',
    change.version ?? '',
    newest,
    written ?? '',
    change.status,
    change.nextTurn,
    change.keepStarts === true ? 1 : '',
    change.dueAt ?? '',
    job.project,
    job.id,
    keys.member,
    keys.channel,
    eventBeginning(job, change.status),
    failedNumbers(appended),
    spentFor(end),
    tallyText(appended, folded, progress),
    progressTextOf(seal, change),
    endText,
    change.endedAt ?? '',
    change.keepMs ?? '',
    result === undefined ? '' : sealer.seal(result, keys.result),
    answeredText(job, change, endText) ?? '',
    folded.length,
    ...folded.flatMap((attempt) => [attempt.number, seal.attemptText(attempt, end)]),
    ...appended.map((attempt) => seal.attemptText(attempt, end)),
  ];
}

/** A JobEvent as JSON up to its version, which the script that makes the change puts behind it. */
export function eventBeginning({ project, id }: JobReference, status: JobStatus): string {
  const told: Omit<JobEvent, 'version'> = { v: SCHEMA_VERSION, project, id, status };
  return `${JSON.stringify(told).slice(0, -1)},"version":`;
}

function progressTextOf(seal: RecordSeal, { progress, status }: JobChange): string {
  if (progress === undefined) return '';
  return status === 'completed' ? seal.storyText(progress) : seal.progressText(progress);
}

function spentFor(end: JobEnd | undefined): number | '' {
  const cost = end?.cost;
  return cost === undefined || cost.status === 'unknown' ? '' : cost.amount;
}

function failedNumbers(appended: readonly Attempt[]): string {
  return appended
    .filter(isFailedAttempt)
    .map(({ number }) => number)
    .join(',');
}
