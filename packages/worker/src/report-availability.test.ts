import { staleNameChannel } from '@understudy/availability';
import { createLogger } from '@understudy/runtime';
import { expect, test, vi } from 'vitest';
import { openai } from '../../../test/support/fake-vendor-errors.ts';
import { openWorker, plannedFor } from './testing/worker-scene.ts';

const ab = [{ provider: 'a' }, { provider: 'b' }];
const A_CALLS = /^\/a\//;

test('after one job met a name that the provider does not know, the next one goes elsewhere', async () => {
  const { vendor, dispatch, submit, takeTurn, read } = await openWorker(ab);
  vendor.onCall(A_CALLS, openai.modelNotFound);
  await takeTurn(await submit());
  expect(dispatch.staleNameView.entries('a')).toMatchObject([
    { model: 'm-at-a', rule: 'default.code_model_not_found', failures: 1 },
  ]);

  const { record, attempts } = await read(await submit());
  expect(plannedFor(record.progress).provider).toBe('b');
  expect(attempts).toMatchObject([
    {
      provider: 'a',
      outcome: 'skipped',
      verdict: 'next',
      rule: 'stale_name',
      model_sent: 'm-at-a',
    },
  ]);
});

test('a job that stands in the queue of a name that became stale leaves it without a call', async () => {
  const { vendor, submit, takeTurn } = await openWorker(ab);
  vendor.onCall(A_CALLS, openai.modelNotFound);
  const [one, two] = [await submit(), await submit()];
  await takeTurn(one);
  const { record, attempts } = await takeTurn(two);
  expect(plannedFor(record.progress).provider).toBe('b');
  expect(attempts).toMatchObject([
    { provider: 'a', outcome: 'skipped', verdict: 'next', rule: 'stale_name' },
  ]);
  expect(vendor.calls).toHaveLength(1);
});

test('a name is tried again after its rest, rests longer in vain, and a success clears it', async () => {
  const { vendor, dispatch, submit, takeTurn, advance } = await openWorker(ab);
  const entries = () => dispatch.staleNameView.entries('a');
  const unscript = vendor.onCall(A_CALLS, openai.modelNotFound);
  await takeTurn(await submit());
  advance(61_000);
  await takeTurn(await submit());
  const [entry] = entries();
  expect(entry).toMatchObject({ failures: 2 });
  expect((entry?.until ?? 0) - dispatch.clock.now()).toBeGreaterThan(110_000);

  unscript();
  advance(121_000);
  const { record } = await takeTurn(await submit());
  expect(record).toMatchObject({ status: 'completed', end: { result: { provider: 'a' } } });
  expect(entries()).toEqual([]);
  expect(await dispatch.staleNames.read('a')).toEqual([]);
});

test('the process that finds a name missing, or known again, does not wait for its own message', async () => {
  const { vendor, dispatch, submit, takeTurn } = await openWorker([{ provider: 'a' }]);
  await dispatch.subscriber.unsubscribe(staleNameChannel(dispatch.keyPrefix));
  vendor.onCall(A_CALLS, [openai.modelNotFound]);
  await takeTurn(await submit());
  expect(dispatch.staleNameView.entries('a')).toHaveLength(1);
  await takeTurn(await submit());
  expect(dispatch.staleNameView.entries('a')).toEqual([]);
});

