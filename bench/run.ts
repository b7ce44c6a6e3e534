import { mkdir, writeFile } from 'node:fs/promises';
import { missingServices, startBroker } from './broker-contender.ts';
import type { Contender } from './contender.ts';
import { inspectMachine } from './machine.ts';
import { readOptions, type BenchOptions } from './options.ts';
import { startRedis } from './redis-server.ts';
import { summary, table, type BenchRun } from './report.ts';
import { playRound, warmUp } from './round.ts';
import { startUpstream } from './upstream.ts';
import { startYardstick } from './yardstick-contender.ts';

const UPSTREAM_LATENCY_MS = 50;
const RESULTS = new URL('results/latest.json', import.meta.url);

const options = readOptions(process.argv.slice(2));
const starters = contenderStarters(options.only);
const machine = inspectMachine();
for (const warning of machine.warnings) console.warn(`WARNING: ${warning}`);

const run: BenchRun = {
  startedAt: new Date().toISOString(),
  options,
  machine,
  rounds: { yardstick: [], broker: [] },
};
const stops: (() => Promise<void>)[] = [];
const stopEverything = async () => {
  for (let stop = stops.pop(); stop; stop = stops.pop()) await stop();
};
let stopped: Promise<void> | undefined;
const stopOnce = () => (stopped ??= stopEverything());
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopOnce().finally(() => process.exit(130)));
}
try {
  await play(options);
} finally {
  await stopOnce();
}
for (const line of table(run)) console.log(line);
await mkdir(new URL('.', RESULTS), { recursive: true });
await writeFile(RESULTS, `${JSON.stringify(summary(run), null, 2)}\n`);
console.log(`\nwritten to ${RESULTS.pathname}`);

async function play({ rounds, clientConcurrency }: BenchOptions): Promise<void> {
  const redis = await startRedis();
  stops.push(() => redis.stop());
  const upstream = await startUpstream(UPSTREAM_LATENCY_MS);
  stops.push(() => upstream.stop());
  const shared = { redis, upstream };

  const contenders: Contender[] = [];
  for (const start of starters) {
    const contender = await start({ redisUrl: redis.url, upstream }, clientConcurrency);
    stops.push(() => contender.stop());
    contenders.push(contender);
    await warmUp(contender, shared, options);
  }
  for (let round = 1; round <= rounds; round += 1) {
    // Each round starts with the other one, so that a drift of the machine hits both alike.
    for (const contender of round % 2 === 1 ? contenders : contenders.toReversed()) {
      const result = await playRound(contender, shared, options);
      run.rounds[contender.name].push(result);
      console.log(
        `round ${round} ${contender.name}: ${result.small.jobsPerSecond.toFixed(0)} jobs/s, with 30 kB ${result.large.jobsPerSecond.toFixed(0)} jobs/s`,
      );
    }
  }
}

function contenderStarters(only: BenchOptions['only']): (typeof startYardstick)[] {
  const missing = missingServices();
  if (only === 'yardstick') return [startYardstick];
  if (missing.length > 0) {
    throw new Error(
      `the broker cannot be measured without ${missing.join(', ')}; run with --only yardstick`,
    );
  }
  return only === 'broker' ? [startBroker] : [startYardstick, startBroker];
}
