import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { findFreePort } from '../support/free-port.ts';

const BOOTSTRAP = join(import.meta.dirname, '../../services/standalone/bootstrap.mjs');
const JOBS = 60;

const data = mkdtempSync(join(tmpdir(), 'understudy-start-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

interface Start {
  process: ChildProcess;
  output: string;
  url: string;
  key: string;
  readyMs: number;
}

/** `npm start` without keys, up to the line that says how to stop it. */
async function start(port: number): Promise<Start> {
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [BOOTSTRAP, 'start', '--port', String(port), '--data', data],
    {
      // A first start knows no keys, and no configuration.
      cwd: data,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  // Also where the test fails: what runs on would hold the test runner's output open.
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.startsWith('Ctrl-C')) break;
  }
  child.stdout.resume();
  const output = lines.join('\n');
  const url = /address\s+(http:\S+)/.exec(output)?.[1] ?? '';
  const key = /API key\s+(\S+)/.exec(output)?.[1] ?? '';
  return { process: child, output, url, key, readyMs: performance.now() - startedAt };
}

/** Processes that work on this data folder or were started by this broker. */
function processesLeft(pid: number | undefined): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid,ppid,args'], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line.includes(data) || line.trim().startsWith(`${pid} `));
}

test('npm start prints a curl that works, keeps jobs and key when it is killed, and leaves nothing when it is stopped', async () => {
  const port = await findFreePort();
  const first = await start(port);
  expect(first.output).toContain('SANDBOX');
  expect(first.output).toContain('sandbox-status-codes');

  const commands = first.output.slice(
    first.output.indexOf('  JOB='),
    first.output.indexOf('Ctrl-C'),
  );
  const pasted = spawnSync('bash', ['-c', commands], { encoding: 'utf8' });
  expect(pasted.stdout).toContain('"status":"completed"');
  expect(pasted.stdout).toContain('[sandbox]');

  const submitted = await Promise.all(
    Array.from({ length: JOBS }, async () => {
      const response = await fetch(`${first.url}/v1/jobs`, {
        method: 'POST',
        headers: { authorization: `Bearer ${first.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          endpoint: '/v1/chat/completions',
          body: { model: 'sandbox-chat', messages: [{ role: 'user', content: 'Hello' }] },
        }),
      });
      expect(response.status).toBe(202);
      return (await response.json()) as { id: string };
    }),
  );
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  await expect.poll(() => processesLeft(undefined), { timeout: 20_000 }).toEqual([]);

  const second = await start(port);
  // Ten seconds where the machine has them; nowhere longer than a start that finds nothing.
  expect(second.readyMs).toBeLessThan(Math.max(10_000, first.readyMs));
  expect(second.key).toBe(first.key);
  const statuses = await Promise.all(
    submitted.map(async ({ id }) => {
      const response = await fetch(`${second.url}/v1/jobs/${id}`, {
        headers: { authorization: `Bearer ${second.key}`, prefer: 'wait=40' },
      });
      return ((await response.json()) as { status: string }).status;
    }),
  );
  expect(statuses).toEqual(Array.from({ length: JOBS }, () => 'completed'));

  second.process.kill('SIGINT');
  const [code] = await once(second.process, 'exit');
  expect(code).toBe(0);
  expect(processesLeft(second.process.pid)).toEqual([]);
});
