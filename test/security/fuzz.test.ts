import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { matchingKeys } from '../support/matching-keys.ts';
import { connectToTestRedis } from '../support/redis.ts';
import { answerProblem } from './answer-problem.ts';
import { startFuzzScene } from './fuzz-scene.ts';
import type { FuzzScene } from './fuzz-scene.ts';
import { fuzzedRequest } from './fuzzed-request.ts';
import type { Credential } from './fuzzed-request.ts';
import { described, requestBytes } from './hostile-request.ts';
import type { HostileRequest } from './hostile-request.ts';
import { GROUP_NAMES } from './operations.ts';
import { sendRaw } from './raw-client.ts';
import type { RawAnswer } from './raw-client.ts';
import { securitySize } from './security-size.ts';

/** Of each group of endpoints; half of them without a key. */
const REQUESTS = securitySize({ short: 2000, full: 100_000 });
/** The short cut makes the same requests each time; the long one makes new ones. */
const SEED = securitySize({ short: 20_261_122, full: Date.now() % 2 ** 31 });
const TIMEOUT_MS = securitySize({ short: 300_000, full: 3 * 3_600_000 });
/** A waiting call may take the two seconds that its job has, on a busy machine. */
const PATIENCE_MS = 15_000;
const REFUSED_WITHIN_MS = 2000;
const WARM_UP_REQUESTS = 200;
const SETTLE_MS = 3000;
/** Caches that fill, and code that is compiled: in the long form 32 bytes a request. */
const ALLOWED_GROWTH_BYTES = 32 * 1024 * 1024;
/** What a request held is let go when its connection and its timers are. */
const SETTLED_WITHIN_MS = 30_000;

let scene: FuzzScene;
const redis = connectToTestRedis();
/** What the API held once each of its endpoints had been used. */
let heldBefore = 0;
/** How long refusals took. */
const refusalsMs: number[] = [];
const statuses = new Map<number, number>();

beforeAll(async () => {
  scene = await startFuzzScene();
});
afterAll(async () => {
  redis.disconnect();
  await scene[Symbol.asyncDispose]();
});

function keyFor(credential: Credential): string | undefined {
  return credential === 'good' ? scene.broker.apiKey : undefined;
}

function requestsTo(groupName: string, credential: Credential): fc.Arbitrary<HostileRequest> {
  const group = scene.groups.find(({ name }) => name === groupName);
  if (group === undefined) throw new Error(`the API has no endpoints of the group ${groupName}`);
  const key = keyFor(credential);
  const headers = key === undefined ? [] : [['authorization', `Bearer ${key}`] as const];
  return fuzzedRequest(group, scene.known, headers);
}

function send(request: HostileRequest): Promise<RawAnswer> {
  return sendRaw(scene.broker.url, { parts: [requestBytes(request)], patienceMs: PATIENCE_MS });
}

/** @returns how many requests were made */
async function fuzz(groupName: string, credential: Credential, requests: number): Promise<number> {
  let made = 0;
  const property = fc.asyncProperty(requestsTo(groupName, credential), async (request) => {
    const answer = await send(request);
    made += 1;
    const status = answer.status ?? 0;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status >= 400 && status < 500) refusalsMs.push(answer.durationMs);
    const problem = answerProblem(request, answer, keyFor(credential));
    if (problem === undefined) return;
    throw new Error(`${problem}\n${described(request)}\n→ ${answer.text.slice(0, 1000)}`);
  });
  await fc.assert(property, { numRuns: requests, seed: SEED, endOnFailure: true });
  return made;
}

test('the groups are those of the API', () => {
  expect(scene.groups.map(({ name }) => name).toSorted()).toEqual(GROUP_NAMES.toSorted());
});

test('what the API holds is known before', { timeout: TIMEOUT_MS }, async () => {
  for (const name of GROUP_NAMES) await fuzz(name, 'good', WARM_UP_REQUESTS);
  await sleep(SETTLE_MS);
  heldBefore = await scene.heldBytes();
  expect(heldBefore).toBeGreaterThan(10_000_000);
});

describe.concurrent('the API answers whatever is sent to its endpoints', () => {
  test.each(GROUP_NAMES)('%s, with a key', { timeout: TIMEOUT_MS }, async (name) => {
    expect(await fuzz(name, 'good', REQUESTS / 2)).toBe(REQUESTS / 2);
  });
  test.each(GROUP_NAMES)('%s, without a key', { timeout: TIMEOUT_MS }, async (name) => {
    expect(await fuzz(name, 'none', REQUESTS / 2)).toBe(REQUESTS / 2);
  });
});

test('afterwards it runs as before: same process, no error logged, memory flat', async () => {
  const { broker } = scene;
  const api = broker.services.get('api');
  const ended = await Promise.race([api?.ended, sleep(10, 'runs')]);
  expect(ended).toBe('runs');
  expect((await broker.request('/v1/jobs')).status).toBe(200);
  const errors = (api?.output ?? []).filter((line) => /"level":(?:50|60)|Warning/.test(line));
  expect(errors).toEqual([]);
  refusalsMs.sort((a, b) => a - b);
  const p99 = refusalsMs[Math.floor(refusalsMs.length * 0.99)] ?? 0;
  let grownBytes = 0;
  const grow = async (): Promise<number> => (grownBytes = (await scene.heldBytes()) - heldBefore);
  await expect
    .poll(grow, { timeout: SETTLED_WITHIN_MS, interval: 1000 })
    .toBeLessThan(ALLOWED_GROWTH_BYTES);
  const figures = { statuses: Object.fromEntries(statuses), heldBefore, grownBytes, p99 };
  process.stdout.write(`fuzz: ${JSON.stringify(figures)}\n`);
  expect(p99).toBeLessThan(REFUSED_WITHIN_MS);
});

test('what is refused leaves no key in Redis and no file', { timeout: TIMEOUT_MS }, async () => {
  const samples = GROUP_NAMES.flatMap((name) =>
    (['good', 'none'] as const).flatMap((credential) =>
      fc.sample(requestsTo(name, credential), { numRuns: 150, seed: SEED + 1 }),
    ),
  );
  const refused: HostileRequest[] = [];
  for (const request of samples) {
    const { status = 0 } = await send(request);
    if (status >= 400 && status < 500) refused.push(request);
  }
  expect(refused.length).toBeGreaterThan(1000);
  const before = await quietState();
  for (const request of refused) expect((await send(request)).status).toBeLessThan(500);
  const added = (await quietState()).filter((name) => !before.includes(name));
  expect(added).toEqual([]);
});

/** Names of all keys and files, once what was accepted before has settled. */
async function quietState(): Promise<string[]> {
  let last = await state();
  for (;;) {
    await sleep(1000);
    const now = await state();
    if (now.every((name) => last.includes(name))) return now;
    last = now;
  }
}

async function state(): Promise<string[]> {
  const { keyPrefix, filesPath } = scene.broker;
  const names = await matchingKeys(redis, `*${keyPrefix}*`);
  const files = await readdir(filesPath, { recursive: true }).catch(() => []);
  return [...names, ...files].toSorted();
}
