import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseSettings } from '../../packages/configuration/src/index.ts';
import { closingLimitMs } from '../support/closing-limit.ts';
import { ROOT } from '../support/source-tree.ts';

interface ComposeService {
  image: string;
  command?: string;
  stop_grace_period?: string;
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string>;
  healthcheck?: { test: string[]; start_period?: string };
  logging?: { driver: string };
}

interface ScrapeJob {
  dns_sd_configs?: { names: string[]; type: string; port: number }[];
}

const { services } = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), {
  merge: true,
}) as { services: Record<string, ComposeService> };
const ours = Object.entries(services).filter(([, { image }]) => image === 'understudy');

test('every service has a block, but for those of a single machine', () => {
  const folders = globSync('services/*/package.json', { cwd: ROOT }).map(
    (file) => file.split('/')[1] ?? '',
  );
  const started = ours.map(([name]) => name);
  expect(folders.filter((name) => !started.includes(name)).toSorted()).toEqual([
    'sandbox',
    'standalone',
  ]);
  for (const [name, { command = '' }] of ours) {
    expect([name, command]).toEqual([name, `node services/${name}/src/main.ts`]);
    expect(existsSync(join(ROOT, `services/${name}/src/main.ts`))).toBe(true);
  }
});

test('Prometheus asks every container of every one of them for its metrics', () => {
  const { scrape_configs: jobs } = parse(
    readFileSync(join(ROOT, 'deploy/prometheus/prometheus.yml'), 'utf8'),
  ) as { scrape_configs: ScrapeJob[] };
  const asked = jobs
    .flatMap(({ dns_sd_configs: found = [] }) => found)
    .flatMap(({ names, type, port }) => names.map((name) => ({ name, type, port })));
  const served = ours.map(([name, { environment = {} }]) => ({
    name,
    type: 'A',
    port: Number(name === 'api' ? environment['PORT'] : environment['UNDERSTUDY_METRICS_PORT']),
  }));
  expect(asked).toHaveLength(served.length);
  expect(asked).toEqual(expect.arrayContaining(served));
  // A name that is asked as one target stands for another container each time.
  expect(jobs.filter((job) => 'static_configs' in job)).toEqual([]);
});

test('every service waits for Redis, and has a health check at a port of its own', () => {
  for (const [name, service] of ours) {
    expect([name, service.depends_on]).toEqual([name, { redis: { condition: 'service_healthy' } }]);
    const { PORT, UNDERSTUDY_METRICS_PORT } = service.environment ?? {};
    const port = name === 'api' ? PORT : UNDERSTUDY_METRICS_PORT;
    expect([name, service.healthcheck?.test.at(-1)]).toEqual([
      name,
      expect.stringContaining(`http://127.0.0.1:${port}/readyz`),
    ]);
  }
});

test('every service has time to end, which is raised together with what the settings ask for', () => {
  const options = { environment: {}, kinds: [], credentials: 'ignore' } as const;
  const settings = parseSettings('', options);
  const graced = parseSettings('defaults: { gracePeriod: 10m, drainDelay: 7m }', options);
  const page = readFileSync(join(ROOT, 'docs/deployment.md'), 'utf8');
  const [, afterGrace, afterDrain] =
    /(\d+) s more than the one, and\s+(\d+) s more than the other/.exec(page) ?? [];
  for (const [name, { stop_grace_period: given = '' }] of ours) {
    const [, seconds] = /^\$\{UNDERSTUDY_STOP_GRACE:-(\d+)s\}$/.exec(given) ?? [];
    expect(Number(seconds) * 1000, name).toBeGreaterThan(closingLimitMs(name, settings));
    const advised = name === 'api' ? 420 + Number(afterDrain) : 600 + Number(afterGrace);
    expect(advised * 1000, name).toBeGreaterThan(closingLimitMs(name, graced));
  }
});

test('no log grows without an end', () => {
  for (const [name, { logging }] of Object.entries(services)) {
    expect([name, logging?.driver]).toEqual([name, 'local']);
  }
});

test('Redis is waited for while it reads gigabytes', () => {
  const [, minutes] = /^(\d+)m$/.exec(services['redis']?.healthcheck?.start_period ?? '') ?? [];
  expect(Number(minutes)).toBeGreaterThanOrEqual(10);
});

test('the image has whatever its stages use of the repository', () => {
  const copied = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1));
  // The console is compiled by its own settings, which extend the repository's.
  const { extends: base } = parse(
    readFileSync(join(ROOT, 'packages/console/tsconfig.json'), 'utf8'),
  ) as { extends: string };
  expect(copied).toContain(base.replace('../../', ''));
  expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
