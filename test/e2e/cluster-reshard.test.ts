import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { faultSize } from '../faults/fault-size.ts';
import { inParallel } from '../../packages/runtime/src/index.ts';
import { startFakeVendor } from '../support/fake-vendor.ts';
import { startLocalCluster } from '../support/local-cluster.ts';
import { startBroker } from '../support/start-broker.ts';

const run = promisify(execFile);
const WAITERS = 16;
/** All that the first master has. */
const MOVED_SLOTS = 5461;

const job = {
  endpoint: '/v1/chat/completions',
  body: { model: 'chat', messages: [{ role: 'user', content: 'Hello' }] },
};

async function ask(port: number, question: 'MYID' | 'NODES'): Promise<string> {
  const redis = new Redis(port, '127.0.0.1');
  onTestFinished(() => redis.disconnect());
  return String(await redis.call('CLUSTER', question));
}

async function slotsOf(port: number): Promise<string | undefined> {
  const nodes = (await ask(port, 'NODES')).split('\n');
  return /connected (.*)$/.exec(nodes.find((line) => line.includes('myself')) ?? '')?.[1];
}

/** A minute, in which the failover of a master (cluster-failover.test.ts) shows most of it too. */
const isTried = faultSize({ full: true, short: false });

test.runIf(isTried)(
  'all slots of a master move to another while jobs run: none is lost, and none is called twice',
  async () => {
    const cluster = await startLocalCluster();
    onTestFinished(() => cluster.stop());
    const vendor = await startFakeVendor();
    onTestFinished(() => vendor.close());
    vendor.onCall(() => true, { delayMs: 50 });
    const broker = await startBroker({
      kinds: ['openai-compatible'],
      redisUrl: cluster.url,
      configuration: `
providers:
  first: { kind: openai-compatible, baseUrl: "${vendor.url}/v1", concurrency: 4 }
  second: { kind: openai-compatible, baseUrl: "${vendor.url}/v1", concurrency: 4 }
routes:
  chat: { targets: [ { split: [ { provider: first, model: m, weight: 1 }, { provider: second, model: m, weight: 1 } ] } ] }
`,
    });
    onTestFinished(() => broker.stop());
    const [from, to] = cluster.masters;
    if (from === undefined || to === undefined) throw new Error('the cluster is empty');
    const moving = run('redis-cli', [
      '--cluster',
      'reshard',
      `127.0.0.1:${from.port}`,
      '--cluster-from',
      await ask(from.port, 'MYID'),
      '--cluster-to',
      await ask(to.port, 'MYID'),
      '--cluster-slots',
      String(MOVED_SLOTS),
      '--cluster-yes',
    ]);
    const moved = new AbortController();
    void moving.finally(() => moved.abort());
    const ids: string[] = [];
    while (!moved.signal.aborted || ids.length < 50) ids.push((await broker.submit(job)).id);
    await moving;
    expect(await slotsOf(to.port)).toBe('0-10921');

    const ended = await inParallel(ids, WAITERS, async (id) => {
      // While the keys of a job are on their way a look at it may be refused, and is repeated.
      await expect
        .poll(async () => (await broker.request(`/v1/jobs/${id}`)).status, { timeout: 15_000 })
        .toBe(200);
      return broker.waitForJob(id);
    });
    expect(ended.map(({ status }) => status)).toEqual(ids.map(() => 'completed'));
    expect(vendor.calls).toHaveLength(ids.length);
  },
);
