import { join, resolve } from 'node:path';
import { FILES_PATH_VARIABLE, loadSettings, readKindManifests } from '@understudy/configuration';
import type { Settings } from '@understudy/configuration';
import type { CommandLine } from '../command-line.mjs';
import { readOrCreateApiKey } from './api-key.ts';
import { waitForProviders, waitUntilReady } from './broker-status.ts';
import { takeDataFolder, type DataFolder } from './data-folder.ts';
import { prepareRedis, waitForRedis } from './embedded-redis.ts';
import { checkForeignRedis } from './check-foreign-redis.ts';
import { claimPort } from './free-port.ts';
import { ensureRedis } from './install-redis.ts';
import { createLogPrinter } from './log-printer.ts';
import { placeMetrics } from './metrics-targets.ts';
import type { MetricsTargets } from './metrics-targets.ts';
import { createProcessGroup, type ProcessGroup } from './process-group.ts';
import { withLocalOutbound } from './local-outbound.ts';
import { formatReadyReport } from './ready-report.ts';
import { readSandboxLine, writeSandboxConfiguration } from './sandbox-start.ts';
import { serviceProcess, SERVICES_FOLDER, workerProcesses } from './service-list.ts';
import type { ServiceProcess } from './service-list.ts';
import { stopLimitMs } from './stop-limit.ts';
import type { SupervisedProcess } from './supervised-process.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Enough for what runs before the settings are known: the sandbox, and Redis. */
const EARLY_STOP_MS = 10_000;
const PROVIDERS_TIMEOUT_MS = 20_000;
/** They work on what others have accepted, and stop with the workers. */
const OTHERS = ['webhook-deliverer', 'batch-runner'];

export interface Standalone {
  /** Starts everything and prints the report. Rejects when that cannot be. */
  start(): Promise<void>;
  /** Ends every process in order: API, workers, scheduler, sandbox, Redis. Safe to call twice. */
  stop(): Promise<void>;
  /** Ends every process at once. */
  kill(): void;
}

