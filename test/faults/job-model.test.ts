import { asyncModelRun, asyncProperty, assert, boolean, commands, nat } from 'fast-check';
import type { Arbitrary, AsyncCommand } from 'fast-check';
import { expect, test } from 'vitest';
import { faultSize, sayFigures } from './fault-size.ts';
import { answer, end, isUnfinished, moveOn, newModel } from './job-model.ts';
import type { JobModel, ModelHolder } from './job-model.ts';
import { openRealJobs, type RealJob } from './real-job.ts';

const size = faultSize({ full: { runs: 2000 }, short: { runs: 300 } });
const MOST_STEPS = 40;

interface Step {
  name: string;
  isPossible?(model: JobModel): boolean;
  run(model: JobModel, real: RealJob): Promise<void>;
}

const endings = new Map<string, number>();
let lastSeen: { id: RealJob; text: string; version: number } | undefined;

/** Takes the step in both worlds and compares them. */
function asCommand({ name, isPossible, run }: Step): AsyncCommand<JobModel, RealJob> {
  return {
    check: (model) => isPossible?.(model) ?? true,
    run: async (model, real) => {
      const wasOver = model.status !== 'none' && !isUnfinished(model);
      await run(model, real);
      await expectAgreement(model, real, wasOver);
    },
    toString: () => name,
  };
}

async function expectAgreement(model: JobModel, real: RealJob, wasOver: boolean): Promise<void> {
  const stored = await real.read();
  if (model.status === 'none') return expect(stored).toBeUndefined();
  if (stored === undefined) throw new Error('the job is gone');
  const { record, attempts } = stored;
  expect({ status: record.status, turn: record.turn, token: record.token }).toEqual({
    status: model.status,
    turn: model.turn,
    token: model.token,
  });
  expect(attempts.map(({ outcome, token }) => ({ outcome, token }))).toEqual(model.attempts);
  expect(attempts.map(({ number }) => number)).toEqual(attempts.map((_, index) => index + 1));

  const text = JSON.stringify(stored);
  if (wasOver && lastSeen?.id === real) expect(text).toBe(lastSeen.text);
  if (lastSeen?.id === real) expect(record.version).toBeGreaterThanOrEqual(lastSeen.version);
  lastSeen = { id: real, text, version: record.version };

  // No orphan: the scheduler looks at every unfinished job, and at no other.
  expect((await real.dueAt()) !== undefined).toBe(isUnfinished(model));
  if (!isUnfinished(model)) return;
  expect(record.progress.place.kind).toBe(model.place.kind);
  if (record.progress.place.kind !== 'queue' || model.place.kind !== 'queue') return;
  expect(record.progress.place.planned.provider).toBe(model.place.provider);
  if (model.placed) expect(await real.isQueued(model.place.provider, model.turn)).toBe(true);
}

function holderOf(model: JobModel, pick: number): ModelHolder | undefined {
  return model.holders[pick % model.holders.length];
}

const submit = (crash: boolean): Step => ({
  name: crash ? 'submit, and die before the queue' : 'submit',
  run: async (model, real) => {
    const kind = await real.submit(crash);
    // Repeated, it finds the one job, however that fared.
    expect(kind).toBe(model.status === 'none' ? 'accepted' : 'exists');
    if (model.status !== 'none') return;
    moveOn(model, !crash);
  },
});

const begin = (olderBy: number): Step => ({
  name: olderBy === 0 ? 'begin' : `begin a turn passed ${olderBy} ago`,
  isPossible: (model) => model.turn - olderBy >= 1,
  run: async (model, real) => {
    const turn = model.turn - olderBy;
    const fits = olderBy === 0 && isUnfinished(model) && model.place.kind === 'queue';
    // A waiting job's turn stands in no queue, so no worker can begin it.
    if (olderBy === 0 && model.place.kind === 'waiting') return;
    const begun = await real.begin(turn);
    expect(begun !== undefined).toBe(fits);
    if (begun === undefined) return;
    if (model.status === 'in_progress') {
      model.attempts.push({ outcome: 'interrupted', token: model.token });
    }
    model.status = 'in_progress';
    model.token += 1;
    model.holders.push({ turn, ...begun });
  },
});

