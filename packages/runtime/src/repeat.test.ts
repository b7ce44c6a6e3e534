import { expect, test, vi } from 'vitest';
import { createLogger } from './logger.ts';
import { repeat } from './repeat.ts';

const logger = createLogger('test', 'silent');
const HOUR_MS = 3_600_000;

test('work runs at once and again when it is wanted, never twice at a time', async () => {
  const open = { now: 0, most: 0, runs: 0 };
  const holds: PromiseWithResolvers<void>[] = [];
  const repetition = repeat('work', HOUR_MS, logger, async () => {
    open.runs += 1;
    open.most = Math.max(open.most, (open.now += 1));
    const hold = Promise.withResolvers<void>();
    holds.push(hold);
    await hold.promise;
    open.now -= 1;
  });
  await vi.waitFor(() => expect(open.runs).toBe(1));
  repetition.trigger();
  repetition.trigger();
  holds[0]!.resolve();
  await vi.waitFor(() => expect(open.runs).toBe(2));
  holds[1]!.resolve();
  await repetition.close();
  expect(open).toEqual({ now: 0, most: 1, runs: 2 });
});

test('work that fails runs again, and work that says when is heard', async () => {
  let runs = 0;
  const repetition = repeat('work', HOUR_MS, logger, async () => {
    runs += 1;
    return 1;
  });
  await vi.waitFor(() => expect(runs).toBeGreaterThan(3));
  await repetition.close();

  let failures = 0;
  const failing = repeat('work', 1, logger, async () => {
    failures += 1;
    throw new Error('no');
  });
  await vi.waitFor(() => expect(failures).toBeGreaterThan(3));
  await failing.close();
});

test('closing waits for the run that goes on, and nothing runs after it', async () => {
  const [begun, hold] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let ended = false;
  let runs = 0;
  const repetition = repeat('work', 1, logger, async () => {
    runs += 1;
    begun.resolve();
    await hold.promise;
    ended = true;
  });
  await begun.promise;
  const closed = repetition.close();
  hold.resolve();
  await closed;
  expect(ended).toBe(true);
  repetition.trigger();
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toBe(1);
});
