import { randomBytes } from 'node:crypto';
import type { RecordVersions } from '@understudy/contracts';
import type { Redis } from '@understudy/runtime';
import { createSealer, parseEncryptionKeys } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { describe, expect, test } from 'vitest';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { jobKeys } from './job-keys.ts';
import type { JobKeys } from './job-keys.ts';
import type { JobChange } from './job-store.ts';
import { readAttempts } from './read-attempts.ts';
import {
  FORMS,
  NOON,
  attempt,
  completion,
  handOver,
  jobRequest,
  openStore,
  queuedAt,
} from './testing/stored-jobs.ts';
import type { StoreScene } from './testing/stored-jobs.ts';

const PROMPT = 'canary-of-the-prompt';
const ANSWER = 'canary-of-the-answer';
const WORDS = 'canary-of-the-error';
const SECRET = 'whsec_canaryOfTheSecret';
const HOOK = 'https://a.example/canary-of-the-hook';
const CUSTOMER = 'canary-of-the-metadata';
const USER = 'canary-of-the-user';
const CANARIES = [PROMPT, ANSWER, WORDS, SECRET, HOOK, CUSTOMER, USER];

const BODY = Buffer.from(JSON.stringify({ model: 'm', messages: [{ content: PROMPT }] }));
const RESULT = Buffer.from(JSON.stringify({ text: ANSWER }));
const CALLBACK = {
  url: HOOK,
  events: ['job.completed' as const],
  secret: SECRET,
};
const SAID = { type: 'server_error', message: `no: ${WORDS}`, body: WORDS };

const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const sealerOf = (...keys: string[]): Sealer => createSealer(parseEncryptionKeys(keys.join(',')));

const unreadable = (name: string) => ({ unreadable: expect.objectContaining({ name }) });

const FAILED = attempt(1, { error: SAID });
const SKIPPED = attempt(2, { outcome: 'skipped', rule: 'unmapped' });
const END: NonNullable<JobChange['end']> = {
  v: 1,
  result: { provider: 'a' },
  error: { code: 'x', message: `last answer: ${WORDS}`, provider_error: SAID },
};

/** A job that failed once, was folded, and ended with everything that a job can have. */
async function finish({ store }: StoreScene, id: string) {
  const request = jobRequest({
    id,
    callback: CALLBACK,
    metadata: { customer: CUSTOMER },
    user: USER,
  });
  await store.create(request, queuedAt('a'), BODY, [], NOON + 1);
  const begun = await store.begin(request, 1, NOON, NOON + 30_000);
  expect(begun).toMatchObject({ kind: 'started', request, body: BODY });
  await store.transition(request, handOver({ token: 1, appended: [FAILED, SKIPPED] }));
  const folded = { ...FAILED, count: 2 };
  await store.transition(
    request,
    completion({ turn: 2, nextTurn: 3, folded: [folded], end: END, result: RESULT }),
  );
  return { request, attempts: [folded, SKIPPED] };
}

/** Where the first attempt of a job stands. */
function attemptPlace(redis: Redis, { written }: RecordVersions) {
  return {
    read: ({ record, attempts }: JobKeys) =>
      written === 1 ? redis.lindex(attempts, 0) : redis.hget(record, 'a1'),
    write: ({ record, attempts }: JobKeys, text: string) =>
      written === 1 ? redis.lset(attempts, 0, text) : redis.hset(record, 'a1', text),
  };
}

const found = async ({ redis, prefix }: StoreScene): Promise<string[]> => {
  const contents = await redisContents(redis, prefix);
  expect(contents).toContain('job_1');
  return CANARIES.filter((canary) => contents.includes(canary));
};

