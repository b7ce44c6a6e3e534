import { expect, test } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { providerKeys } from './provider-keys.ts';
import { MOST_STALE_NAMES, createStaleNames } from './stale-names.ts';
import type { MissingNameReport, StaleNames } from './stale-names.ts';
import { NOON } from './testing/cooled-target.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

function openNames() {
  const redis = openTestRedis();
  const prefix = uniqueKeyPrefix();
  const names = createStaleNames(redis, prefix);
  return { redis, prefix, names, miss: missing(names) };
}

/** Reports that the model `m` of provider `a` was missing, in a call that took no time. */
function missing(names: StaleNames) {
  return (now: number, given: Partial<MissingNameReport> = {}) =>
    names.reportMissing({
      provider: 'a',
      model: 'm',
      now,
      callStartedAt: now,
      rule: 'default.code_model_not_found',
      ...given,
    });
}

test('a name that the provider does not know is stale for a minute', async () => {
  const { names, miss } = openNames();
  const entry = await miss(NOON);
  expect(entry).toEqual({
    v: 1,
    provider: 'a',
    model: 'm',
    since: NOON,
    until: NOON + MINUTE_MS,
    rule: 'default.code_model_not_found',
    failures: 1,
  });
  expect(await names.read('a')).toEqual([entry]);
  expect(await names.read('b')).toEqual([]);
});

test('each try in vain after the rest doubles it, up to an hour', async () => {
  const { miss } = openNames();
  let now = NOON;
  const restsMs: number[] = [];
  for (let times = 0; times < 9; times += 1) {
    const { until, since } = await miss(now);
    expect(since).toBe(NOON);
    restsMs.push(until - now);
    now = until;
  }
  expect(restsMs.map((restMs) => restMs / MINUTE_MS)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test('many calls that fail at once are one try', async () => {
  const { miss } = openNames();
  await Promise.all(Array.from({ length: 20 }, () => miss(NOON)));
  expect(await miss(NOON + 100)).toMatchObject({ failures: 1, until: NOON + MINUTE_MS + 100 });
  const late = await miss(NOON + 90_000, { callStartedAt: NOON + 30_000 });
  expect(late).toMatchObject({ failures: 1, until: NOON + 150_000 });
});

test('an answer that took long never shortens a rest', async () => {
  const { miss } = openNames();
  const longer = await miss(NOON + 10);
  expect(await miss(NOON, { callStartedAt: NOON - 5000 })).toMatchObject({ until: longer.until });
});

test('a success makes the name known again, and the next rest short', async () => {
  const { names, miss } = openNames();
  await miss((await miss(NOON)).until);
  expect(await names.forget('a', 'm')).toBe(true);
  expect(await names.read('a')).toEqual([]);
  expect(await names.forget('a', 'm')).toBe(false);
  expect(await miss(NOON + HOUR_MS)).toMatchObject({ failures: 1, since: NOON + HOUR_MS });
});

test('names that nobody asks for any more are forgotten a day after their rest', async () => {
  const { redis, prefix, names, miss } = openNames();
  const { until } = await miss(NOON, { model: 'old' });
  await miss(until + DAY_MS, { model: 'kept' });
  expect((await names.read('a')).map(({ model }) => model).toSorted()).toEqual(['kept', 'old']);
  await miss(until + DAY_MS + 1, { model: 'new' });
  expect((await names.read('a')).map(({ model }) => model).toSorted()).toEqual(['kept', 'new']);
  const lastsMs = await redis.pttl(providerKeys(prefix, 'a').staleNames);
  expect(lastsMs).toBeGreaterThan(DAY_MS);
  expect(lastsMs).toBeLessThanOrEqual(DAY_MS + HOUR_MS);
});

test('callers who invent names fill no memory: the name whose rest ends first goes', async () => {
  const { names, miss } = openNames();
  const invented = Array.from({ length: MOST_STALE_NAMES + 5 }, (_, index) =>
    miss(NOON + index, { model: `invented-${index}` }),
  );
  await Promise.all(invented);
  const kept = (await names.read('a')).map(({ model }) => model);
  expect(kept).toHaveLength(MOST_STALE_NAMES);
  expect(kept).not.toContain('invented-4');
  expect(kept).toContain('invented-5');
});

test.each(['a"b\\c', '模型/é', 'line\nbreak', '*', 'arn:aws:bedrock:eu:1:x/y', '\u0000', '\uD800'])(
  'the name %j is remembered whatever is in it',
  async (model) => {
    const { names, miss } = openNames();
    await miss(NOON, { model });
    expect(await names.forget('a', model)).toBe(true);
  },
);
