import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { placeMetrics } from './metrics-targets.ts';

const SERVICES = ['scheduler', 'worker-openai', 'batch-runner'];

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-metrics-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('every service has a port of its own that can be listened at, and Prometheus a list', async () => {
  const settings = { enabled: true, host: '127.0.0.1' };
  const placed = await placeMetrics(dataFolder(), SERVICES, '127.0.0.1:8080', settings);
  const ports = SERVICES.map((name) => placed.environmentOf(name)['UNDERSTUDY_METRICS_PORT']);
  expect(new Set(ports).size).toBe(3);
  expect(placed.environmentOf('api')).toEqual({});
  const written: unknown = JSON.parse(readFileSync(placed.path ?? '', 'utf8'));
  expect(written).toEqual([
    { targets: ['127.0.0.1:8080', ...ports.map((port) => `127.0.0.1:${port}`)] },
  ]);
  for (const port of ports) {
    const server = createServer().listen(Number(port), '127.0.0.1');
    await once(server, 'listening');
    server.close();
  }
});

test('with metrics off there is health at the ports, and no list', async () => {
  const settings = { enabled: false, host: '127.0.0.1' };
  const placed = await placeMetrics(dataFolder(), SERVICES, '127.0.0.1:8080', settings);
  expect(placed.path).toBeUndefined();
  expect(placed.environmentOf('scheduler')).toHaveProperty('UNDERSTUDY_METRICS_PORT');
});

test('an address that the machine does not have is named', async () => {
  const settings = { enabled: true, host: '203.0.113.1' };
  await expect(placeMetrics(dataFolder(), SERVICES, 'x:1', settings)).rejects.toThrow(
    /"203\.0\.113\.1" is no address of this machine/,
  );
});
