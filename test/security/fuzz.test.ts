import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectToTestRedis } from '../support/redis.ts';
import { residentMegabytes } from '../support/resident-megabytes.ts';
import { answerProblem } from './answer-problem.ts';
import { sayFigures } from '../faults/fault-size.ts';
import { startFuzzScene } from './fuzz-scene.ts';
import type { FuzzScene } from './fuzz-scene.ts';
import { createFuzzTally } from './fuzz-tally.ts';
import { fuzzedRequest } from './fuzzed-request.ts';
import type { Credential } from './fuzzed-request.ts';
import { described, requestBytes } from './hostile-request.ts';
import type { HostileRequest } from './hostile-request.ts';
import { keptNames } from './kept-names.ts';
import { GROUP_NAMES } from './operations.ts';
import { sendRaw } from './raw-client.ts';
import type { RawAnswer } from './raw-client.ts';
import { securitySize } from './security-size.ts';

/** Of each group of endpoints; half of them without a key. */
const REQUESTS = securitySize({ short: 2000, full: 100_000 });
/** The short cut makes the same requests each time; the long one makes new ones. */
const SEED = securitySize({ short: 20_261_122, full: Date.now() % 2 ** 31 });
/** Connections at a time to a group; five groups have theirs at once. */
const LANES = 4;
const TIMEOUT_MS = securitySize({ short: 300_000, full: 3 * 3_600_000 });
/** A long-poll may last 55 seconds, and its answer takes a while on a busy machine. */
const PATIENCE_MS = 75_000;
const REFUSED_WITHIN_MS = 2000;
const MOST_TRIES = 10;
const RETRY_AFTER_MS = 1000;
/** Of all requests. */
const MOST_TRIED_AGAIN = 0.01;
/** Of a group; further ones are mostly the same again. */
const MOST_PROBLEMS = 10;
const WARM_UP_REQUESTS = 200;
/** Caches that fill, and code that is compiled: in the long form 32 bytes a request. */
const ALLOWED_GROWTH_BYTES = 32 * 1024 * 1024;
/** What a request held is let go when its connection and its timers are. */
const SETTLED_WITHIN_MS = 30_000;
const SAMPLE_MS = 1000;
const LOOKS = securitySize({ short: 10, full: 30 });

let scene: FuzzScene;
const redis = connectToTestRedis();
/** What the API held once each of its endpoints had been used. */
let heldBefore = 0;
let residentBefore: Record<string, number> = {};
let triedAgain = 0;
let tally = createFuzzTally();

beforeAll(async () => {
  scene = await startFuzzScene();
});
afterAll(async () => {
  redis.disconnect();
  await scene?.[Symbol.asyncDispose]();
});

function keyFor(credential: Credential): string | undefined {
  return credential === 'good' ? scene.broker.apiKey : undefined;
}

function requestsTo(groupName: string, credential: Credential): fc.Arbitrary<HostileRequest> {
  const group = scene.groups.find(({ name }) => name === groupName);
  if (group === undefined) throw new Error(`the API has no endpoints of the group ${groupName}`);
  const key = keyFor(credential);
  const headers = key === undefined ? [] : [['authorization', `Bearer ${key}`] as const];
  return fuzzedRequest(group, scene.known.values, headers);
}

/**
 * Sends a request, and again where the answer asks for that: on a busy machine Redis may take longer
 * than a caller is to wait. A request that is itself the reason is answered the same each time.
 */
async function send(request: HostileRequest): Promise<RawAnswer> {
  for (let tries = 1; ; tries += 1) {
    const call = { parts: [requestBytes(request)], patienceMs: PATIENCE_MS };
    const answer = await sendRaw(scene.broker.url, call);
    if (!asksToComeAgain(answer) || tries === MOST_TRIES) return answer;
    triedAgain += 1;
    await sleep(RETRY_AFTER_MS);
  }
}

function asksToComeAgain({ status, text }: RawAnswer): boolean {
  return status === 503 && /\r\nretry-after: 1\r\n/i.test(text);
}

/** @returns what was wrong with which answers; after a few of them no more requests are made */
async function fuzz(
  groupName: string,
  credential: Credential,
  requests: number,
): Promise<string[]> {
  const label = `${groupName}, key: ${credential}`;
  const { ids } = scene.known;
  const problems: string[] = [];
  const property = fc.asyncProperty(requestsTo(groupName, credential), async (fuzzed) => {
    const request = ids.current(fuzzed);
    const answer = await send(request);
    tally.note(label, request, answer);
    if ((answer.status ?? 0) < 300) await ids.renewAfter(request);
    const problem = answerProblem(request, answer, keyFor(credential));
    if (problem === undefined) return;
    problems.push(`${problem}\n${described(request)}\n→ ${answer.text.slice(0, 1000)}`);
    // Said at once: the long form goes on for a while.
    process.stdout.write(`${label}: ${problems.at(-1)}\n`);
    if (problems.length >= MOST_PROBLEMS) throw new Error('there are too many of them to go on');
  });
  const lanes = Array.from({ length: LANES }, (_, lane) =>
    fc.assert(property, { numRuns: requests / LANES, seed: SEED + lane, endOnFailure: true }),
  );
  // The others are to end before their scene does.
  const ended = await Promise.allSettled(lanes);
  const broken = ended.find((lane) => lane.status === 'rejected');
  if (broken !== undefined && problems.length < MOST_PROBLEMS) throw broken.reason;
  return problems;
}

