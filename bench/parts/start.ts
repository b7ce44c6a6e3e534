import { request } from 'undici';
import { prepareBroker, service } from '../broker-contender.ts';
import { eventually, freePort, startNode, type BenchProcess } from '../child-process.ts';
import { stopAll } from '../contender.ts';
import { residentMegabytes } from '../memory-peaks.ts';
import type { BenchOptions } from '../options.ts';
import type { PartResult } from '../part.ts';
import { untilQuiet } from '../process-cpu.ts';
import { startRedis } from '../redis-server.ts';
import { startUpstream } from '../upstream.ts';

const ROUNDS = { quick: 1, full: 5 };
const LONGEST_START_MS = 60_000;
const ASK_AGAIN_MS = 5;
/** The API comes last, as it waits for nobody and nobody for it. */
const SERVICES = [
  service('worker', 'worker-openai-compatible'),
  service('scheduler', 'scheduler'),
  service('batch-runner', 'batch-runner'),
  service('webhook-deliverer', 'webhook-deliverer'),
  service('api', 'api'),
];

interface Started {
  seconds: number;
  megabytes: number;
}

/** Each service's time from its start until it says that it is ready, and its memory at rest. */
export async function measureStart({ size }: BenchOptions): Promise<PartResult> {
  await using stack = new AsyncDisposableStack();
  const redis = await startRedis();
  stack.defer(() => redis.stop());
  const upstream = await startUpstream(0);
  stack.defer(() => upstream.stop());
  const { environment, remove } = await prepareBroker({ redisUrl: redis.url, upstream });
  stack.defer(remove);
  const rounds: Map<string, Started>[] = [];
  for (let round = 0; round < ROUNDS[size]; round += 1) rounds.push(await startAll(environment));
  const figure = (name: string, prefix: string, unit: string, member: keyof Started) => ({
    name: `${prefix}_${name.replaceAll('-', '_')}`,
    unit,
    broker: rounds.flatMap((started) => started.get(name)?.[member] ?? []),
  });
  return {
    figures: SERVICES.flatMap(({ name }) => [
      figure(name, 'start_seconds', 's', 'seconds'),
      figure(name, 'resident_megabytes', 'MB', 'megabytes'),
    ]),
  };
}

/** One after another, so that none shares the machine with another's start. */
async function startAll(environment: Record<string, string>): Promise<Map<string, Started>> {
  const processes: BenchProcess[] = [];
  const started = new Map<string, Started>();
  try {
    for (const { name, main } of SERVICES) {
      const port = String(await freePort());
      const door = name === 'api' ? { PORT: port } : { UNDERSTUDY_METRICS_PORT: port };
      const startedAt = performance.now();
      const process = startNode(name, main, { ...environment, ...door });
      processes.push(process);
      await untilReady(name, `http://127.0.0.1:${port}/readyz`);
      const seconds = (performance.now() - startedAt) / 1000;
      await untilQuiet([process]);
      started.set(name, { seconds, megabytes: residentMegabytes(process.pid) });
    }
  } finally {
    await stopAll(processes);
  }
  return started;
}

async function untilReady(name: string, url: string): Promise<void> {
  const ask = async () => {
    const { statusCode, body } = await request(url);
    await body.dump();
    return statusCode === 200 ? true : undefined;
  };
  await eventually(`a ready ${name}`, LONGEST_START_MS, ask, ASK_AGAIN_MS);
}
