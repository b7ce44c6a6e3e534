import { openDispatchScene } from '../../packages/dispatch/src/testing/dispatch-scene.ts';
import type { DispatchScene } from '../../packages/dispatch/src/testing/dispatch-scene.ts';
import {
  endJob,
  moveJob,
  settleLateAnswer,
  submitJob,
  wakeJob,
} from '../../packages/dispatch/src/index.ts';
import type { OpenDispatch } from '../../packages/dispatch/src/index.ts';
import { jobKeys } from '../../packages/job-store/src/index.ts';
import type { StoredJob } from '../../packages/job-store/src/index.ts';
import { queueName, queuePrefix } from '../../packages/queue/src/queue-name.ts';
import { jobRequest } from '../../packages/routing/src/testing/routing-scene.ts';
import { visitDueJobs } from '../../services/scheduler/src/visit-due-jobs.ts';
import { TARGETS, type ModelHolder } from './job-model.ts';

const LEASE_CHECK_MS = 30_000;
const KEEP_MS = 600_000;

/** One job in the real store and queues, moved by the calls that API, workers and scheduler make. */
export interface RealJob {
  /** @param crash whether the process dies between the record and the next place */
  submit(crash: boolean): Promise<'accepted' | 'exists' | 'gone'>;
  /** A worker starts the turn; undefined when it finds the turn passed. */
  begin(turn: number): Promise<{ token: number; provider: string } | undefined>;
  answer(holder: ModelHolder): Promise<void>;
  fail(holder: ModelHolder, crash: boolean): Promise<boolean>;
  end(status: 'cancelled' | 'expired'): Promise<void>;
  wake(crash: boolean): Promise<boolean>;
  /** Lets time pass until the scheduler's next look, which it takes. Gives what time it is then. */
  visit(): Promise<number>;
  read(): Promise<StoredJob | undefined>;
  /** When the scheduler looks at the job next; undefined for one that it has forgotten. */
  dueAt(): Promise<number | undefined>;
  /** Whether the job's present turn stands in this provider's queue. */
  isQueued(provider: string, turn: number): Promise<boolean>;
}

export interface RealJobs {
  open(): RealJob;
}

export async function openRealJobs(): Promise<RealJobs> {
  const scene = await openDispatchScene(TARGETS.map((provider) => ({ provider })));
  let opened = 0;
  return {
    open: () => {
      opened += 1;
      return createRealJob(scene, `job_model_${opened}`);
    },
  };
}

class ProcessDied extends Error {}

const die = () => Promise.reject(new ProcessDied());

/** Like the real one, but the process dies before it can put a job anywhere. */
function dyingBeforePlace(dispatch: OpenDispatch): OpenDispatch {
  return {
    ...dispatch,
    queue: { ...dispatch.queue, enter: die },
    rooms: { ...dispatch.rooms, enter: die },
  };
}

/** @returns what `work` gives, or `whenDied` where the process died under way */
async function surviving<Result>(work: Promise<Result>, whenDied: Result): Promise<Result> {
  return work.catch((error: unknown) => {
    if (error instanceof ProcessDied) return whenDied;
    throw error;
  });
}

function createRealJob(scene: DispatchScene, id: string): RealJob {
  const { dispatch } = scene;
  const { store, redis, keyPrefix, clock } = dispatch;
  const request = jobRequest({ id, created_at: clock.now(), expires_at: clock.now() + 86_400_000 });
  const keys = jobKeys(keyPrefix, request);
  const contextOf = (crash: boolean) => (crash ? dyingBeforePlace(dispatch) : dispatch);
  const known = async () => {
    const stored = await store.read(request);
    if (stored === undefined) throw new Error(`job ${id} is not there`);
    return stored;
  };
  const dueAt = async () => {
    const score = await redis.zscore(keys.due, keys.member);
    return score === null ? undefined : Number(score);
  };
  const attemptBy = ({ token, provider }: ModelHolder, number: number) => ({
    number,
    round: 1,
    target: provider,
    provider,
    model_requested: 'm',
    started_at: clock.now(),
    token,
  });

  return {
    dueAt,
    read: () => store.read(request),
    submit: async (crash) =>
      (await submitJob(contextOf(crash), request, Buffer.from('{"model":"m"}'))).kind,
    begin: async (turn) => {
      const now = clock.now();
      const begun = await store.begin(request, turn, now, now + LEASE_CHECK_MS);
      if (begun.kind !== 'started') return undefined;
      const { place } = begun.progress;
      if (place.kind !== 'queue') throw new Error(`job ${id} was begun while it waits`);
      return { token: begun.token, provider: place.planned.provider };
    },
    answer: async (holder) => {
      const { attempts: stored } = await known();
      const { token } = holder;
      const attempts = [{ ...attemptBy(holder, stored.length + 1), outcome: 'succeeded' as const }];
      const end = { v: 1, result: { provider: holder.provider } };
      const result = Buffer.from(`"${token}"`);
      const settled = await store.transition(request, {
        token,
        status: 'completed',
        nextTurn: holder.turn + 1,
        appended: attempts,
        folded: [],
        result,
        end,
        endedAt: clock.now(),
        keepMs: KEEP_MS,
      });
      if (settled.ok) return;
      const endAfter = () => end;
      await settleLateAnswer(dispatch, request, { token, attempts, endAfter, result });
    },
    fail: async (holder, crash) => {
      const { record, attempts } = await known();
      const progress = { ...record.progress, round_calls: record.progress.round_calls + 1 };
      const attempt = { ...attemptBy(holder, attempts.length + 1), outcome: 'failed' as const };
      const moved = await surviving(
        moveJob(
          contextOf(crash),
          {
            request,
            progress,
            turn: holder.turn,
            attemptsStored: attempts.length,
            attemptsMade: [attempt],
          },
          { token: holder.token },
        ),
        { ok: true, version: 0 },
      );
      return moved.ok;
    },
    end: async (status) => void (await endJob(dispatch, request, status)),
    wake: (crash) => surviving(wakeJob(contextOf(crash), request), true),
    visit: async () => {
      const due = await dueAt();
      const now = clock.now();
      if (due !== undefined && due >= now) scene.advance(due - now + 1);
      await visitDueJobs(dispatch, async (job) => void (await store.forgetPayload(job)));
      return clock.now();
    },
    isQueued: async (provider, turn) => {
      const entry = `${request.project}.${id}.${turn}`;
      const key = `${queuePrefix(keyPrefix)}:${queueName(provider)}:${entry}`;
      return (await redis.exists(key)) === 1;
    },
  };
}