test('the groups are those of the API', () => {
  expect(scene.groups.map(({ name }) => name).toSorted()).toEqual(GROUP_NAMES.toSorted());
});

test('what the API holds is known before', { timeout: TIMEOUT_MS }, async () => {
  for (const name of GROUP_NAMES) {
    expect(await fuzz(name, 'good', WARM_UP_REQUESTS)).toEqual([]);
  }
  // The least of many looks: what is still on its way out would hide as much of what stays later.
  heldBefore = Infinity;
  for (let look = 0; look < LOOKS; look += 1) {
    await sleep(SAMPLE_MS);
    heldBefore = Math.min(heldBefore, await scene.heldBytes());
  }
  residentBefore = residentByService();
  tally = createFuzzTally();
  expect(heldBefore).toBeGreaterThan(10_000_000);
});

describe.concurrent('the API answers whatever is sent to its endpoints', () => {
  test.each(GROUP_NAMES)('%s, with a key', { timeout: TIMEOUT_MS }, async (name) => {
    expect(await fuzz(name, 'good', REQUESTS / 2)).toEqual([]);
  });
  test.each(GROUP_NAMES)('%s, without a key', { timeout: TIMEOUT_MS }, async (name) => {
    expect(await fuzz(name, 'none', REQUESTS / 2)).toEqual([]);
  });
});

test('as many requests were made of each group as were to be made', () => {
  const made = Object.entries(tally.figures()).map(([label, { requests }]) => [label, requests]);
  const due = (['good', 'none'] as const).flatMap((credential) =>
    GROUP_NAMES.map((name) => [`${name}, key: ${credential}`, REQUESTS / 2]),
  );
  expect(Object.fromEntries(made)).toEqual(Object.fromEntries(due));
});

test('every endpoint took some of it for good, so that what is behind it was tried as well', () => {
  const all = scene.groups
    .flatMap(({ operations }) => operations.map(({ method, path }) => `${method} ${path}`))
    .filter((operation) => !operation.endsWith('{nowhere}'));
  const taken = all.map((operation) => ({ operation, count: tally.taken(operation) }));
  const least = taken.toSorted((a, b) => a.count - b.count).slice(0, 5);
  sayFigures('fuzz, least taken', { least });
  expect(taken.filter(({ count }) => count === 0)).toEqual([]);
});

test('afterwards all run as before: the same processes, no error logged', async () => {
  for (const { name, ended, output } of scene.broker.services.values()) {
    expect([name, await Promise.race([ended, sleep(10, 'runs')])]).toEqual([name, 'runs']);
    const errors = output.filter((line) => /"level":(?:50|60)|Warning/.test(line));
    expect([name, errors]).toEqual([name, []]);
  }
  expect((await scene.broker.request('/v1/jobs')).status).toBe(200);
});

test('memory is flat, and nearly every refusal was quick', { timeout: TIMEOUT_MS }, async () => {
  let grownBytes = 0;
  const grow = async (): Promise<number> => (grownBytes = (await scene.heldBytes()) - heldBefore);
  await expect
    .poll(grow, { timeout: SETTLED_WITHIN_MS, interval: SAMPLE_MS })
    .toBeLessThan(ALLOWED_GROWTH_BYTES);
  const refusalP99Ms = Math.round(tally.refusalP99Ms());
  sayFigures('fuzz', {
    groups: tally.figures(),
    refusalP99Ms,
    triedAgain,
    heldBefore,
    grownBytes,
    residentMegabytes: { before: residentBefore, after: residentByService() },
  });
  expect(refusalP99Ms).toBeLessThan(REFUSED_WITHIN_MS);
  expect(triedAgain).toBeLessThan(MOST_TRIED_AGAIN * REQUESTS * GROUP_NAMES.length);
});

test('what is refused leaves no key in Redis and no file', { timeout: TIMEOUT_MS }, async () => {
  const samples = GROUP_NAMES.flatMap((name) =>
    (['good', 'none'] as const).flatMap((credential) =>
      fc.sample(requestsTo(name, credential), { numRuns: 150, seed: SEED + 1 }),
    ),
  );
  const refused: HostileRequest[] = [];
  for (const fuzzed of samples) {
    const request = scene.known.ids.current(fuzzed);
    const { status = 0, text } = await send(request);
    // A call that was accepted, and whose job then failed, tells of that job.
    const isRefusal = status >= 400 && status < 500 && !/\r\nunderstudy-job: /i.test(text);
    if (isRefusal) refused.push(request);
  }
  expect(refused.length).toBeGreaterThan(1000);
  const before = await keptNames(redis, scene.broker);
  for (const request of refused) expect((await send(request)).status).toBeLessThan(500);
  const after = await keptNames(redis, scene.broker);
  expect([...after].filter((name) => !before.has(name))).toEqual([]);
});

/** In MB. What V8 keeps for later is in it, so it is told and not judged. */
function residentByService(): Record<string, number> {
  const services = [...scene.broker.services.values()];
  return Object.fromEntries(services.map(({ name, pid }) => [name, residentMegabytes(pid)]));
}
