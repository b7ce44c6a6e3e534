import type { AttemptOutcome, JobStatus } from '@understudy/contracts';

/** Fields of a bucket about jobs. Short: there are 1500 minutes of every project. */
export const JOB_FIELDS = {
  accepted: 'a',
  completed: 'c',
  failed: 'f',
  cancelled: 'x',
  expired: 'e',
  costNanos: '$',
  inputTokens: 'i',
  outputTokens: 'o',
} as const;

export type JobCount = keyof typeof JOB_FIELDS;

/** The field that counts jobs that ended so; undefined of a status that is not an end. */
export function endField(status: JobStatus): string | undefined {
  return status === 'queued' || status === 'in_progress' ? undefined : JOB_FIELDS[status];
}

const OUTCOME_MARKS = {
  succeeded: 's',
  failed: 'f',
  skipped: 'k',
  interrupted: 'n',
  cancelled: 'x',
} as const satisfies Record<AttemptOutcome, string>;

const LATENCY_MARK = 'l';
const FLOW_MARK = 'w';

/** What one field of a bucket counts that is about providers. */
export type ProviderCount =
  | { kind: 'attempts'; provider: string; outcome: AttemptOutcome; rule: string }
  | { kind: 'latency'; provider: string; bucket: number }
  /** From one provider to the next; `to` is null where the job ended unanswered. */
  | { kind: 'flow'; from: string; to: string | null };

/** Names of providers hold no colon; what comes last may. */
export function providerField(count: ProviderCount): string {
  if (count.kind === 'flow') return `${FLOW_MARK}:${count.from}:${count.to ?? ''}`;
  if (count.kind === 'latency') return `${LATENCY_MARK}:${count.provider}:${count.bucket}`;
  return `${OUTCOME_MARKS[count.outcome]}:${count.provider}:${count.rule}`;
}

/** Reads `providerField` back; undefined of a field that is about jobs. */
export function parseProviderField(field: string): ProviderCount | undefined {
  const [mark = '', provider = '', ...rest] = field.split(':');
  if (rest.length === 0) return undefined;
  const last = rest.join(':');
  if (mark === LATENCY_MARK) return { kind: 'latency', provider, bucket: Number(last) };
  if (mark === FLOW_MARK) return { kind: 'flow', from: provider, to: last === '' ? null : last };
  const outcome = OUTCOMES.find((known) => OUTCOME_MARKS[known] === mark);
  if (outcome === undefined) return undefined;
  return { kind: 'attempts', provider, outcome, rule: last };
}

const OUTCOMES: readonly AttemptOutcome[] = [
  'succeeded',
  'failed',
  'skipped',
  'interrupted',
  'cancelled',
];
