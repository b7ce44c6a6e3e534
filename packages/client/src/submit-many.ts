import { anySignal } from './any-signal.ts';
import type { Job, NewJob } from './types.ts';
import { UnderstudyError } from './understudy-error.ts';

export interface SubmitManyOptions {
  /** Jobs that are submitted and not yet handed out; 16 unless told. */
  concurrency?: number;
  /**
   * Names the whole: the job at `index` is submitted under the idempotency key
   * `<keyPrefix>-<index>`, so a second run over the same input finds the jobs of the first.
   * One that nobody will use again where absent.
   */
  keyPrefix?: string;
  /** Called with each outcome before it is handed out. */
  onResult?: (outcome: JobOutcome) => void;
  signal?: AbortSignal;
}

/** What became of one of many. `job` has ended, however it did; `error`: it was not accepted. */
export type JobOutcome = { index: number } & (
  | { job: Job; error?: undefined }
  | { job?: undefined; error: UnderstudyError }
);

/** Submits one job and waits for its end. */
export type RunJob = (job: NewJob, idempotencyKey: string, signal: AbortSignal) => Promise<Job>;

const CONCURRENCY = 16;
/** What is refused for itself; everything else would meet the others too. */
const OWN_FAULT: readonly number[] = [400, 404, 409, 410, 413, 422];

/**
 * Nothing starts before the first outcome is asked for, and no more than `concurrency` jobs are
 * ahead of whoever asks. Leaving the loop stops submitting; what was accepted goes on.
 * @throws UnderstudyError when the broker takes nothing more
 */
export async function* submitMany(
  jobs: Iterable<NewJob> | AsyncIterable<NewJob>,
  run: RunJob,
  options: SubmitManyOptions = {},
): AsyncGenerator<JobOutcome, void, undefined> {
  const { concurrency = CONCURRENCY, keyPrefix = crypto.randomUUID(), onResult, signal } = options;
  if (!(concurrency >= 1)) throw new RangeError(`concurrency is ${concurrency}; give 1 or more`);
  const left = new AbortController();
  const either = anySignal(left.signal, signal);
  const source = iteratorOf(jobs);
  const settled: Settled[] = [];
  let bell = createBell();
  const settle = (what: Settled): void => {
    settled.push(what);
    bell.ring();
  };
  let running = 0;
  let next = 0;
  let reading = false;
  let exhausted = false;
  const wake = (): void => bell.ring();
  signal?.addEventListener('abort', wake, { once: true });

  const read = (): void => {
    reading = true;
    source.next().then(
      (item) => settle({ kind: 'read', item }),
      (error: unknown) => settle({ kind: 'thrown', error }),
    );
  };
  const start = (job: NewJob): void => {
    const index = next;
    next += 1;
    running += 1;
    outcomeOf(index, run(job, `${keyPrefix}-${index}`, either)).then(
      (outcome) => settle({ kind: 'outcome', outcome }),
      (error: unknown) => settle({ kind: 'thrown', error }),
    );
  };

  try {
    for (;;) {
      signal?.throwIfAborted();
      if (!exhausted && !reading && running < concurrency) read();
      if (exhausted && running === 0) return;
      await bell.rung;
      bell = createBell();
      for (const what of settled.splice(0)) {
        if (what.kind === 'thrown') throw what.error;
        if (what.kind === 'read') {
          reading = false;
          if (what.item.done) exhausted = true;
          else start(what.item.value);
          continue;
        }
        running -= 1;
        onResult?.(what.outcome);
        yield what.outcome;
      }
      if (settled.length > 0) bell.ring();
    }
  } finally {
    left.abort();
    signal?.removeEventListener('abort', wake);
    // A source that is being read ends only when it has given what it was asked for.
    const closed = source.return().catch(() => undefined);
    if (!reading) await closed;
  }
}

interface Bell {
  rung: Promise<void>;
  ring(): void;
}

/** Node 20 has no `Promise.withResolvers`. */
function createBell(): Bell {
  let ring: (() => void) | undefined;
  const rung = new Promise<void>((resolve) => {
    ring = resolve;
  });
  return { rung, ring: () => ring?.() };
}

type Settled =
  | { kind: 'read'; item: IteratorResult<NewJob> }
  | { kind: 'outcome'; outcome: JobOutcome }
  | { kind: 'thrown'; error: unknown };

async function outcomeOf(index: number, running: Promise<Job>): Promise<JobOutcome> {
  try {
    return { index, job: await running };
  } catch (error) {
    if (error instanceof UnderstudyError && OWN_FAULT.includes(error.status ?? 0)) {
      return { index, error };
    }
    throw error;
  }
}

/** Of a synchronous source too: `for await` would do, but it cannot be left half read. */
async function* iteratorOf(jobs: Iterable<NewJob> | AsyncIterable<NewJob>) {
  yield* jobs;
}
