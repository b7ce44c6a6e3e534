import { KEY_PREFIX, startBroker, type BrokerSetting } from './broker-contender.ts';
import { MODEL, type Contender, type ContenderName } from './contender.ts';
import { measureThroughput } from './measure-throughput.ts';
import { startRedis, type BenchRedis } from './redis-server.ts';
import { watchRedis, type RedisWatch } from './redis-watch.ts';
import { startUpstream, type Upstream } from './upstream.ts';
import { startYardstick } from './yardstick-contender.ts';

/** What is measured together: contenders that share one Redis and one upstream. */
export interface Stage {
  redis: BenchRedis;
  upstream: Upstream;
  contenders: readonly Contender[];
}

interface StageSetting {
  contenders: readonly ContenderName[];
  clientConcurrency: number;
  /** Its processes can be profiled. */
  profile: boolean;
}

export const UPSTREAM_LATENCY_MS = 50;
/** A process has compiled its hot code after about this many jobs. */
const WARM_UP_JOBS = 1000;
/** Leads over a provider that fails every call. */
export const FALLBACK_MODEL = 'bench-fallback';

/** Starts everything and warms it up; `stack` takes it down again. */
export async function startStage(
  stack: AsyncDisposableStack,
  { contenders: names, clientConcurrency, profile }: StageSetting,
): Promise<Stage> {
  const redis = await startRedis();
  stack.defer(() => redis.stop());
  const upstream = await startUpstream(UPSTREAM_LATENCY_MS);
  stack.defer(() => upstream.stop());
  const contenders: Contender[] = [];
  for (const name of names) {
    const setting = { redisUrl: redis.url, upstream, profile };
    const contender =
      name === 'yardstick'
        ? await startYardstick(setting, clientConcurrency)
        : await startBroker({ ...setting, ...withFallback(upstream) }, clientConcurrency);
    stack.defer(() => contender.stop());
    contenders.push(contender);
    const load = { jobs: WARM_UP_JOBS, requestBytes: 1000, clientConcurrency };
    await measureThroughput(contender, { redis, upstream }, load);
  }
  return { redis, upstream, contenders };
}

/** One broker alone, for a part that gives it another shape or fills its Redis. */
export interface BrokerStage {
  redis: BenchRedis;
  upstream: Upstream;
  broker: Contender;
  watch: RedisWatch;
}

export async function startBrokerStage(
  stack: AsyncDisposableStack,
  {
    latencyMs = UPSTREAM_LATENCY_MS,
    clientConcurrency,
    profile,
    shape = () => ({}),
  }: {
    latencyMs?: number;
    clientConcurrency: number;
    profile: boolean;
    shape?(upstream: Upstream): Pick<BrokerSetting, 'providers' | 'routes' | 'concurrency'>;
  },
): Promise<BrokerStage> {
  const redis = await startRedis();
  stack.defer(() => redis.stop());
  const upstream = await startUpstream(latencyMs);
  stack.defer(() => upstream.stop());
  const setting = { redisUrl: redis.url, upstream, profile, ...shape(upstream) };
  const broker = await startBroker(setting, clientConcurrency);
  stack.defer(() => broker.stop());
  const watch = stack.use(watchRedis(redis.url, KEY_PREFIX));
  return { redis, upstream, broker, watch };
}

function withFallback(upstream: Upstream): Pick<BrokerSetting, 'providers' | 'routes'> {
  return {
    providers: { 'bench-upstream': upstream.baseUrl, failing: `${upstream.origin}/failing/v1` },
    routes: { [MODEL]: ['bench-upstream'], [FALLBACK_MODEL]: ['failing', 'bench-upstream'] },
  };
}
