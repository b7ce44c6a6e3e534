import { batchMember } from '@understudy/batch-store';
import type { BatchReference } from '@understudy/batch-store';
import { LEASE_MS, holdBatch } from './hold-batch.ts';
import type { RunningHold } from './hold-batch.ts';
import type { RunnerContext } from './runner-context.ts';

const LOOKED_AT = 1000;
/** A name without a batch: its creation was refused, or cut off. Nobody is still creating it. */
const GONE_AFTER_MS = 300_000;
/** Looks come as often as lines end; how long batches have waited is asked less often. */
const ROOM_INTERVAL_MS = 1000;

/** The batches that one process works on; others are left to other replicas, or wait. */
export interface HeldBatches {
  /**
   * Takes batches that nobody works on, the oldest first. Where there is no room, those that do not get
   * on here give way to those that wait.
   */
  look(): Promise<void>;
  /** There may be something to be done for a batch. False where it is not held here. */
  trigger(batch: BatchReference): boolean;
  /** From now on none is taken. */
  stopTaking(): void;
  /** Hands all of them back, after what is under way; once no look is. */
  close(): Promise<void>;
}

export interface HeldBatchesOptions {
  /** By which the leases of this process are known. */
  holder: string;
  /** Batches at once. */
  most: number;
  /**
   * A batch of which nothing has come on for so long gives way; and one that was held waits for so
   * long before another does so for it, so that they do not change places all the time.
   */
  idleMs: number;
}

type Unfinished = Awaited<ReturnType<RunnerContext['runs']['unfinished']>>[number];

export function createHeldBatches(
  context: RunnerContext,
  { holder, most, idleMs }: HeldBatchesOptions,
): HeldBatches {
  const { runs, dispatch } = context;
  const { clock } = dispatch;
  const holds = new Map<string, RunningHold>();
  let stopping = false;
  let roomMadeAt = -Infinity;

  const take = async ({ batch, since }: Unfinished): Promise<void> => {
    const member = batchMember(batch);
    if (stopping || holds.has(member) || holds.size >= most) return;
    const now = clock.now();
    const claim = await runs.claim(batch, holder, now, now + LEASE_MS);
    if (claim.kind === 'missing' && now - since > GONE_AFTER_MS) await runs.leave(batch);
    if (claim.kind !== 'claimed') return;
    holds.set(
      member,
      holdBatch(context, claim.lease, () => holds.delete(member)),
    );
  };

  const makeRoom = async (unfinished: readonly Unfinished[]): Promise<void> => {
    const idle = [...holds]
      .filter(([, hold]) => hold.idleMs() >= idleMs)
      .toSorted(([, one], [, other]) => other.idleMs() - one.idleMs());
    if (idle.length === 0 || clock.monotonic() - roomMadeAt < ROOM_INTERVAL_MS) return;
    roomMadeAt = clock.monotonic();
    const others = unfinished.filter(({ batch }) => !holds.has(batchMember(batch)));
    const waiting = await waitingOf(context, others, idleMs);
    for (const [index, [member, hold]] of idle.entries()) {
      const next = waiting[index];
      if (next === undefined || stopping) return;
      await hold.close();
      holds.delete(member);
      await take(next);
    }
  };

  return {
    look: async () => {
      const unfinished = await runs.unfinished(LOOKED_AT);
      for (const one of unfinished) await take(one);
      if (holds.size >= most) await makeRoom(unfinished);
    },

    trigger: (batch) => {
      const hold = holds.get(batchMember(batch));
      hold?.trigger();
      return hold !== undefined;
    },

    stopTaking: () => {
      stopping = true;
    },

    close: async () => {
      await Promise.all([...holds.values()].map((hold) => hold.close()));
    },
  };
}

/** Those that nobody holds: first what is to be cancelled, then what was not held for longest. */
async function waitingOf(
  { runs, dispatch }: RunnerContext,
  unfinished: readonly Unfinished[],
  idleMs: number,
): Promise<Unfinished[]> {
  const now = dispatch.clock.now();
  const states = await runs.holdStates(
    unfinished.map(({ batch }) => batch),
    now,
  );
  return unfinished
    .map((one, index) => ({ one, state: states[index] }))
    .flatMap(({ one, state }) => (state === undefined || state.held ? [] : [{ one, ...state }]))
    .filter(({ until, cancelling }) => cancelling || until + idleMs <= now)
    .toSorted((a, b) => Number(b.cancelling) - Number(a.cancelling) || a.until - b.until)
    .map(({ one }) => one);
}
