import type { JobRequest } from '@understudy/contracts';
import { expect, test, vi } from 'vitest';
import { countNarrow } from './count-kinds.ts';
import type { MeantAmong } from './count-kinds.ts';
import { findListed } from './find-listed.ts';
import { listsFor } from './project-lists.ts';
import type { JobListFilter } from './project-lists.ts';
import type { ListPosition } from './walk-lists.ts';
import { indexJobs } from './job-index.ts';
import { listedIds } from './testing/listed-ids.ts';
import { NOON, jobRequest, openStore, queuedAt } from './testing/stored-jobs.ts';
import type { StoreScene } from './testing/stored-jobs.ts';

interface Seed {
  id: string;
  at: number;
  model?: string;
  project?: string;
  metadata?: Record<string, string>;
  batch?: JobRequest['batch'];
}

/** Puts jobs into the lists without records: what is listed is decided by lists alone. */
async function seed({ redis, prefix }: StoreScene, jobs: readonly Seed[]): Promise<void> {
  for (const [project, some] of Map.groupBy(jobs, (job) => job.project ?? 'acme')) {
    const records = some.map(({ id, at, model = 'm', metadata, batch }) => ({
      request: jobRequest({
        id,
        project,
        model,
        created_at: NOON + at,
        ...(metadata === undefined ? {} : { metadata }),
        ...(batch === undefined ? {} : { batch }),
      }),
      progress: queuedAt('a'),
      status: 'queued' as const,
      version: 1,
      turn: 1,
      token: 0,
      starts: 0,
    }));
    await indexJobs(redis, prefix, project, records);
  }
}

const numbered = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const idOf = (number: number): string => `job_${String(number).padStart(6, '0')}`;

/** Pages as a caller takes them: from each position on anew, `size` jobs at a time. */
async function paged(scene: StoreScene, filter: JobListFilter, size: number): Promise<string[]> {
  const seen: string[] = [];
  let after: ListPosition | undefined;
  for (;;) {
    const lists = await listsFor(scene.redis, scene.prefix, ['acme'], filter);
    const found = [];
    for await (const { jobs } of findListed(scene.redis, lists, { ...filter, after })) {
      found.push(...jobs);
    }
    const page = found.slice(0, size);
    seen.push(...page.map(({ id }) => id));
    after = page.at(-1);
    if (page.length < size) return seen;
  }
}

test('several lists run as one, newest first, through jobs of the same millisecond', async () => {
  const scene = openStore();
  const instants = [0, 0, 0, 1, 1, 2, 3, 3, 3, 3, 9];
  const jobs = instants.map((at, index) => ({
    id: idOf(index),
    at,
    model: `m${index % 3}`,
    metadata: { [`k${index % 4}`]: 'v', all: 'yes' },
  }));
  await seed(scene, jobs);
  const newest = jobs.map(({ id }) => id).toReversed();
  expect(await listedIds(scene.redis, scene.prefix, 'acme')).toEqual(newest);
  for (const size of [1, 2, 3]) {
    expect(await paged(scene, {}, size)).toEqual(newest);
    expect(await paged(scene, { metadata: { all: 'yes' } }, size)).toEqual(newest);
  }
});

test('a page that ends within a millisecond misses none of it', async () => {
  const scene = openStore();
  // More than any first page, of one instant and around it.
  const jobs = numbered(1500).map((index) => ({ id: idOf(index), at: index < 20 ? 0 : 1 }));
  await seed(scene, jobs);
  const newest = jobs.map(({ id }) => id).toReversed();
  expect(await listedIds(scene.redis, scene.prefix, 'acme')).toEqual(newest);
  expect(await paged(scene, {}, 700)).toEqual(newest);
});

test('a range of creation takes its first instant and not its last', async () => {
  const scene = openStore();
  await seed(
    scene,
    numbered(6).map((index) => ({ id: idOf(index), at: index, metadata: { a: 'b' } })),
  );
  const range = { from: NOON + 2, before: NOON + 4 };
  for (const filter of [range, { ...range, metadata: { a: 'b' } }]) {
    expect(await listedIds(scene.redis, scene.prefix, 'acme', filter)).toEqual([idOf(3), idOf(2)]);
  }
});

test('projects run as one where they are asked together', async () => {
  const scene = openStore();
  await seed(scene, [
    { id: 'job_1', at: 1, project: 'acme', metadata: { team: 'x' } },
    { id: 'job_2', at: 2, project: 'other', metadata: { team: 'x' } },
    { id: 'job_3', at: 3, project: 'acme' },
  ]);
  const found: string[][] = [];
  for (const filter of [{}, { metadata: { team: 'x' } }]) {
    const lists = await listsFor(scene.redis, scene.prefix, ['acme', 'other'], filter);
    for await (const { jobs } of findListed(scene.redis, lists, {})) {
      found.push(jobs.map(({ project, id }) => `${project}/${id}`));
    }
  }
  expect(found).toEqual([
    ['acme/job_3', 'other/job_2', 'acme/job_1'],
    ['other/job_2', 'acme/job_1'],
  ]);
});

/** Tens of thousands of jobs, on machines that do other things as well. */
const MANY = { timeout: 60_000 };