test('a target cools for as long as an operator’s row says, unless the answer does', async () => {
  const cooldown = { scope: 'model', when: 'now', delayMs: 10_000 } as const;
  const when = { status: [429] };
  const verdicts = [
    { id: 'operator.route.1', when, verdict: 'next' as const, cooldown, delayHeader: 'x-wait' },
  ];
  const { vendor, submit, takeTurn } = await openWorker(ab, { verdicts });
  const refused = { status: 429, body: { error: { message: 'Slow down' } } };
  vendor.onCall(A_CALLS, [refused]);
  vendor.onCall(/^\/b\//, [{ ...refused, headers: { 'x-wait': '7' } }]);
  const job = await submit();
  await takeTurn(job);
  const { attempts } = await takeTurn(job);
  const rests = attempts.map(
    ({ cooldown: begun, started_at: since, duration_ms: took = 0 }) =>
      (begun?.until ?? 0) - since - took,
  );
  // Some time passes between the answer and the note.
  expect(rests.map((ms) => Math.floor((ms + 10) / 5000))).toEqual([2, 1]);
  expect(attempts.map(({ retry_after_ms: told }) => told)).toEqual([undefined, 7000]);
});

test('the only target is called whatever it answered before', async () => {
  const { vendor, submit, takeTurn } = await openWorker([{ provider: 'a' }]);
  vendor.onCall(A_CALLS, [openai.modelNotFound]);
  expect((await takeTurn(await submit())).record.status).toBe('failed');
  expect((await takeTurn(await submit())).record.status).toBe('completed');
});

test('another refusal shows nothing of the name: it stays stale', async () => {
  const { vendor, dispatch, submit, takeTurn } = await openWorker([{ provider: 'a' }]);
  vendor.onCall(A_CALLS, [openai.modelNotFound, openai.contextLengthExceeded]);
  await takeTurn(await submit());
  await takeTurn(await submit());
  expect(dispatch.staleNameView.entries('a')).toHaveLength(1);
});

test('a 404 that does not speak of the model makes no name stale', async () => {
  const { vendor, dispatch, submit, takeTurn } = await openWorker(ab);
  vendor.onCall(A_CALLS, { status: 404, body: { error: { message: 'No such file: file_1.' } } });
  const { attempts } = await takeTurn(await submit());
  expect(attempts).toMatchObject([{ rule: 'default.status_404', verdict: 'next_for_good' }]);
  expect(await dispatch.staleNames.read('a')).toEqual([]);
});

test.each([
  ['was not reached', 'http://127.0.0.1:9/a/v1/chat/completions', 0],
  ['does not know the name either', undefined, 1],
])('a name missing on one surface is stale where the other one %s', async (_, url, stale) => {
  const { vendor, worker, dispatch, submit, takeTurn } = await openWorker(ab);
  vendor.onCall(A_CALLS, openai.modelNotFound);
  const served = worker.providers.get('a')!;
  const { surfaces } = served.connection;
  const missing = { verdict: 'next_for_good', surfaceMissing: true } as const;
  served.connection = {
    ...served.connection,
    rules: [
      { id: 'openai.away', when: { fault: ['connect'] }, ...missing },
      { id: 'openai.missing', when: { code: ['model_not_found'] }, ...missing, modelMissing: true },
    ],
    surfaces: (...call) => {
      const [surface] = surfaces(...call);
      return surface === undefined ? [] : [{ ...surface, url: url ?? surface.url }, surface];
    },
  };
  await takeTurn(await submit());
  expect(dispatch.staleNameView.entries('a')).toHaveLength(stale);
});

test('a success by a name that was always known asks Redis nothing about names', async () => {
  const { dispatch, submit, takeTurn } = await openWorker(ab);
  let asked = 0;
  const { forget } = dispatch.staleNames;
  dispatch.staleNames.forget = (...name) => {
    asked += 1;
    return forget(...name);
  };
  expect((await takeTurn(await submit())).record.status).toBe('completed');
  expect(asked).toBe(0);
});

test('failures in a row are told of at the second, the fourth and so on, and then their end', async () => {
  const scene = await openWorker([{ provider: 'a' }]);
  const { vendor, dispatch, submit, takeTurn, wake, advance } = scene;
  const lines: Record<string, unknown>[] = [];
  const write = (text: string): void => void lines.push(JSON.parse(text));
  dispatch.logger = createLogger('test', 'info', { write });
  const told = () => lines.splice(0);
  const slowDown = { status: 429, body: { error: { message: 'no' } } };
  const unscript = vendor.onCall(A_CALLS, slowDown);
  const job = await submit();
  const failAgain = async (): Promise<unknown[]> => {
    await takeTurn(job);
    const until = Math.max(...dispatch.availability.cooldowns('a').map((one) => one.until));
    advance(until - dispatch.clock.now() + 1);
    await wake(job);
    return told();
  };
  const named = { provider: 'a', model: 'm-at-a', rule: 'default.status_429' };
  const again = expect.objectContaining({
    ...named,
    level: 40,
    until: expect.stringMatching(/^\d{4}-.*Z$/),
    msg: 'a provider goes on failing: it cools down again',
  });
  const rows: unknown[][] = [];
  for (let failures = 1; failures <= 9; failures += 1) rows.push(await failAgain());
  expect(rows).toEqual([[], [again], [], [again], [], [], [], [again], []]);
  unscript();
  expect((await takeTurn(job)).record.status).toBe('completed');
  expect(told()).toMatchObject([{ ...named, level: 30, msg: 'a provider answers again' }]);
});

test('a single failure is told of neither as it comes nor as it goes', async () => {
  const { vendor, dispatch, submit, takeTurn, wake, advance } = await openWorker([
    { provider: 'a' },
  ]);
  const lines: string[] = [];
  dispatch.logger = createLogger('test', 'info', { write: (text) => void lines.push(text) });
  vendor.onCall(A_CALLS, [{ status: 429, body: { error: { message: 'no' } } }]);
  const job = await submit();
  await takeTurn(job);
  advance(60_000);
  await wake(job);
  expect((await takeTurn(job)).record.status).toBe('completed');
  expect(lines).toEqual([]);
});

test('an operator is told how to end the rest of a provider that refuses our account', async () => {
  const { vendor, dispatch, submit, takeTurn } = await openWorker([{ provider: 'a' }]);
  const told = vi.spyOn(dispatch.logger, 'error');
  vendor.onCall(A_CALLS, [openai.invalidApiKey]);
  await takeTurn(await submit());
  expect(told).toHaveBeenCalledWith(
    expect.objectContaining({ provider: 'a' }),
    expect.stringMatching(/key and billing, then: understudy providers clear-cooldown a$/),
  );
});
