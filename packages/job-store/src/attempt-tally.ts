import { attemptOutcomeSchema } from '@understudy/contracts';
import type { Attempt, JobProgress } from '@understudy/contracts';

/** What is counted of an attempt: nothing that a caller or a provider wrote. */
export interface TalliedAttempt {
  provider: string;
  outcome: Attempt['outcome'];
  /** The rule that decided; empty of one that succeeded. */
  rule: string;
  /** 0 where no call was made, or nobody knows how long it took. */
  durationMs: number;
  /** Passed over because it could never answer this job. */
  barred: boolean;
}

/** The attempts that came with one change of a job, in the order in which they were made. */
export interface AttemptTally {
  attempts: readonly TalliedAttempt[];
  /** The provider in whose queue the job stands after them. */
  next?: string;
}

/** Short, for it stands in every outbox entry. */
type TallyRow = [
  provider: string,
  outcome: Attempt['outcome'],
  rule: string,
  durationMs: number,
  barred: 0 | 1,
];

/** The attempts, and the next provider. */
interface TallyText {
  a: TallyRow[];
  n?: string;
}

const OUTCOMES: ReadonlySet<unknown> = new Set(attemptOutcomeSchema.options);

/**
 * The tally of a change as its outbox entry carries it, so that counting attempts reads no job
 * again; empty where no attempt came with it. Repeated skips are told as often as they happen.
 */
export function tallyText(
  appended: readonly Attempt[],
  folded: readonly Attempt[] = [],
  progress?: JobProgress,
): string {
  if (appended.length + folded.length === 0) return '';
  const inOrder = [...folded, ...appended].toSorted(callsFirst);
  const next = progress?.place.kind === 'queue' ? progress.place.planned.provider : undefined;
  const tally: TallyText = {
    a: inOrder.map((attempt) => [
      attempt.provider,
      attempt.outcome,
      attempt.rule ?? '',
      Math.round(attempt.duration_ms ?? 0),
      isSkip(attempt) && attempt.verdict === 'next_for_good' ? 1 : 0,
    ]),
    ...(next === undefined ? {} : { n: next }),
  };
  return JSON.stringify(tally);
}

/** A call comes before the skips on the way to the next target, also where those are old ones. */
function callsFirst(one: Attempt, other: Attempt): number {
  return Number(isSkip(one)) - Number(isSkip(other)) || one.number - other.number;
}

function isSkip({ outcome }: Attempt): boolean {
  return outcome === 'skipped';
}

/**
 * Reads `tallyText` back; of an entry of another version, which has none of this form, nothing. By
 * hand: every end of a job comes through here.
 */
export function parseTally(text: string): AttemptTally {
  const { a: rows, n: next }: { a?: unknown; n?: unknown } = text === '' ? {} : JSON.parse(text);
  const attempts = Array.isArray(rows) ? rows.map(talliedAttempt) : [];
  if (!attempts.every((attempt) => attempt !== undefined)) return { attempts: [] };
  return { attempts, ...(typeof next === 'string' ? { next } : {}) };
}

function talliedAttempt(row: unknown): TalliedAttempt | undefined {
  if (!Array.isArray(row)) return undefined;
  const [provider, outcome, rule, durationMs, barred]: unknown[] = row;
  if (typeof provider !== 'string' || typeof rule !== 'string') return undefined;
  if (!isOutcome(outcome) || typeof durationMs !== 'number') return undefined;
  return { provider, outcome, rule, durationMs, barred: barred === 1 };
}

function isOutcome(value: unknown): value is Attempt['outcome'] {
  return OUTCOMES.has(value);
}
