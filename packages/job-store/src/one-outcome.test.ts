import type { Attempt, JobRecord, JobRequest } from '@understudy/contracts';
import { isTerminal } from '@understudy/contracts';
import { array, assert, asyncProperty, constantFrom, nat, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import type { JobStore, StoredJob } from './job-store.ts';
import {
  NOON,
  attempt,
  completion,
  handOver,
  jobRequest,
  openStore,
} from './testing/stored-jobs.ts';
import type { StoreScene } from './testing/stored-jobs.ts';

/** A start of the job, as the worker that made it remembers it, however late. */
interface KnownStart {
  turn: number;
  token: number;
  attempts: number;
}

interface World {
  store: JobStore;
  request: JobRequest;
  starts: KnownStart[];
  /** Read by a canceller some time ago. */
  seen: JobRecord;
}

/** What can happen to a job, by whoever still believes to hold it. */
const happenings: Record<string, (world: World, pick: number) => Promise<unknown>> = {
  begin: async ({ store, request, starts, seen }, pick) => {
    const turn = Math.max(1, seen.turn - (pick % 2));
    const begun = await store.begin(request, turn, NOON, NOON);
    if (begun.kind === 'started') {
      starts.push({ turn, token: begun.token, attempts: begun.attempts });
    }
  },
  handOver: async ({ store, request, starts }, pick) => {
    const start = starts[pick % starts.length];
    if (start === undefined) return;
    const { turn, token, attempts } = start;
    const appended = [attempt(attempts + 1, { token })];
    await store.transition(request, handOver({ token, nextTurn: turn + 1, appended }));
  },
  answer: async ({ store, request, starts }, pick) => {
    const start = starts[pick % starts.length];
    if (start === undefined) return;
    const { turn, token, attempts } = start;
    const appended = [attempt(attempts + 1, { token, outcome: 'succeeded' })];
    const change = completion({ nextTurn: turn + 1, appended });
    await store.transition(request, { ...change, token });
  },
  fail: async ({ store, request, starts }, pick) => {
    const start = starts[pick % starts.length];
    if (start === undefined) return;
    await store.transition(
      request,
      completion({ token: start.token, nextTurn: start.turn + 1, status: 'failed' }),
    );
  },
  look: async (world) => {
    world.seen = (await readJob(world)).record;
  },
  cancel: ({ store, request, seen }) =>
    store.transition(
      request,
      completion({ version: seen.version, nextTurn: seen.turn + 1, status: 'cancelled' }),
    ),
  expire: ({ store, request, seen }) =>
    store.transition(
      request,
      completion({ version: seen.version, nextTurn: seen.turn + 1, status: 'expired' }),
    ),
  submitAgain: ({ store, request }) =>
    store.create(request, handOver({}).progress!, Buffer.from('{}'), [], NOON),
};

async function readJob({ store, request }: Pick<World, 'store' | 'request'>): Promise<StoredJob> {
  const stored = await store.read(request);
  if (stored === undefined) throw new Error(`job ${request.id} is gone`);
  return stored;
}

function expectLawfulStep(before: StoredJob, after: StoredJob): void {
  const versions = [before.record.version, before.record.version + 1];
  expect(versions).toContain(after.record.version);
  if (after.record.version === before.record.version) expect(after).toEqual(before);
  if (isTerminal(before.record.status)) expect(after).toEqual(before);
  expect(after.record.turn).toBeGreaterThanOrEqual(before.record.turn);
  expect(after.record.token).toBeGreaterThanOrEqual(before.record.token);
  expect(after.attempts.length).toBeGreaterThanOrEqual(before.attempts.length);
  expect(after.attempts.map((one: Attempt) => one.number)).toEqual(
    after.attempts.map((_, index) => index + 1),
  );
}

async function live(
  { store, submit }: StoreScene,
  id: string,
  story: readonly (readonly [string, number])[],
): Promise<string> {
  const request = await submit(jobRequest({ id }));
  let before = await readJob({ store, request });
  const world: World = { store, request, starts: [], seen: before.record };
  for (const [happening, pick] of story) {
    await happenings[happening]?.(world, pick);
    const after = await readJob(world);
    expectLawfulStep(before, after);
    before = after;
  }
  return before.record.status;
}

test('whatever happens in whatever order, a job ends once and its story has no gap', async () => {
  const scene = openStore();
  const endings = new Set<string>();
  let count = 0;
  await assert(
    asyncProperty(
      array(tuple(constantFrom(...Object.keys(happenings)), nat(5)), {
        minLength: 5,
        maxLength: 40,
      }),
      async (story) => {
        count += 1;
        endings.add(await live(scene, `job_${count}`, story));
      },
    ),
    { numRuns: 150 },
  );
  // The stories are worth telling only if they lead everywhere.
  expect([...endings].toSorted()).toEqual([
    'cancelled',
    'completed',
    'expired',
    'failed',
    'in_progress',
    'queued',
  ]);
}, 30_000);