const answerStep = (pick: number): Step => ({
  name: `answer of holder ${pick}`,
  isPossible: ({ holders }) => holders.length > 0,
  run: async (model, real) => {
    const holder = holderOf(model, pick);
    if (holder === undefined) return;
    await real.answer(holder);
    if (isUnfinished(model)) answer(model, holder);
    model.holders = model.holders.filter((other) => other !== holder);
  },
});

const fail = (pick: number, crash: boolean): Step => ({
  name: `failure of holder ${pick}${crash ? ', which dies before the next queue' : ''}`,
  isPossible: ({ holders }) => holders.length > 0,
  run: async (model, real) => {
    const holder = holderOf(model, pick);
    if (holder === undefined) return;
    const holds = model.status === 'in_progress' && model.token === holder.token;
    expect(await real.fail(holder, crash)).toBe(holds);
    model.holders = model.holders.filter((other) => other !== holder);
    if (!holds) return;
    model.attempts.push({ outcome: 'failed', token: holder.token });
    moveOn(model, !crash);
  },
});

const crash = (pick: number): Step => ({
  name: `death of holder ${pick}`,
  isPossible: ({ holders }) => holders.length > 0,
  run: async (model) => {
    model.holders = model.holders.filter((holder) => holder !== holderOf(model, pick));
  },
});

const endStep = (status: 'cancelled' | 'expired'): Step => ({
  name: status,
  isPossible: (model) => model.status !== 'none',
  run: async (model, real) => {
    await real.end(status);
    if (isUnfinished(model)) end(model, status);
  },
});

const wake = (crashes: boolean): Step => ({
  name: crashes ? 'wake, and die before the queue' : 'wake',
  isPossible: (model) => model.status !== 'none',
  run: async (model, real) => {
    const waits = model.status === 'queued' && model.place.kind === 'waiting';
    expect(await real.wake(crashes)).toBe(waits);
    if (waits) moveOn(model, !crashes);
  },
});

const visit = (): Step => ({
  name: 'next look of the scheduler',
  isPossible: isUnfinished,
  run: async (model, real) => {
    const before = await real.read();
    const now = await real.visit();
    const place = before?.record.progress.place;
    if (before !== undefined && before.record.request.expires_at <= now) end(model, 'expired');
    else if (model.status === 'queued' && place?.kind === 'waiting') {
      if (place.wake_at !== undefined && place.wake_at <= now) moveOn(model, true);
    } else model.placed = true;
  },
});

const steps: Arbitrary<AsyncCommand<JobModel, RealJob>>[] = [
  boolean().map((crashes) => asCommand(submit(crashes))),
  nat(5).map((pick) => asCommand(begin(pick < 4 ? 0 : pick - 3))),
  nat(3).map((pick) => asCommand(answerStep(pick))),
  nat(3).chain((pick) => boolean().map((crashes) => asCommand(fail(pick, crashes)))),
  nat(3).map((pick) => asCommand(crash(pick))),
  boolean().map((isCancel) => asCommand(endStep(isCancel ? 'cancelled' : 'expired'))),
  boolean().map((crashes) => asCommand(wake(crashes))),
  nat(1).map(() => asCommand(visit())),
];

test('whatever comes to pass, the store, the queues and the scheduler agree with the model of a job', async () => {
  const jobs = await openRealJobs();
  let runs = 0;
  await assert(
    asyncProperty(commands(steps, { maxCommands: MOST_STEPS, size: 'max' }), async (story) => {
      const setUp = { model: newModel(), real: jobs.open() };
      await asyncModelRun(() => setUp, story);
      const { model, real } = setUp;
      endings.set(model.status, (endings.get(model.status) ?? 0) + 1);
      runs += 1;
      // Nothing of this story is due in the next.
      if (isUnfinished(model)) await real.end('cancelled');
    }),
    { numRuns: size.runs },
  );
  sayFigures('model', { runs, endings: Object.fromEntries(endings) });
  // The stories are worth telling only if they lead everywhere.
  expect(runs).toBe(size.runs);
  for (const status of ['queued', 'completed', 'cancelled', 'expired']) {
    expect(endings.get(status) ?? 0, status).toBeGreaterThan(0);
  }
}, 480_000);
