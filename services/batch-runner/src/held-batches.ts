import { batchMember } from '@understudy/batch-store';
import type { BatchReference, UnfinishedBatch } from '@understudy/batch-store';
import { endedUnlessAway } from '@understudy/runtime';
import { LEASE_MS, holdBatch } from './hold-batch.ts';
import type { RunningHold } from './hold-batch.ts';
import type { RunnerContext } from './runner-context.ts';
import { unfinishedBatches } from './unfinished-batches.ts';

/** A name without a batch: its creation was refused, or cut off. Nobody is still creating it. */
const GONE_AFTER_MS = 300_000;
/** Looks come as often as lines end; how long batches have waited is asked less often. */
const ROOM_INTERVAL_MS = 1000;
/** A step that has taken so long, as a merge does, is not cut off for another batch's turn. */
const LONG_STEP_MS = 10_000;

/** The batches that one process works on; others are left to other replicas, or wait. */
export interface HeldBatches {
  /**
   * Takes batches that nobody works on, the oldest first. Where there is no room, those that do not get
   * on here give way to those that wait, and in the end so does the one that was held longest; what is
   * to be cancelled is taken all the same.
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
  /** Batches at once; and as many beside them that are to be cancelled, which takes seconds. */
  most: number;
  /** Batches that are looked at together; where there is no room, so many a second. */
  portion: number;
  /**
   * A batch of which nothing has come on for so long gives way; and one that was held waits for so
   * long before another does so for it, so that they do not change places all the time.
   */
  idleMs: number;
  /** Where all get on, a batch gives way to one that has waited for so long, once held for so long. */
  turnMs: number;
}

/** What a batch is held as: of either kind there are `most`. */
type Place = 'usual' | 'cancelling';

interface Held {
  hold: RunningHold;
  place: Place;
  /** By the monotonic clock. */
  takenAt: number;
}

/** A batch that nobody holds. Durations in milliseconds. */
interface Waiting {
  one: UnfinishedBatch;
  place: Place;
  /** Since a runner held it; of one that was never held, since the epoch. */
  leftMs: number;
  /** Since a runner held it, or it was made. */
  waitedMs: number;
}

