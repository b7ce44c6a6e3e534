import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import type { Reply } from '../support/fake-vendor-reply.ts';
import { WORKER, openFaultScene } from './fault-scene.ts';
import { faultSize, sayFigures } from './fault-size.ts';
import { startKillableRedis } from './killable-redis.ts';
import { rageStorm } from './kill-storm.ts';
import type { VendorCall } from './ledger-vendor.ts';
import { sdkCallers } from './sdk-batches.ts';

const size = faultSize({
  full: {
    lines: 1500,
    background: 150,
    storm: {
      durationMs: 120_000,
      workerEveryMs: 3000,
      apiEveryMs: 6000,
      redisKills: 6,
      runnerEveryMs: 4000,
    },
  },
  short: {
    lines: 60,
    background: 10,
    storm: {
      durationMs: 12_000,
      workerEveryMs: 4000,
      apiEveryMs: 4000,
      redisKills: 1,
      runnerEveryMs: 3000,
    },
  },
});

/** The first provider answers every third call with 429. */
function limitedReply({ provider, number }: VendorCall): Reply {
  const delayMs = 40 + (number % 7) * 30;
  if (provider === 'first' && number % 3 === 0) {
    return { status: 429, headers: { 'retry-after-ms': '300' }, body: { error: {} } };
  }
  return { delayMs };
}

test(
  'the vendors’ SDKs get every line answered once while everything is killed in turn',
  async () => {
    await using redis = await startKillableRedis();
    await using scene = await openFaultScene({
      redisUrl: redis.url,
      services: ['batch-runner'],
      replyTo: limitedReply,
      providers: { first: 'concurrency: 16', second: 'concurrency: 16' },
      configuration: `
routes:
  chat: { targets: [ { provider: first, model: m }, { provider: second, model: m } ] }
`,
    });
    const { ledger, broker, replicas } = scene;
    const workers = [broker.services.get(WORKER)!, await replicas.start(WORKER)];
    const callers = sdkCallers(broker.url, broker.apiKey);
    const linesOf = (name: string) => (name === 'openai background' ? size.background : size.lines);
    const startedAt = performance.now();
    const [storm, ...answers] = await Promise.all([
      rageStorm(size.storm, broker, replicas, redis, workers),
      ...callers.map(({ name, run }, caller) => run(linesOf(name), tokenOf(caller))),
    ]);

    for (const [caller, { name }] of callers.entries()) {
      const tokens = Array.from({ length: linesOf(name) }, (_, line) => tokenOf(caller)(line));
      const { customIds, failed } = answers[caller]!;
      expect({ name, failed }).toEqual({ name, failed: [] });
      expect({ name, customIds: customIds.toSorted() }).toEqual({
        name,
        customIds: tokens.toSorted(),
      });
    }
    // No retry of a POST made a second batch or a second Response.
    const openai = new OpenAI({ baseURL: `${broker.url}/v1`, apiKey: broker.apiKey });
    const batches = [];
    for await (const batch of openai.batches.list()) batches.push(batch.id);
    const made = answers.flatMap(({ ids }) => ids);
    expect(batches.toSorted()).toEqual(made.filter((id) => id.startsWith('batch_')).toSorted());
    const jobs = callers.reduce((sum, { name }) => sum + linesOf(name), 0);
    expect(await countJobs(broker.request, jobs)).toBe(jobs);

    const answered = new Set(ledger.calls.map(({ token }) => token));
    const kills = storm.workerKills + storm.redisKills;
    sayFigures('SDK batches', {
      lines: jobs,
      calls: ledger.calls.length,
      ...storm,
      lastKillAt: undefined,
      seconds: Math.round((performance.now() - startedAt) / 1000),
    });
    expect(answered.size).toBe(jobs);
    expect(storm.runnerKills).toBeGreaterThan(1);
    expect(kills).toBeGreaterThan(1);
  },
  size.storm.durationMs + 600_000,
);

function tokenOf(caller: number): (line: number) => string {
  return (line) => `c${caller}-${line}`;
}

/** By the lists, which are at most a second behind. */
async function countJobs(
  request: (path: string) => Promise<Response>,
  expected: number,
): Promise<number> {
  for (let tries = 0; ; tries += 1) {
    const ids = new Set<string>();
    for (let after = ''; ;) {
      const answer = await request(`/v1/jobs?limit=100${after}`);
      const page = (await answer.json()) as { data: { id: string }[]; next_after?: string };
      for (const { id } of page.data) ids.add(id);
      if (page.next_after === undefined) break;
      after = `&after=${page.next_after}`;
    }
    if (ids.size >= expected || tries === 20) return ids.size;
    await sleep(500);
  }
}
