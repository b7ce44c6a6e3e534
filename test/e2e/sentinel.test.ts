import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { startFakeVendor } from '../support/fake-vendor.ts';
import { findFreePort } from '../support/free-port.ts';
import { REDIS_ARGUMENTS, serverProgram, waitForAnswer } from '../support/local-redis.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

const JOBS = 30;

interface Server {
  port: number;
  process: ChildProcess;
}

/** One master, one replica, and a sentinel that promotes the replica within about a second. */
async function startSentinelGroup(): Promise<{ url: string; master: Server; replica: Server }> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-sentinel-'));
  const servers: ChildProcess[] = [];
  onTestFinished(async () => {
    const alive = servers.filter(({ exitCode, signalCode }) => exitCode === null && !signalCode);
    const ended = alive.map((server) => once(server, 'close'));
    for (const server of alive) server.kill('SIGKILL');
    await Promise.all(ended);
    rmSync(folder, { recursive: true, force: true });
  });
  const start = async (name: string, args: readonly string[]): Promise<Server> => {
    const port = await findFreePort();
    const directory = join(folder, name);
    mkdirSync(directory);
    const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', directory];
    const server = spawn(serverProgram(), [...args, ...place], { stdio: 'ignore' });
    servers.push(server);
    await waitForAnswer(`redis://127.0.0.1:${port}`);
    return { port, process: server };
  };
  const eager = ['--repl-diskless-sync-delay', '0'];
  const master = await start('master', [...REDIS_ARGUMENTS, ...eager]);
  const replica = await start('replica', [
    ...REDIS_ARGUMENTS,
    '--replicaof',
    `127.0.0.1 ${master.port}`,
  ]);
  await untilSynchronised(replica.port);
  const sentinelFile = join(folder, 'sentinel.conf');
  writeFileSync(
    sentinelFile,
    [
      `sentinel monitor broker 127.0.0.1 ${master.port} 1`,
      'sentinel down-after-milliseconds broker 3000',
      'sentinel failover-timeout broker 5000',
      '',
    ].join('\n'),
  );
  const sentinel = await start('sentinel', [sentinelFile, '--sentinel']);
  return { url: `redis+sentinel://127.0.0.1:${sentinel.port}/broker`, master, replica };
}

async function untilSynchronised(port: number): Promise<void> {
  const redis = new Redis(port, '127.0.0.1');
  onTestFinished(() => redis.disconnect());
  await expect
    .poll(() => redis.info('replication'), { timeout: 20_000 })
    .toContain('master_link_status:up');
}

const job = {
  endpoint: '/v1/chat/completions',
  body: { model: 'chat', messages: [{ role: 'user', content: 'Hello' }] },
};

/** A broker on these sentinels with one provider. @param settings more of its configuration */
async function startBrokerOn(url: string, settings = ''): Promise<Broker> {
  const vendor = await startFakeVendor();
  onTestFinished(() => vendor.close());
  vendor.onCall(() => true, { delayMs: 500 });
  const broker = await startBroker({
    kinds: ['openai-compatible'],
    redisUrl: url,
    configuration: `
providers:
  only: { kind: openai-compatible, baseUrl: "${vendor.url}/v1", concurrency: 2 }
routes:
  chat: { targets: [ { provider: only, model: m } ] }
${settings}`,
  });
  onTestFinished(() => broker.stop());
  return broker;
}

async function untilPromoted(port: number): Promise<void> {
  const promoted = new Redis(port, '127.0.0.1');
  onTestFinished(() => promoted.disconnect());
  await expect.poll(async () => (await promoted.role())[0], { timeout: 20_000 }).toBe('master');
}

function submit(broker: Broker): Promise<Response> {
  return broker.request('/v1/jobs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(job),
  });
}

test('a failover by Sentinel loses no job that a replica has, and the broker goes on with the new master', async () => {
  const { url, master, replica } = await startSentinelGroup();
  const broker = await startBrokerOn(url, 'redis: { replicas: 1 }');
  const jobs = await Promise.all(Array.from({ length: JOBS }, () => broker.submit(job)));

  master.process.kill('SIGKILL');
  await untilPromoted(replica.port);

  const ended = await Promise.all(
    jobs.map(async ({ id }) => {
      // The API may still be on its way to the new master.
      await expect
        .poll(async () => (await broker.request(`/v1/jobs/${id}`)).status, { timeout: 20_000 })
        .toBe(200);
      return broker.waitForJob(id);
    }),
  );
  expect(ended.map(({ status }) => status)).toEqual(jobs.map(() => 'completed'));

  // No replica is left to confirm a new job: it is refused rather than promised.
  const refused = await submit(broker);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
});

test('a master that hangs and closes no connection is left for the one that is promoted', async () => {
  const { url, master, replica } = await startSentinelGroup();
  const broker = await startBrokerOn(url);
  const before = await broker.submit(job);
  await broker.waitForJob(before.id);

  master.process.kill('SIGSTOP');
  await untilPromoted(replica.port);

  await expect.poll(async () => (await submit(broker)).status, { timeout: 20_000 }).toBe(202);
  // The worker and the scheduler have left it too.
  const { id } = await broker.submit(job);
  expect(await broker.waitForJob(id)).toMatchObject({ status: 'completed' });
});
