import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { findFreePort } from './free-port.ts';

const answerSchema = z.object({
  data: z.object({ result: z.array(z.unknown()) }),
});
const READY_MS = 20_000;

/** A real Prometheus that reads the targets every second. */
export interface PrometheusServer extends AsyncDisposable {
  /** How many series a query gives now. @throws Error with Prometheus's own words */
  countOf(query: string): Promise<number>;
}

/** Needs `prometheus` on the PATH: `apt-get install prometheus` on Debian. */
export async function startPrometheus(
  targets: readonly string[],
  token: string,
): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-prometheus-'));
  const configuration = {
    global: { scrape_interval: '1s' },
    scrape_configs: [
      {
        job_name: 'understudy',
        authorization: { credentials: token },
        static_configs: [{ targets: targets.map((url) => new URL(url).host) }],
      },
    ],
  };
  // JSON is YAML.
  const path = join(folder, 'prometheus.yml');
  writeFileSync(path, JSON.stringify(configuration));
  const address = `127.0.0.1:${await findFreePort()}`;
  const server = spawn(
    'prometheus',
    [
      `--config.file=${path}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ],
    { stdio: 'ignore' },
  );
  await once(server, 'spawn');
  const ended = once(server, 'exit');
  const stop = async (): Promise<void> => {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://${address}`;
  try {
    await waitUntilReady(url);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    countOf: async (query) => {
      const body = new URLSearchParams({ query });
      const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body });
      const text = await response.text();
      if (!response.ok) throw new Error(`Prometheus answered ${response.status}: ${text}`);
      return answerSchema.parse(JSON.parse(text)).data.result.length;
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function waitUntilReady(url: string): Promise<void> {
  const deadline = performance.now() + READY_MS;
  for (;;) {
    const isReady = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (performance.now() > deadline) throw new Error(`Prometheus at ${url} did not become ready`);
    await sleep(100);
  }
}
