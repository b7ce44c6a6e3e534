import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { listenForTest } from '../../../test/support/listen-for-test.ts';
import { startTraceCollector } from '../../../test/support/trace-collector.ts';
import { wantsTraces } from './open-tracing.ts';

/** Each starts a process, and some wait until it gives up. */
vi.setConfig({ testTimeout: 30_000 });

const PROGRAM = join(import.meta.dirname, 'testing/traced-process.ts');
const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

interface Outcome {
  loadedSdk: boolean;
  closingMs: number;
  logged: string[];
}

async function run(environment: Record<string, string>): Promise<Outcome> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM], {
    env: { PATH: process.env['PATH'], ...environment },
  });
  const lines = stdout.trim().split('\n');
  const outcome = JSON.parse(lines.at(-1) ?? '') as Omit<Outcome, 'logged'>;
  return { ...outcome, logged: lines.slice(0, -1) };
}

test.each([
  [{}, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, false],
  [ENDPOINT, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }, true],
  [{ ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }, false],
  [{ ...ENDPOINT, OTEL_SDK_DISABLED: 'false' }, true],
  [{ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, false],
])('the environment %j asks for traces: %s', (environment, expected) => {
  expect(wantsTraces(environment)).toBe(expected);
});

test('without an endpoint the SDK is not loaded', async () => {
  expect(await run({})).toMatchObject({ loadedSdk: false, logged: [] });
});

test('what is left at the end of a service is sent before it ends, under the name that is set', async () => {
  await using collector = await startTraceCollector();
  const outcome = await run({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_SERVICE_NAME: 'our-broker',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
    // Longer than the test: only the end can have sent it.
    OTEL_BSP_SCHEDULE_DELAY: '600000',
  });
  expect(outcome).toMatchObject({ loadedSdk: true, logged: [] });
  expect(collector.spans).toMatchObject([
    {
      name: 'create job',
      kind: 'producer',
      resource: {
        'service.name': 'our-broker',
        'service.namespace': 'understudy',
        'deployment.environment.name': 'staging',
      },
    },
  ]);
});

test('a collector that hangs keeps no service from ending', async () => {
  const server = createServer(() => undefined);
  const url = await listenForTest(server);
  const asked = once(server, 'request');
  const outcome = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
  await asked;
  expect(outcome.closingMs).toBeLessThan(6000);
});

test('a collector that is away is told of once, and costs nothing else', async () => {
  const collector = await startTraceCollector();
  onTestFinished(() => collector.close().catch(() => undefined));
  await collector.close();
  const outcome = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  expect(outcome.logged.length).toBeLessThanOrEqual(1);
  expect(outcome.closingMs).toBeLessThan(6000);
});
