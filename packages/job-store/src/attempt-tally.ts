import { attemptOutcomeSchema } from '@understudy/contracts';
import type { Attempt, JobProgress } from '@understudy/contracts';
import { z } from 'zod';

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

/** Provider, outcome, rule, duration, 1 where barred: short, for it stands in every outbox entry. */
const rowSchema = z.tuple([
  z.string(),
  attemptOutcomeSchema,
  z.string(),
  z.number(),
  z.literal([0, 1]),
]);
const tallySchema = z.object({ a: z.array(rowSchema), n: z.string().optional() });

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
  const all = [...folded, ...appended].toSorted((one, other) => one.number - other.number);
  // A call comes before the skips on the way to the next target, also where those are old ones.
  const inOrder = [...all.filter((attempt) => !isSkip(attempt)), ...all.filter(isSkip)];
  const next = progress?.place.kind === 'queue' ? progress.place.planned.provider : undefined;
  const tally: z.infer<typeof tallySchema> = {
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

function isSkip({ outcome }: Attempt): boolean {
  return outcome === 'skipped';
}

/** Reads `tallyText` back; of an entry of another version, which has none of this form, nothing. */
export function parseTally(text: string): AttemptTally {
  const parsed = text === '' ? undefined : tallySchema.safeParse(JSON.parse(text));
  if (parsed?.success !== true) return { attempts: [] };
  const { a: rows, n: next } = parsed.data;
  return {
    attempts: rows.map(([provider, outcome, rule, durationMs, barred]) => ({
      provider,
      outcome,
      rule,
      durationMs,
      barred: barred === 1,
    })),
    ...(next === undefined ? {} : { next }),
  };
}