export function createHeldBatches(
  context: RunnerContext,
  { holder, most, portion, idleMs, turnMs }: HeldBatchesOptions,
): HeldBatches {
  const { runs, dispatch } = context;
  const { clock, logger, redis } = dispatch;
  const holds = new Map<string, Held>();
  /** Whose lease is just asked for. */
  const taking = new Map<string, Place>();
  /** What is giving way, and what that is for. */
  const changes = new Map<string, { next: string; ended: Promise<void> }>();
  let stopping = false;
  let roomMadeAt = -Infinity;
  /** Among which room is looked for next. */
  let rest = unfinishedBatches(runs, portion);

  const heldAs = (place: Place): [string, Held][] =>
    [...holds].filter(([, held]) => held.place === place);

  const isFull = (place: Place): boolean =>
    heldAs(place).length + [...taking.values()].filter((one) => one === place).length >= most;

  const take = async ({ batch, since }: UnfinishedBatch, place: Place): Promise<void> => {
    const member = batchMember(batch);
    if (stopping || holds.has(member) || taking.has(member) || isFull(place)) return;
    taking.set(member, place);
    try {
      const now = clock.now();
      const claim = await runs.claim(batch, holder, now, now + LEASE_MS);
      if (claim.kind === 'missing' && now - since > GONE_AFTER_MS) await runs.leave(batch);
      if (claim.kind !== 'claimed') return;
      const hold = holdBatch(context, claim.lease, () => holds.delete(member));
      holds.set(member, { hold, place, takenAt: clock.monotonic() });
    } finally {
      taking.delete(member);
    }
  };

  const takeOldest = async (): Promise<void> => {
    for await (const unfinished of unfinishedBatches(runs, portion)) {
      for (const one of unfinished) await take(one, 'usual');
      if (stopping || isFull('usual')) return;
    }
  };

  /** Once what is under way has ended: a write that is stalled lasts for minutes, and no look waits for it. */
  const giveWay = async (member: string, { hold }: Held, next: Waiting): Promise<void> => {
    try {
      await hold.close();
    } finally {
      holds.delete(member);
    }
    await take(next.one, next.place);
  };

  /** Which gives way to one that waits: what has not got on for longest, else what was held longest. */
  const loserTo = ({ place, leftMs, waitedMs }: Waiting): [string, Held] | undefined => {
    const held = heldAs(place).filter(([member]) => !changes.has(member));
    const [idle] = held
      .filter(([, { hold }]) => leftMs >= idleMs && hold.idleMs() >= idleMs)
      .toSorted(([, a], [, b]) => b.hold.idleMs() - a.hold.idleMs());
    if (idle !== undefined) return idle;
    if (waitedMs < turnMs) return undefined;
    const now = clock.monotonic();
    return held
      .filter(([, { hold, takenAt }]) => now - takenAt >= turnMs && hold.stepMs() < LONG_STEP_MS)
      .toSorted(([, a], [, b]) => a.takenAt - b.takenAt)[0];
  };

  const change = (waiting: Waiting): void => {
    const next = batchMember(waiting.one.batch);
    if ([...changes.values()].some((one) => one.next === next)) return;
    const [member, loser] = loserTo(waiting) ?? [];
    if (member === undefined || loser === undefined) return;
    const ended = giveWay(member, loser, waiting)
      .catch((error: unknown) => logger.warn({ err: error }, 'a batch did not get its turn'))
      .finally(() => changes.delete(member));
    changes.set(member, { next, ended });
  };

  /** Goes on where it ended, so that the newest of tens of thousands has its turn, too. */
  const nextPortion = async (): Promise<UnfinishedBatch[]> => {
    const next = await rest.next();
    if (next.done !== true) return next.value;
    rest = unfinishedBatches(runs, portion);
    return (await rest.next()).value ?? [];
  };

  const makeRoom = async (): Promise<void> => {
    if (clock.monotonic() - roomMadeAt < ROOM_INTERVAL_MS) return;
    roomMadeAt = clock.monotonic();
    const unfinished = await nextPortion();
    const others = unfinished.filter(({ batch }) => !holds.has(batchMember(batch)));
    for (const next of await waitingOf(context, others)) {
      if (stopping) return;
      if (isFull(next.place)) change(next);
      else await take(next.one, next.place);
    }
  };

  const closeAll = async (): Promise<void> => {
    await Promise.all([...holds.values()].map(({ hold }) => hold.close()));
  };

  return {
    look: async () => {
      if (!isFull('usual')) await takeOldest();
      if (isFull('usual')) await makeRoom();
    },

    trigger: (batch) => {
      const held = holds.get(batchMember(batch));
      held?.hold.trigger();
      return held !== undefined;
    },

    stopTaking: () => {
      stopping = true;
    },

    close: async () => {
      stopping = true;
      const changing = Promise.all([...changes.values()].map(({ ended }) => ended));
      await Promise.all([closeAll(), endedUnlessAway(redis, changing)]);
      // What one of them was just taking.
      await closeAll();
    },
  };
}

/** Those of a portion that nobody holds: first what is to be cancelled, then what was not held for longest. */
async function waitingOf(
  { runs, dispatch }: RunnerContext,
  unfinished: readonly UnfinishedBatch[],
): Promise<Waiting[]> {
  if (unfinished.length === 0) return [];
  const now = dispatch.clock.now();
  const states = await runs.holdStates(
    unfinished.map(({ batch }) => batch),
    now,
  );
  return unfinished
    .flatMap((one, index): Waiting[] => {
      const state = states[index];
      if (state === undefined || state.held) return [];
      const { until, cancelling } = state;
      const place = cancelling ? 'cancelling' : 'usual';
      return [{ one, place, leftMs: now - until, waitedMs: now - Math.max(until, one.since) }];
    })
    .toSorted((a, b) => orderOf(a) - orderOf(b) || b.leftMs - a.leftMs);
}

function orderOf({ place }: Waiting): number {
  return place === 'cancelling' ? 0 : 1;
}
