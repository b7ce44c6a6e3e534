import { expect, test, vi } from 'vitest';
import { openTestRedis, openTestSubscriber, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { createProjectLimits } from './project-limits.ts';
import type { ProjectLimits } from './project-limits.ts';

function openProcess(keyPrefix: string): ProjectLimits {
  const [redis, subscriber] = [openTestRedis(), openTestSubscriber()];
  const limits: ProjectLimits = createProjectLimits({
    redis,
    background: redis,
    subscriber,
    keyPrefix,
    // A message may come as the test ends and its connection with it; a service would ask again.
    heard: () => void limits.reload().catch(() => undefined),
  });
  return limits;
}

test('limits are changed one by one, and null takes one away', async () => {
  const limits = openProcess(uniqueKeyPrefix());
  expect(limits.current()).toEqual({});
  await limits.change('acme', { requests_per_minute: 5, routes: ['chat'] });
  await limits.change('acme', { spend_per_day: 0.25, routes: null });
  await limits.change('other', { jobs_waiting: 1 });
  expect(limits.current()).toEqual({
    acme: { requests_per_minute: 5, spend_per_day: 0.25 },
    other: { jobs_waiting: 1 },
  });
  await limits.change('other', { jobs_waiting: null });
  expect(Object.keys(limits.current())).toEqual(['acme']);
});

test('another process knows a change without asking, and a new one by asking', async () => {
  const prefix = uniqueKeyPrefix();
  const [one, two] = [openProcess(prefix), openProcess(prefix)];
  await two.reload();
  // Its subscription may still be on its way: what is changed until then is read by time.
  await vi.waitFor(async () => {
    await one.change('acme', { jobs_waiting: 7 });
    expect(two.current()['acme']).toEqual({ jobs_waiting: 7 });
  });
  await one.change('acme', { jobs_waiting: 8 });
  await vi.waitFor(() => expect(two.current()['acme']).toEqual({ jobs_waiting: 8 }));
  const late = openProcess(prefix);
  await late.reload();
  expect(late.current()).toEqual(one.current());
});

test('changes at the same time are all made', async () => {
  const prefix = uniqueKeyPrefix();
  const processes = Array.from({ length: 4 }, () => openProcess(prefix));
  const [first] = processes;
  await Promise.all([
    processes[0]?.change('acme', { requests_per_minute: 1 }),
    processes[1]?.change('acme', { jobs_waiting: 2 }),
    processes[2]?.change('acme', { bytes_stored: 3 }),
    processes[3]?.change('acme', { spend_per_day: 4 }),
  ]);
  await first?.reload();
  expect(first?.current()['acme']).toEqual({
    requests_per_minute: 1,
    jobs_waiting: 2,
    bytes_stored: 3,
    spend_per_day: 4,
  });
});
