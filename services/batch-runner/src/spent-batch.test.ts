import { expect, test } from 'vitest';
import { inputOf, openRunnerScene } from './testing/runner-scene.ts';

const ids = (...lines: number[]): string[] => lines.map((line) => `r${line}`);
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
const messageRequest = (line: number): string =>
  JSON.stringify({ custom_id: `r${line}`, params: { model: 'm', max_tokens: 5, messages: [] } });

test('a batch that has cost what it may cost begins no further line, and says why', async () => {
  const scene = await openRunnerScene();
  const { create, takeOver, run, step, answerFor, relay, batch, lines, jobOf } = scene;
  await create(inputOf(450), { max_cost: 0.3 });
  const held = await takeOver();
  await step(held);
  let chunks = 1;
  const admission = { isOpen: () => Promise.resolve(chunks-- > 0) };
  await step(held, { ...scene.context, admission });
  // Whose sum as fractions of two ends a little below.
  await answerFor(0.1, 1, 2);
  await run(held, { ...scene.context, admission });
  expect((await batch()).status).toBe('in_progress');
  await answerFor(0.1, 3);
  await run(held);
  await relay(...range(4, 200));
  expect(await run(held)).toBe('done');
  expect(await batch()).toMatchObject({
    status: 'cancelled',
    counts: { total: 450, completed: 3, failed: 0, cancelled: 447, expired: 0 },
    problems: [
      {
        code: 'max_cost',
        message: expect.stringContaining('cost $0.30, and the batch may cost $0.30: '),
      },
    ],
  });
  expect(await lines('out')).toEqual(ids(1, 2, 3));
  expect(await lines('err')).toEqual(ids(...range(4, 450)));
  const reasons = (await lines('err', 'error')) as { code: string }[];
  expect(new Set(reasons.map(({ code }) => code))).toEqual(new Set(['batch_max_cost']));
  const [stopped] = await scene.dispatch.store.readRecords([jobOf(4)]);
  expect(stopped).toMatchObject({
    status: 'cancelled',
    end: { error: { code: 'batch_max_cost' } },
  });
  expect(scene.told.map(({ status }) => status)).toEqual(['cancelled']);
});

test('calls that are open go on when a batch has cost what it may cost', async () => {
  const { create, takeOver, run, begin, answer, answerFor, relay, batch, lines, context, jobOf } =
    await openRunnerScene();
  await create(inputOf(3), { max_cost: 0.5 });
  const held = await takeOver();
  await run(held);
  await begin(2);
  await answerFor(0.5, 1);
  await run(held);
  const [running, waiting] = await context.dispatch.store.readRecords([jobOf(2), jobOf(3)]);
  expect([running?.status, waiting?.status]).toEqual(['in_progress', 'cancelled']);
  await relay(3);
  await answer(2);
  expect(await run(held)).toBe('done');
  expect(await batch()).toMatchObject({
    status: 'cancelled',
    counts: { completed: 2, cancelled: 1 },
  });
  expect(await lines('out')).toEqual(ids(1, 2));
});

test('a batch whose last answers were the dear ones is complete', async () => {
  const { create, takeOver, run, begin, answerFor, batch } = await openRunnerScene();
  await create(inputOf(2), { max_cost: 0.5 });
  const held = await takeOver();
  await run(held);
  await begin(2);
  await answerFor(0.6, 1);
  await run(held);
  await answerFor(0.6, 2);
  expect(await run(held)).toBe('done');
  const ended = await batch();
  expect(ended).toMatchObject({ status: 'completed', counts: { completed: 2 } });
  expect(ended.problems).toBeUndefined();
});

test('a batch whose last lines are begun while it is being stopped is complete', async () => {
  const { create, takeOver, run, begin, answer, answerFor, batch, context } =
    await openRunnerScene();
  await create(inputOf(2), { max_cost: 0.5 });
  const held = await takeOver();
  await run(held);
  await answerFor(0.5, 1);
  let told = 0;
  const validated: typeof context.runs.validated = async (...given) => {
    await context.runs.validated(...given);
    told += 1;
    await begin(2);
  };
  await run(held, { ...context, runs: { ...context.runs, validated } });
  expect(told).toBe(1);
  await answer(2);
  expect(await run(held)).toBe('done');
  expect(await batch()).toMatchObject({ status: 'completed', counts: { completed: 2 } });
});

test('who cancels a batch that is stopped hangs up on what still runs', async () => {
  const scene = await openRunnerScene();
  const { create, takeOver, run, begin, answerFor, relay, batches, batch, jobOf } = scene;
  await create(inputOf(3), { max_cost: 0.5 });
  const held = await takeOver();
  await run(held);
  await begin(2);
  await answerFor(0.5, 1);
  await run(held);
  await batches.cancel('acme', 'batch_1', scene.dispatch.clock.now());
  await run(held);
  const [hungUp] = await scene.dispatch.store.readRecords([jobOf(2)]);
  expect(hungUp).toMatchObject({ status: 'cancelled', end: { error: { code: 'cancelled' } } });
  await relay(2, 3);
  expect(await run(held)).toBe('done');
  expect(await batch()).toMatchObject({ status: 'cancelled', problems: [{ code: 'max_cost' }] });
});

test('lines whose price nobody knows count nothing', async () => {
  const { create, takeOver, run, answer, batch } = await openRunnerScene();
  await create(inputOf(2), { max_cost: 0.000_000_001 });
  const held = await takeOver();
  await run(held);
  await answer(1);
  await run(held);
  await answer(2);
  expect(await run(held)).toBe('done');
  expect(await batch()).toMatchObject({ status: 'completed', counts: { completed: 2 } });
});

test('of an Anthropic batch the lines that are not begun are cancelled ones', async () => {
  const { create, takeOver, run, answerFor, relay, batch, lines } = await openRunnerScene();
  await create([1, 2].map(messageRequest).join('\n'), {
    surface: 'anthropic',
    endpoint: '/v1/messages',
    lines: 2,
    max_cost: 0.5,
  });
  const held = await takeOver();
  await run(held);
  await answerFor(0.5, 1);
  await run(held);
  await relay(2);
  expect(await run(held)).toBe('done');
  expect((await batch()).counts).toMatchObject({ completed: 1, cancelled: 1 });
  expect(await lines('out', 'result')).toMatchObject([{ type: 'succeeded' }, { type: 'canceled' }]);
});