test(
  'two long lists that share no job cost a bounded number of commands, and lead to the end',
  MANY,
  async () => {
    const scene = openStore();
    const { redis, prefix } = scene;
    const jobs = numbered(40_000).map((index) => {
      const metadata = index % 2 === 0 ? { team: 'x' } : { env: 'prod' };
      return { id: idOf(index), at: index, metadata };
    });
    await seed(scene, jobs);
    const filter: JobListFilter = { metadata: { team: 'x', env: 'prod' } };
    expect((await listsFor(redis, prefix, ['acme'], filter))[0]?.narrow).toHaveLength(2);
    const commands = vi.spyOn(redis, 'sendCommand');
    let after: ListPosition | undefined;
    let requests = 0;
    for (let more = true; more; requests += 1) {
      commands.mockClear();
      const lists = await listsFor(redis, prefix, ['acme'], filter);
      const search = findListed(redis, lists, { after });
      let step = await search.next();
      for (; step.done !== true; step = await search.next()) {
        expect(step.value.jobs).toEqual([]);
        after = step.value.reached;
      }
      more = step.value;
      expect(commands.mock.calls.length).toBeLessThan(80);
    }
    expect(requests).toBeLessThanOrEqual(2);
  },
);

test('a pair that few jobs have is found at once among many of the same kind', MANY, async () => {
  const scene = openStore();
  const jobs = numbered(10_000).map((index) => ({
    id: idOf(index),
    at: index,
    metadata: index % 5000 === 17 ? { user: 'rare' } : { user: `u${index}` },
  }));
  await seed(scene, jobs);
  const commands = vi.spyOn(scene.redis, 'sendCommand');
  const filter = { metadata: { user: 'rare' }, model: 'm', provider: 'a' };
  const found = await listedIds(scene.redis, scene.prefix, 'acme', filter);
  expect(found).toEqual(expect.arrayContaining([idOf(5017), idOf(17)]));
  // Others may share its list and its marks; their records would tell.
  expect(found.length).toBeLessThan(10);
  expect(commands.mock.calls.length).toBeLessThan(10);
});

test('kinds are counted beside long narrow lists too, exactly for a batch', MANY, async () => {
  const scene = openStore();
  const { redis, prefix } = scene;
  const jobs = numbered(4000).map((index) => ({
    id: idOf(index),
    at: index,
    // So many kinds that looking up each job in each of them would take too long.
    model: `m${index % 60}`,
    metadata: { half: index % 2 === 0 ? 'even' : 'odd', part: index < 10 ? 'first' : 'rest' },
    ...(index < 3000 ? { batch: { id: 'batch_1', line: index + 1, custom_id: `c${index}` } } : {}),
  }));
  await seed(scene, jobs);
  const count = async (filter: JobListFilter, range = {}) => {
    const lists = await listsFor(redis, prefix, ['acme'], filter);
    const found = await countNarrow(redis, lists, range, async (asked) => [...asked]);
    const sum = found?.counts.reduce((all, one) => all + one.count, 0);
    return [found?.exact, sum, found?.counts.filter((one) => one.count > 0).length];
  };
  expect(await count({ batch: 'batch_1' })).toEqual([true, 3000, 60]);
  expect(await count({ metadata: { half: 'even' } })).toEqual([false, 2000, 30]);
  expect(await count({ metadata: { half: 'odd' }, batch: 'batch_1' })).toEqual([false, 1500, 30]);
  expect(await count({ metadata: { half: 'odd', part: 'first' } })).toEqual([true, 5, 5]);
  const range = { from: NOON + 10 };
  expect((await count({ batch: 'batch_1' }, range))[0]).toBeUndefined();
  expect((await count({}))[0]).toBeUndefined();
});

const allButFirst: MeantAmong = async (asked) => asked.slice(1);

test('of jobs that may have other metadata, those are counted that their records name, where they are few', async () => {
  const scene = openStore();
  const { redis, prefix } = scene;
  const jobs = numbered(1200).map((index) => ({
    id: idOf(index),
    at: index,
    metadata: { team: 'x' },
    ...(index < 300 ? { batch: { id: 'batch_1', line: index + 1, custom_id: `c${index}` } } : {}),
  }));
  await seed(scene, jobs);
  const count = async (filter: JobListFilter, from: number, meantAmong = allButFirst) => {
    const lists = await listsFor(redis, prefix, ['acme'], filter);
    const found = await countNarrow(redis, lists, { from: NOON + from }, meantAmong);
    return [found?.exact, found?.counts.reduce((all, one) => all + one.count, 0)];
  };
  const metadata = { team: 'x' };
  expect(await count({ metadata }, 200)).toEqual([true, 999]);
  expect(await count({ metadata }, 199)).toEqual([false, 1001]);
  expect(await count({ metadata }, 200, async () => undefined)).toEqual([false, 1000]);
  expect(await count({ metadata, batch: 'batch_1' }, 0)).toEqual([true, 299]);
  // The list of a batch holds nothing else.
  expect(await count({ batch: 'batch_1' }, 0)).toEqual([true, 300]);
});
