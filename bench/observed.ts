import { startBroker } from './broker-contender.ts';
import type { BrokerContender } from './broker-contender.ts';
import { freePort, startNode } from './child-process.ts';
import { API_KEY } from './contender.ts';
import type { Contender } from './contender.ts';
import { measureThroughput } from './measure-throughput.ts';
import { startRedis } from './redis-server.ts';
import { spread } from './statistics.ts';
import { startUpstream } from './upstream.ts';

/** An even number: each kind begins as often as the other. */
const ROUNDS = 6;
/**
 * Brokers of each kind. Two that are quite the same differ by up to 6 % for as long as they live: how
 * their code was compiled, and where their memory lies, is chance.
 */
const BROKERS = 3;
const CLIENTS = 50;
const LOAD = { jobs: 2000, requestBytes: 1000, clientConcurrency: CLIENTS };
/** Prometheus looks every 15 s unless told. */
const SCRAPE_INTERVAL_MS = 5000;

interface Figures {
  jobsPerSecond: number;
  /** Of all the broker's processes, without Redis. */
  cpuPerJob: number;
}

/**
 * What metrics and traces cost: brokers with both on and with neither, on one Redis and one
 * upstream, in alternating rounds.
 */
async function measureObserved(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const redis = await startRedis();
  stack.defer(() => redis.stop());
  const upstream = await startUpstream(50);
  stack.defer(() => upstream.stop());
  const port = await freePort();
  const sink = startNode('sink', new URL('./span-sink.ts', import.meta.url), { PORT: `${port}` });
  stack.defer(() => sink.stop());

  const start = async (name: string, environment: Record<string, string>) => {
    const setting = { redisUrl: redis.url, upstream, environment };
    const broker = await startBroker(
      { ...setting, environment: { ...environment, UNDERSTUDY_KEY_PREFIX: `bench-${name}` } },
      CLIENTS,
    );
    stack.defer(() => broker.stop());
    await measureThroughput(broker, { redis, upstream }, { ...LOAD, jobs: 300 });
    return broker;
  };
  const observed = {
    UNDERSTUDY_METRICS_ENABLED: 'true',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    ...(process.argv.includes('--every-trace') ? { OTEL_TRACES_SAMPLER: 'always_on' } : {}),
  };
  const off: BrokerContender[] = [];
  const on: BrokerContender[] = [];
  for (let number = 1; number <= BROKERS; number += 1) {
    off.push(await start(`off-${number}`, { UNDERSTUDY_METRICS_ENABLED: 'false' }));
    on.push(await start(`on-${number}`, observed));
  }
  const scraping = setInterval(() => {
    for (const origin of on.flatMap(({ metricsOrigins }) => metricsOrigins)) void scrape(origin);
  }, SCRAPE_INTERVAL_MS);
  stack.defer(() => clearInterval(scraping));

  const play = async (broker: Contender): Promise<Figures> => {
    const measured = await measureThroughput(broker, { redis, upstream }, LOAD);
    const own = Object.entries(measured.cpuMicrosecondsPerJob).filter(([name]) => name !== 'redis');
    return {
      jobsPerSecond: measured.jobsPerSecond,
      cpuPerJob: own.reduce((sum, [, used]) => sum + used, 0),
    };
  };
  const ratios: Figures[] = [];
  for (let number = 0; number < ROUNDS; number += 1) {
    const figures: { off: Figures[]; on: Figures[] } = { off: [], on: [] };
    for (let index = 0; index < BROKERS; index += 1) {
      const pair = [
        { kind: 'off', broker: off[index]! },
        { kind: 'on', broker: on[index]! },
      ] as const;
      for (const { kind, broker } of number % 2 === 0 ? pair : pair.toReversed()) {
        figures[kind].push(await play(broker));
      }
    }
    const [without, withBoth] = [total(figures.off), total(figures.on)];
    ratios.push({
      jobsPerSecond: withBoth.jobsPerSecond / without.jobsPerSecond,
      cpuPerJob: withBoth.cpuPerJob / without.cpuPerJob,
    });
    console.log(JSON.stringify({ off: without, on: withBoth }));
  }
  console.log(
    JSON.stringify({
      jobs_per_second: spread(ratios.map(({ jobsPerSecond }) => jobsPerSecond)),
      cpu_per_job: spread(ratios.map(({ cpuPerJob }) => cpuPerJob)),
    }),
  );
}

/** Of as many jobs at each: speeds add up as the times that they took. */
function total(figures: readonly Figures[]): Figures {
  const seconds = figures.reduce((sum, { jobsPerSecond }) => sum + 1 / jobsPerSecond, 0);
  const cpu = figures.reduce((sum, { cpuPerJob }) => sum + cpuPerJob, 0);
  return { jobsPerSecond: figures.length / seconds, cpuPerJob: cpu / figures.length };
}

/** @throws Error unless it is told something: what is not read costs nothing */
async function scrape(origin: string): Promise<void> {
  const headers = { authorization: `Bearer ${API_KEY}` };
  const answer = await fetch(`${origin}/metrics`, { headers });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${origin}/metrics answered ${answer.status}: ${text}`);
}

await measureObserved();
