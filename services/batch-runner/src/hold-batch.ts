import { LeaseLostError } from '@understudy/batch-store';
import type { BatchLease } from '@understudy/batch-store';
import { endedUnlessAway, repeat } from '@understudy/runtime';
import type { RunnerContext, HeldBatch } from './runner-context.ts';
import { runStep } from './run-step.ts';
import type { StepResult } from './run-step.ts';

/** A runner that dies holds its batches for no longer than this. */
export const LEASE_MS = 10_000;
const RENEW_INTERVAL_MS = 2500;
/** Without a message this long passes between two looks at a batch. */
const LOOK_INTERVAL_MS = 1000;

/** A batch that this runner works on. */
export interface RunningHold {
  /** There may be something to be done now. */
  trigger(): void;
  /** For how long nothing of it has come on; 0 while a step is under way, which may be a long one. */
  idleMs(): number;
  /** For how long the step that is under way has lasted; 0 between two. */
  stepMs(): number;
  /** Stops after what is under way and hands the batch back. */
  close(): Promise<void>;
}

/** Works on a batch until it has ended or is lost to another runner; then calls back. */
export function holdBatch(
  context: RunnerContext,
  lease: BatchLease,
  onEnd: () => void,
): RunningHold {
  const { runs, dispatch } = context;
  const { clock, logger, redis } = dispatch;
  const name = `batch ${lease.batch.id}`;
  const stop = new AbortController();
  const held: HeldBatch = {
    lease,
    signal: stop.signal,
    partsWritten: 0,
    writtenAt: clock.monotonic(),
    mendedAt: clock.monotonic(),
    unknownModelSince: undefined,
    nextLinesEnded: false,
    unread: { lines: new Set(), since: clock.monotonic() },
    progress: -1,
    progressedAt: clock.monotonic(),
  };
  let closing: Promise<void> | undefined;
  let stepSince: number | undefined;
  const step = async (): Promise<StepResult> => {
    stepSince = clock.monotonic();
    try {
      return await runStep(context, held);
    } finally {
      stepSince = undefined;
    }
  };
  const end = (): void => void close().then(onEnd);
  const unlessLost = async (work: () => Promise<number | void>): Promise<number | void> => {
    try {
      return await work();
    } catch (error) {
      if (stop.signal.aborted) return;
      if (!(error instanceof LeaseLostError)) throw error;
      logger.warn({ batch: lease.batch.id }, 'another runner works on the batch now');
      end();
    }
  };

  const renewing = repeat(`renewing the lease of ${name}`, RENEW_INTERVAL_MS, logger, () =>
    unlessLost(() => runs.renew(lease, clock.now() + LEASE_MS)),
  );
  const running = repeat(`running ${name}`, LOOK_INTERVAL_MS, logger, () =>
    unlessLost(async () => {
      const result = stop.signal.aborted ? 'done' : await step();
      if (result === 'done') end();
      if (result === 'again') held.progressedAt = clock.monotonic();
      return result === 'again' ? 0 : LOOK_INTERVAL_MS;
    }),
  );
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      stop.abort();
      await endedUnlessAway(redis, Promise.all([running.close(), renewing.close()]));
      await endedUnlessAway(redis, runs.release(lease));
    })());
  return {
    trigger: () => running.trigger(),
    idleMs: () => (stepSince === undefined ? clock.monotonic() - held.progressedAt : 0),
    stepMs: () => (stepSince === undefined ? 0 : clock.monotonic() - stepSince),
    close,
  };
}