/** Everything of one machine under one command. */
export function createStandalone(
  options: CommandLine,
  givenEnvironment: Environment,
  write: (text: string) => void,
): Standalone {
  const environment = withLocalOutbound(givenEnvironment, options.host);
  const say = (line: string) => write(`${line}\n`);
  const printer = createLogPrinter(write, options.verbose);
  const group = createProcessGroup(printer, say);
  const stopping = new AbortController();
  const signal = AbortSignal.any([group.failure, stopping.signal]);
  const stages: Record<'api' | 'workers' | 'scheduler' | 'sandbox' | 'redis', SupervisedProcess[]> =
    { api: [], workers: [], scheduler: [], sandbox: [], redis: [] };
  let folder: DataFolder | undefined;
  let stopMs = EARLY_STOP_MS;
  let stopped: Promise<void> | undefined;

  const start = async () => {
    const startedAt = performance.now();
    const kinds = readKindManifests(SERVICES_FOLDER);
    const load = (path: string | undefined) =>
      loadSettings({ environment, kinds, credentials: 'resolve', ...(path && { path }) });
    const givenPath = options.configPath && resolve(options.configPath);
    const given = load(givenPath);
    const port = await claimPort(options.host, options.port);
    folder = takeDataFolder(resolve(options.dataPath));
    const apiKey = readOrCreateApiKey(folder.path, environment['UNDERSTUDY_API_KEY']);
    const redis = await provideRedis(folder.path, given);
    const isSandbox = givenPath === undefined && Object.keys(given.providers).length === 0;
    const configPath = isSandbox ? await startSandbox(folder.path) : givenPath;
    const settings = isSandbox ? load(configPath) : given;
    stopMs = stopLimitMs(settings);

    const address = `${reachableHost(options.host)}:${port}`;
    const workers = workerProcesses(settings, kinds);
    const names = ['scheduler', ...OTHERS, ...workers.map(({ name }) => name)];
    const metrics = await placeMetrics(folder.path, names, address, settings.metrics);
    startServices(workers, metrics, {
      REDIS_URL: redis.url,
      UNDERSTUDY_CONFIG: configPath,
      [FILES_PATH_VARIABLE]: environment[FILES_PATH_VARIABLE] || join(folder.path, 'files'),
      UNDERSTUDY_API_KEY: apiKey,
      HOST: options.host,
      PORT: String(port),
    });
    const url = `http://${address}`;
    await waitUntilReady(url, signal);
    const providers = Object.keys(settings.providers);
    const status = await waitForProviders(url, apiKey, providers, PROVIDERS_TIMEOUT_MS);
    signal.throwIfAborted();
    group.started();
    write(
      formatReadyReport({
        url,
        apiKey,
        status,
        isSandbox,
        configPath: givenPath,
        outbound: settings.outbound.allow,
        ...(metrics.path === undefined ? {} : { metricsPath: metrics.path }),
        keptIn: redis.keptIn,
        seconds: (performance.now() - startedAt) / 1000,
      }),
    );
  };

  /** Starts all that is neither Redis nor sandbox. */
  const startServices = (
    workers: readonly ServiceProcess[],
    metrics: MetricsTargets,
    variables: Environment,
  ): void => {
    const run = (process: ServiceProcess): SupervisedProcess =>
      group.start(process, {
        LOG_LEVEL: options.verbose ? 'info' : 'warn',
        ...environment,
        ...variables,
        ...metrics.environmentOf(process.name),
      });
    stages.scheduler.push(run(serviceProcess('scheduler')));
    stages.workers.push(...[...workers, ...OTHERS.map(serviceProcess)].map(run));
    stages.api.push(run(serviceProcess('api')));
  };

  /** The Redis that the environment names, or one of our own. */
  const provideRedis = async (
    dataPath: string,
    { redis }: Settings,
  ): Promise<{ url: string; keptIn: string }> => {
    const foreign = environment['REDIS_URL'];
    if (!foreign) return { url: await startRedis(dataPath), keptIn: dataPath };
    await checkForeignRedis(foreign, redis.durability, say);
    return { url: foreign, keptIn: 'in the Redis at REDIS_URL' };
  };

  const startRedis = async (dataPath: string) => {
    const program = ensureRedis({
      searchPath: environment['PATH'] ?? '',
      isRoot: process.getuid?.() === 0,
      install: options.install,
      say,
    });
    const redis = await prepareRedis(join(dataPath, 'redis'));
    const guard = join(import.meta.dirname, 'redis-guard.ts');
    const args = [guard, program, redis.configurationPath];
    const env = { PATH: environment['PATH'], GUARDED_REDIS_URL: redis.url };
    stages.redis.push(group.start({ name: 'redis', args, isQuiet: true }, env));
    await waitForRedis(redis.url, signal);
    return redis.url;
  };

  const startSandbox = async (dataPath: string) => {
    const path = join(dataPath, 'sandbox.yaml');
    const port = await claimPort('127.0.0.1', 0);
    const url = await sandboxUrl(
      group,
      stages.sandbox,
      { ...environment, SANDBOX_PORT: `${port}` },
      signal,
    );
    await writeSandboxConfiguration(url, path);
    return path;
  };

  const stop = async () => {
    stopping.abort(new Error('stopped'));
    const { api, workers, scheduler, sandbox, redis } = stages;
    await group.stop([api, workers, scheduler, sandbox, redis], stopMs);
    printer.flush();
    folder?.release();
  };

  return {
    start,
    stop: () => (stopped ??= stop()),
    kill: () => {
      group.killAll();
      printer.flush();
      folder?.release();
    },
  };
}

/** Starts the sandbox; it keeps its port when it is started again. */
function sandboxUrl(
  group: ProcessGroup,
  stage: SupervisedProcess[],
  env: Environment,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolveUrl, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    const onLine = (line: string) => {
      const url = readSandboxLine(line);
      if (url !== undefined) resolveUrl(url);
    };
    stage.push(group.start({ ...serviceProcess('sandbox'), isQuiet: true }, env, onLine));
  });
}

/** Where this machine reaches an API that listens on `host`. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