describe.each(FORMS)('written in the $form form', ({ versions }) => {
  test('with a key nothing that callers or providers wrote stands in Redis, and all of it is read back', async () => {
    const scene = openStore(sealerOf(newKey('k1')), undefined, versions);
    const { store } = scene;
    const { request, attempts } = await finish(scene, 'job_1');
    expect(await found(scene)).toEqual([]);
    expect(await store.read(request)).toMatchObject({ record: { request, end: END }, attempts });
    expect(await store.readRequestBody(request)).toEqual(BODY);
    expect(await store.readResult(request)).toEqual(RESULT);
    expect((await store.readRecords([request]))[0]).toMatchObject({ request, end: END });
    const again = await store.create(request, queuedAt('a'), BODY, [], NOON);
    expect(again).toEqual({ created: false, existing: request });
  });

  test('without a key the same is found there: the search does search', async () => {
    const scene = openStore(undefined, undefined, versions);
    await finish(scene, 'job_1');
    expect(await found(scene)).toEqual(CANARIES);
  });

  test('jobs from before there was a key, and from before a rotation, are read beside new ones', async () => {
    const [first, second] = [newKey('k1'), newKey('k2')];
    const plain = openStore(undefined, undefined, versions);
    const sealers = [sealerOf(first), sealerOf(second, first)];
    const [old, rotated] = sealers.map((sealer) => openStore(sealer, plain.prefix, versions));
    const jobs = [
      await finish(plain, 'job_1'),
      await finish(old!, 'job_2'),
      await finish(rotated!, 'job_3'),
    ];
    for (const { request, attempts } of jobs) {
      expect(await rotated!.store.read(request)).toMatchObject({ record: { end: END }, attempts });
      expect(await rotated!.store.readResult(request)).toEqual(RESULT);
    }
    const [, sealedJob, newest] = jobs;
    const withoutOld = openStore(sealerOf(second), plain.prefix, versions).store;
    expect(await withoutOld.readResult(newest!.request)).toEqual(RESULT);
    for (const store of [withoutOld, plain.store]) {
      await expect(store.read(sealedJob!.request)).rejects.toThrow(/under the key "k1"/);
      await expect(store.readResult(sealedJob!.request)).rejects.toThrow(/under the key "k1"/);
    }
  });

  test('who reads many jobs is told of each that cannot be read, and reads the others', async () => {
    const known = openStore(sealerOf(newKey('k2')), undefined, versions);
    const lost = openStore(sealerOf(newKey('k1')), known.prefix, versions);
    const [one, two, three] = [
      await known.submit({ id: 'job_1', user: USER }),
      await lost.submit({ id: 'job_2', user: USER }),
      await known.submit({ id: 'job_3', user: USER }),
    ];
    await known.redis.hset(jobKeys(known.prefix, three).record, 'prog', '{"route":');
    const jobs = [two, one, three];
    const others = [unreadable('MissingKeyError'), expect.anything(), unreadable('SyntaxError')];
    expect(await known.store.readEach(jobs)).toEqual(others);
    expect(await known.store.readHeads(jobs)).toEqual(others);
    expect(await known.store.readOutlines(jobs)).toEqual(others);
    // The way there is no part of it.
    expect(await known.store.readEnds(jobs)).toEqual([others[0], others[1], others[1]]);
    await expect(known.store.readRecords(jobs)).rejects.toThrow(/under the key "k1"/);
  });

  test('what was sealed for one job is not taken for another', async () => {
    const scene = openStore(sealerOf(newKey('k1')), undefined, versions);
    const { store, redis, prefix } = scene;
    const [one, two] = [await finish(scene, 'job_1'), await finish(scene, 'job_2')];
    const [from, to] = [jobKeys(prefix, one.request), jobKeys(prefix, two.request)];
    await redis.set(to.result, (await redis.getBuffer(from.result))!);
    const place = attemptPlace(redis, versions);
    await place.write(to, (await place.read(from)) ?? '');
    await expect(store.readResult(two.request)).rejects.toThrow(/changed or moved/);
    await expect(store.read(two.request)).rejects.toThrow(/changed or moved/);
    expect(await store.readResult(one.request)).toEqual(RESULT);
  });

  test('single attempts are opened for those who tell of them', async () => {
    const sealer = sealerOf(newKey('k1'));
    const scene = openStore(sealer, undefined, versions);
    const { request, attempts } = await finish(scene, 'job_1');
    const wanted = [1, 2, 3].map((number) => ({
      project: request.project,
      id: request.id,
      number,
    }));
    const read = await readAttempts(scene.redis, scene.prefix, wanted, sealer);
    expect(read).toEqual([...attempts, undefined]);
  });

  test('a record from before metadata was sealed, with its secret sealed alone, is read as it was', async () => {
    const sealer = sealerOf(newKey('k1'));
    const { store, redis, prefix } = openStore(sealer, undefined, versions);
    const request = jobRequest({
      id: 'job_1',
      callback: CALLBACK,
      metadata: { customer: CUSTOMER },
    });
    await store.create(request, queuedAt('a'), BODY, [], NOON + 1);
    const { record } = jobKeys(prefix, request);
    const secret = sealer.sealText(SECRET, `${record}#callback`);
    const earlier = { ...request, callback: { ...CALLBACK, secret } };
    await redis.hset(record, 'req', JSON.stringify(earlier));
    expect((await store.read(request))?.record.request).toEqual(request);
    const [outline] = await store.readOutlines([request]);
    expect(outline).toMatchObject({ request: { callback: CALLBACK } });
  });

  test('where seals are required nothing in clear is read, and all that was sealed is', async () => {
    const key = newKey('k1');
    const strict = createSealer(parseEncryptionKeys(key), { required: true });
    const scene = openStore(strict, undefined, versions);
    const { store, redis, prefix } = scene;
    const { request, attempts } = await finish(scene, 'job_1');
    expect(await store.read(request)).toMatchObject({ record: { request, end: END }, attempts });
    expect(await store.readResult(request)).toEqual(RESULT);
    const keys = jobKeys(prefix, request);
    const refusal = /is not encrypted, and is not read/;

    await redis.set(keys.result, '{"text":"forged"}');
    await redis.set(keys.request, '{"model":"forged"}');
    await expect(store.readResult(request)).rejects.toThrow(refusal);
    await expect(store.readRequestBody(request)).rejects.toThrow(refusal);
    const place = attemptPlace(redis, versions);
    const sealedAttempt = await place.read(keys);
    await place.write(keys, JSON.stringify(FAILED));
    await expect(store.read(request)).rejects.toThrow(refusal);
    await place.write(keys, sealedAttempt ?? '');
    const sealedEnd = await redis.hget(keys.record, 'end');
    await redis.hset(keys.record, 'end', JSON.stringify(END));
    await expect(store.read(request)).rejects.toThrow(refusal);
    await redis.hset(keys.record, 'end', sealedEnd ?? '');
    await redis.hset(keys.record, 'req', JSON.stringify(request));
    await expect(store.read(request)).rejects.toThrow(refusal);
  });
});
