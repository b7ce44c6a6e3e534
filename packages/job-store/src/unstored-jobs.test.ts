import { describe, expect, test } from 'vitest';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { jobKeys } from './job-keys.ts';
import { FORMS, NOON, attempt, completion, openStore } from './testing/stored-jobs.ts';

const WORDS = 'canary-of-the-error';
const SAID = { type: 'server_error', code: 'overloaded', message: WORDS, body: `{"e":"${WORDS}"}` };
const TEN_MINUTES_MS = 600_000;

const FAILED = completion({
  status: 'failed',
  appended: [attempt(1, { error: SAID, status_code: 500 }), attempt(2, { outcome: 'skipped' })],
  end: {
    v: 1,
    error: {
      code: 'no_target_left',
      message: `last answer: ${WORDS}`,
      provider: 'a',
      provider_error: SAID,
    },
    usage: { input_tokens: 7 },
  },
  keepMs: 3_600_000,
});

describe.each(FORMS)('written in the $form form', ({ versions }) => {
  test('what is not to be stored waits ten minutes for its caller, the record as long as any', async () => {
    const { redis, prefix, store, submit } = openStore(undefined, undefined, versions);
    const [job, other] = [
      await submit({ id: 'job_1', store: false }),
      await submit({ id: 'job_2' }),
    ];
    for (const one of [job, other]) await store.transition(one, completion({ keepMs: 3_600_000 }));
    const [keys, others] = [jobKeys(prefix, job), jobKeys(prefix, other)];
    for (const key of [keys.request, keys.result]) {
      const left = await redis.pttl(key);
      expect(left).toBeGreaterThan(TEN_MINUTES_MS - 10_000);
      expect(left).toBeLessThanOrEqual(TEN_MINUTES_MS);
    }
    for (const key of [keys.record, keys.attempts, others.request, others.result]) {
      const left = await redis.pttl(key);
      expect(left === -2 || left > TEN_MINUTES_MS).toBe(true);
    }
    const endedAt = completion().endedAt ?? 0;
    expect(await store.due(endedAt + TEN_MINUTES_MS - 11_000, 10)).toEqual([]);
    expect(await store.due(endedAt + TEN_MINUTES_MS, 10)).toEqual([
      { project: 'acme', id: 'job_1' },
    ]);
  });

  test('forgetting takes request, answer and what providers said, and leaves the story', async () => {
    const { redis, prefix, store, submit } = openStore(undefined, undefined, versions);
    const job = await submit({ store: false });
    expect(await store.forgetPayload(job)).toBe(false);
    expect(await store.readRequestBody(job)).toBeDefined();
    await store.transition(job, FAILED);
    const before = await store.read(job);
    expect(await store.forgetPayload(job)).toBe(true);
    expect(await redisContents(redis, prefix)).not.toContain(WORDS);
    expect([await store.readRequestBody(job), await store.readResult(job)]).toEqual([
      undefined,
      undefined,
    ]);
    const after = await store.read(job);
    expect(after?.record).toMatchObject({
      status: 'failed',
      payloadForgotten: true,
      version: (before?.record.version ?? 0) + 1,
      end: {
        error: {
          code: 'no_target_left',
          provider: 'a',
          provider_error: { type: 'server_error', code: 'overloaded' },
        },
        usage: { input_tokens: 7 },
      },
    });
    expect(after?.attempts).toMatchObject([
      { number: 1, status_code: 500, error: { type: 'server_error', code: 'overloaded' } },
      { number: 2, outcome: 'skipped' },
    ]);
    expect(await store.due(NOON + 86_400_000, 10)).toEqual([]);
    expect(await redis.pttl(jobKeys(prefix, job).record)).toBeGreaterThan(TEN_MINUTES_MS);
    expect(await store.forgetPayload(job)).toBe(false);
    expect(await store.forgetPayload({ project: 'acme', id: 'job_0' })).toBe(false);
  });

  test('of many who forget one job at the same time one does', async () => {
    const { store, submit } = openStore(undefined, undefined, versions);
    const job = await submit({ store: false });
    await store.transition(job, FAILED);
    const forgotten = await Promise.all([1, 2, 3, 4].map(() => store.forgetPayload(job)));
    expect(forgotten.filter(Boolean)).toEqual([true]);
  });
});
