import { describe, expect, test, vi } from 'vitest';
import { jobKeys } from './job-keys.ts';
import type { BeginResult } from './job-store.ts';
import {
  BODY,
  FORMS,
  NOON,
  attempt,
  completion,
  handOver,
  jobRequest,
  openStore,
  queuedAt,
} from './testing/stored-jobs.ts';
import { matchingKeys } from '../../../test/support/matching-keys.ts';

describe.each(FORMS)('written in the $form form', ({ versions }) => {
  test('a created job reads back whole, its body byte for byte', async () => {
    const { store } = openStore(undefined, undefined, versions);
    const request = jobRequest({ metadata: { team: 'red' } });
    const skip = attempt(1, { outcome: 'skipped', rule: 'unmapped' });
    expect(await store.create(request, queuedAt('a'), BODY, [skip], NOON + 1)).toEqual({
      created: true,
    });
    expect(await store.read(request)).toEqual({
      record: {
        request,
        progress: queuedAt('a'),
        status: 'queued',
        version: 1,
        turn: 1,
        token: 0,
        starts: 0,
      },
      attempts: [skip],
    });
    expect(await store.readRequestBody(request)).toEqual(BODY);
    expect(await store.readResult(request)).toBeUndefined();
  });

  test('creating an id twice changes nothing and gives the request that has it', async () => {
    const { store, submit } = openStore(undefined, undefined, versions);
    const first = await submit({ fingerprint: 'one' });
    const second = jobRequest({ fingerprint: 'two', model: 'other' });
    const again = await store.create(second, queuedAt('b'), Buffer.from('{}'), [], NOON);
    expect(again).toEqual({ created: false, existing: first });
    expect((await store.read(first))?.record).toMatchObject({ version: 1, request: first });
    expect(await store.readRequestBody(first)).toEqual(BODY);
  });

  test('a job belongs to its project: the same id elsewhere is another job', async () => {
    const { store, submit } = openStore(undefined, undefined, versions);
    await submit();
    expect(await store.read({ project: 'other', id: 'job_1' })).toBeUndefined();
    expect(await store.begin({ project: 'other', id: 'job_1' }, 1, NOON, NOON)).toEqual({
      kind: 'missing',
    });
  });

  test('beginning a turn takes a token and gives the worker all it needs', async () => {
    const { store, submit } = openStore(undefined, undefined, versions);
    const request = await submit();
    expect(await store.begin(request, 1, NOON + 5, NOON + 30_000)).toEqual({
      kind: 'started',
      request,
      progress: queuedAt('a'),
      token: 1,
      starts: 1,
      interrupted: false,
      attempts: 0,
      body: BODY,
    });
    expect((await store.read(request))?.record).toMatchObject({
      status: 'in_progress',
      version: 2,
      startedAt: NOON + 5,
      runningSince: NOON + 5,
    });
  });

  test('beginning a turn again makes the start that never ended an interrupted attempt', async () => {
    const { store, submit } = openStore(undefined, undefined, versions);
    const request = await submit();
    await store.begin(request, 1, NOON + 5, NOON + 30_000);
    expect(await store.begin(request, 1, NOON + 900, NOON + 30_000)).toMatchObject({
      kind: 'started',
      token: 2,
      starts: 2,
      interrupted: true,
      attempts: 1,
    });
    const stored = await store.read(request);
    expect(stored?.attempts).toEqual([
      {
        number: 1,
        round: 1,
        target: 'a',
        provider: 'a',
        kind: 'openai',
        dialect: 'chat-completions',
        model_requested: 'm',
        model_sent: 'm-at-a',
        outcome: 'interrupted',
        rule: 'interrupted',
        queued_ms: 5,
        started_at: NOON + 5,
        maybe_billed: true,
        token: 1,
      },
    ]);
    expect(stored?.record).toMatchObject({ startedAt: NOON + 5, runningSince: NOON + 900 });
  });

  test('a start that is carried out twice, as its reply was lost with a connection, is one start', async () => {
    const { redis, prefix, store, submit } = openStore(undefined, undefined, versions);
    const request = await submit();
    const sent = vi.spyOn(redis, 'sendCommand');
    const begin = (): Promise<BeginResult> => store.begin(request, 1, NOON + 5, NOON + 30_000);
    for (const interrupted of [false, true]) {
      const begun = await begin();
      expect(begun).toMatchObject({ kind: 'started', interrupted });
      const [{ name, args }] = sent.mock.lastCall!;
      const before = await store.read(request);
      const given = args.map((arg) => (Buffer.isBuffer(arg) ? arg : String(arg)));
      sent.mockReturnValueOnce(Promise.resolve(await redis.callBuffer(name, ...given)));
      expect(await begin()).toEqual(begun);
      expect(await store.read(request)).toEqual(before);
    }
    const { record } = jobKeys(prefix, request);
    expect(await redis.hexists(record, 'sid')).toBe(1);
    await store.transition(request, handOver({ token: 2 }));
    expect(await redis.hexists(record, 'sid')).toBe(0);
  });

  test('a turn that has passed cannot begin', async () => {
    const { store, submit } = openStore(undefined, undefined, versions);
    const request = await submit();
    await store.transition(request, handOver({ turn: 1 }));
    expect(await store.begin(request, 1, NOON, NOON)).toEqual({
      kind: 'stale',
      status: 'queued',
      turn: 2,
    });
    await store.transition(request, completion({ turn: 2, nextTurn: 3 }));
    expect(await store.begin(request, 3, NOON, NOON)).toEqual({
      kind: 'stale',
      status: 'completed',
      turn: 3,
    });
  });

  test('a turn that must come from a certain start begins only after the move of that start', async () => {
    const { store, submit } = openStore(undefined, undefined, versions);
    const request = await submit();
    await store.begin(request, 1, NOON, NOON);
    await store.begin(request, 1, NOON, NOON);
    await store.transition(request, handOver({ token: 2 }));
    expect(await store.begin(request, 2, NOON, NOON, 1)).toEqual({
      kind: 'stale',
      status: 'queued',
      turn: 2,
    });
    const started = { kind: 'started', token: 3, interrupted: false };
    expect(await store.begin(request, 2, NOON, NOON, 2)).toMatchObject(started);
    // A start that never ended changes nothing of where the turn comes from.
    expect(await store.begin(request, 2, NOON, NOON, 2)).toMatchObject({
      token: 4,
      interrupted: true,
    });
    expect(await store.begin(request, 2, NOON, NOON, 3)).toMatchObject({ kind: 'stale' });
  });

  test('a turn cannot begin once the deadline has passed', async () => {
    const { store, submit } = openStore(undefined, undefined, versions);
    const request = await submit({ expires_at: NOON + 1000 });
    const before = await store.read(request);
    expect(await store.begin(request, 1, NOON + 1000, NOON)).toEqual({ kind: 'expired' });
    expect(await store.read(request)).toEqual(before);
    expect(await store.begin(request, 1, NOON + 999, NOON)).toMatchObject({ kind: 'started' });
  });

  test('a hand-over settles the attempts and the next place in one change', async () => {
    const { store, submit } = openStore(undefined, undefined, versions);
    const request = await submit();
    await store.begin(request, 1, NOON, NOON);
    const made = attempt(1, { status_code: 404, token: 1 });
    expect(await store.transition(request, handOver({ token: 1, appended: [made] }))).toEqual({
      ok: true,
      version: 3,
    });
    const stored = await store.read(request);
    expect(stored?.attempts).toEqual([made]);
    expect(stored?.record).toMatchObject({
      status: 'queued',
      turn: 2,
      starts: 0,
      progress: queuedAt('b'),
    });
    expect(stored?.record).not.toHaveProperty('runningSince');
  });

  test.each([
    ['a token that a newer start took', { token: 1 }],
    ['a turn that has passed', { turn: 0 }],
    ['a version that has passed', { version: 1 }],
  ])('%s changes nothing', async (_, guard) => {
    const { store, submit } = openStore(undefined, undefined, versions);
    const request = await submit();
    await store.begin(request, 1, NOON, NOON);
    await store.begin(request, 1, NOON, NOON);
    const before = await store.read(request);
    const appended = [attempt(2)];
    expect(await store.transition(request, handOver({ ...guard, appended }))).toEqual({
      ok: false,
      status: 'in_progress',
      turn: 1,
    });
    expect(await store.read(request)).toEqual(before);
  });

  test('a token holds only while its call runs', async () => {
    const { store, submit } = openStore(undefined, undefined, versions);
    const request = await submit();
    await store.begin(request, 1, NOON, NOON);
    await store.transition(request, handOver({ token: 1 }));
    expect(await store.transition(request, completion({ token: 1 }))).toMatchObject({
      ok: false,
      status: 'queued',
      turn: 2,
    });
  });

  test('a job that is not there cannot change', async () => {
    const { store } = openStore(undefined, undefined, versions);
    expect(await store.transition({ project: 'acme', id: 'job_0' }, completion())).toEqual({
      ok: false,
      status: 'missing',
      turn: 0,
    });
  });

  test('folded attempts replace those that have their number', async () => {
    const { store, submit } = openStore(undefined, undefined, versions);
    const request = await submit();
    const skips = [1, 2].map((number) => attempt(number, { outcome: 'skipped', rule: 'r' }));
    await store.transition(request, handOver({ turn: 1, appended: skips }));
    const folded = attempt(1, { outcome: 'skipped', rule: 'r', count: 2 });
    await store.transition(
      request,
      handOver({ turn: 2, nextTurn: 3, folded: [folded], appended: [attempt(3)] }),
    );
    expect((await store.read(request))?.attempts).toEqual([folded, skips[1], attempt(3)]);
  });

  test('starts are counted until one ends, and on while the job only rests or wakes', async () => {
    const { store, submit } = openStore(undefined, undefined, versions);
    const request = await submit();
    const starts = async (): Promise<number | undefined> =>
      (await store.read(request))?.record.starts;
    await store.begin(request, 1, NOON, NOON);
    await store.begin(request, 1, NOON, NOON);
    await store.begin(request, 1, NOON, NOON);
    expect(await starts()).toBe(3);
    await store.transition(request, handOver({ token: 3, keepStarts: true }));
    expect(await starts()).toBe(2);
    await store.transition(request, handOver({ turn: 2, nextTurn: 3, keepStarts: true }));
    expect(await starts()).toBe(2);
    await store.begin(request, 3, NOON, NOON);
    expect(await starts()).toBe(3);
    await store.transition(request, handOver({ token: 4, nextTurn: 4 }));
    expect(await starts()).toBe(0);
  });

  test('a finished job keeps its end and result, and every key of it expires', async () => {
    const { redis, prefix, store, submit } = openStore(undefined, undefined, versions);
    const request = await submit();
    await store.begin(request, 1, NOON, NOON);
    const change = completion({ token: 1, appended: [attempt(1, { outcome: 'succeeded' })] });
    expect(await store.transition(request, change)).toMatchObject({ ok: true });
    expect((await store.read(request))?.record).toMatchObject({
      status: 'completed',
      completedAt: NOON + 5000,
      end: change.end,
    });
    expect(await store.readResult(request)).toEqual(change.result);

    const keys = jobKeys(prefix, request);
    const listed = versions.written === 1 ? [keys.attempts] : [];
    const kept = [keys.record, keys.request, ...listed, keys.result];
    for (const key of kept) {
      const left = await redis.pttl(key);
      expect({ key, kept: left > 50_000 && left <= 60_000 }).toEqual({ key, kept: true });
    }
    const rest = (await matchingKeys(redis, `${prefix}*`)).filter((key) => key.includes('job_1'));
    expect(rest.toSorted()).toEqual(kept.toSorted());
  });

  test('nothing of an unfinished job expires', async () => {
    const { redis, prefix, store, submit } = openStore(undefined, undefined, versions);
    const request = await submit();
    await store.begin(request, 1, NOON, NOON);
    await store.transition(request, handOver({ token: 1, appended: [attempt(1)] }));
    const keys = jobKeys(prefix, request);
    const listed = versions.written === 1 ? [keys.attempts] : [];
    const kept = [keys.record, keys.request, ...listed];
    const lifetimes = await Promise.all(kept.map((key) => redis.pttl(key)));
    expect(lifetimes).toEqual(kept.map(() => -1));
  });

  test('many records are read at once, and a missing one is a gap', async () => {
    const { store, submit } = openStore(undefined, undefined, versions);
    const [one, two] = [await submit({ id: 'job_1' }), await submit({ id: 'job_2' })];
    const missing = { project: 'acme', id: 'job_0' };
    const records = await store.readRecords([one, missing, two]);
    expect(records.map((record) => record?.request.id)).toEqual(['job_1', undefined, 'job_2']);
    expect(await store.readRecords([])).toEqual([]);
  });

  test('of many jobs the statuses alone are read', async () => {
    const { store, submit } = openStore(undefined, undefined, versions);
    const jobs = [await submit({ id: 'job_1' }), await submit({ id: 'job_2' })];
    await store.begin(jobs[1]!, 1, NOON, NOON + 30_000);
    const ended = await submit({ id: 'job_3' });
    await store.transition(ended, completion());
    expect(await store.readStatuses([...jobs, ended, { project: 'acme', id: 'job_0' }])).toEqual([
      'queued',
      'in_progress',
      'completed',
      undefined,
    ]);
    expect(await store.readStatuses([])).toEqual([]);
  });
});
